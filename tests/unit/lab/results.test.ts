import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { publish } from '../../../lab/measured.ts';
import { runsOf } from '../../../lab/plan.ts';
import { commandFor, harvest, readAbout, recover } from '../../../lab/results.ts';
import { SCENARIOS } from '../../../lab/scenarios/index.ts';
import { loadRecording } from '../../../src/recording/load.ts';
import { parseRun } from '../../../src/recording/parse-run.ts';

const UNAME =
  'Linux (none) 6.12.117+deb13-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-12) x86_64 GNU/Linux\n';
const SAMPLES = `# op=umount t_start_mono=6.999000
@ t=0 state=. Dirty=65536 kB Writeback=0 kB
@ t=0.001700 state=done Dirty=0 kB Writeback=8 kB
`;
const CONDITIONS = { filesystem: 'ext4', dirtyMiB: 64, rate: 20 };
const ORIGIN = {
  kernel: {
    series: '6.12',
    suite: 'trixie',
    release: '6.12.117+deb13-cloud-amd64',
    version: '6.12.117-1',
    packages: [],
  },
  conditions: CONDITIONS,
  machine: 'an emulator',
};
const NAMES = ['umount-scale', 'reuse', 'power-cut-fsync'];
const RUNS = runsOf(
  SCENARIOS.filter(({ name }) => NAMES.includes(name)),
  CONDITIONS,
);
const SCALE = 'umount-scale-64';

let root: string;
let out: string;
let results: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'lab-'));
  out = path.join(root, 'out.img');
  results = path.join(root, 'results');
  await mkdir(results);
  await writeFile(out, '');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Delivers files as the guest does: an archive, filled up to whole blocks. */
async function deliver(name: string, files: Record<string, string>) {
  const folder = await mkdtemp(path.join(root, 'guest-'));
  const all = { ...files, done: '' };
  for (const [extension, text] of Object.entries(all)) {
    await writeFile(path.join(folder, `${name}.${extension}`), text);
  }
  const members = Object.keys(all).map((extension) => `${name}.${extension}`);
  const { stdout } = spawnSync('tar', ['cf', '-', '-C', folder, ...members], {
    maxBuffer: 1 << 26,
  });
  const before = await readFile(out);
  const whole = Math.ceil(stdout.length / 65536) * 65536;
  await writeFile(out, Buffer.concat([before, stdout, Buffer.alloc(whole - stdout.length)]));
}

const scaleRun = (variant: string, seconds = '0.000700') => ({
  json: `{"name":"${SCALE}-${variant}","op":"umount","t0_mono":7.000000,"seconds":${seconds},"rc":0,"errno":0,"errstr":"","dirty_kb":[65536,0],"writeback_kb":[0,8],"stack_samples":0}\n`,
  samples: SAMPLES,
  device: '{"flushes":2,"writes":53,"sectors":131072,"value":0}\n',
  dmesg: '',
});
const BOOT = { uname: UNAME, cmdline: 'console=ttyS0\n' };
const take = () => harvest(out, RUNS, ORIGIN, path.join(root, 'work'), results);

describe('the harvest of a boot', () => {
  test('keeps what is complete and names what failed', async () => {
    await deliver('boot', BOOT);
    await deliver(`${SCALE}-plain`, scaleRun('plain'));
    await deliver(`${SCALE}-volatile`, { failed: 'mount: Invalid argument\n' });
    await deliver('reuse', { probes: '## x\n$ true\nstatus 0\n' });
    await truncate(out, 1 << 20);
    expect(await take()).toEqual({
      kept: [`${SCALE}-plain`, 'reuse'],
      failed: [{ name: `${SCALE}-volatile`, reason: 'mount: Invalid argument' }],
    });
    const id = `6.12-ext4-${SCALE}-plain`;
    expect((await readdir(results)).sort()).toEqual(['6.12-ext4-reuse', id]);
    expect((await readdir(path.join(results, id))).sort()).toEqual(
      [
        'cmdline.txt',
        'uname.txt',
        ...['device', 'dmesg', 'json', 'run', 'samples'].map((end) => `${SCALE}-plain.${end}`),
      ].sort(),
    );
    expect(await readAbout(results, id)).toMatchObject({
      id,
      chosenBy: 'umount-scale',
      kernel: { series: '6.12', package: '6.12.117-1' },
      command: 'npm run lab -- --kernel 6.12 --scenario umount-scale',
    });
  });

  test('leaves a good run in place when the next one is cut off', async () => {
    await deliver('boot', BOOT);
    await deliver(`${SCALE}-plain`, scaleRun('plain'));
    await take();
    const file = path.join(results, `6.12-ext4-${SCALE}-plain`, `${SCALE}-plain.json`);
    const good = await readFile(file, 'utf8');

    await writeFile(out, '');
    await deliver('boot', BOOT);
    const { length } = await readFile(out);
    await deliver(`${SCALE}-plain`, scaleRun('plain', '9.000000'));
    await truncate(out, length + 2048);
    expect(await take()).toEqual({ kept: [], failed: [] });
    expect(await readFile(file, 'utf8')).toBe(good);
  });

  test('of a guest that never came up is empty', async () => {
    expect(await take()).toEqual({ kept: [], failed: [] });
  });

  test('puts back what was left aside', async () => {
    await mkdir(path.join(results, 'a.old'));
    await mkdir(path.join(results, 'b.old'));
    await mkdir(path.join(results, 'b'));
    await recover(results);
    expect((await readdir(results)).sort()).toEqual(['a', 'b']);
  });
});

describe('what was measured', () => {
  test('goes through the importer, with its origin, and into one table', async () => {
    await deliver('boot', BOOT);
    await deliver(`${SCALE}-plain`, scaleRun('plain'));
    await deliver('power-cut-fsync-volatile', {
      survivors: 'before 4 4 4\nwritten 16 none 0\n',
      probes: '## again\n$ mount x\nstatus 255\ndmesg overlayfs: no\n',
    });
    await deliver('reuse', { probes: '## again\n$ mount x\nstatus 255\ndmesg overlayfs: no\n' });
    await take();
    const id = `6.12-ext4-${SCALE}-plain`;
    const target = path.join(root, 'to');
    const said: string[] = [];
    const cut = '6.12-ext4-power-cut-fsync-volatile';
    const good = await publish(results, [id, cut, '6.12-ext4-reuse'], target, (line) =>
      said.push(line),
    );
    expect([good, said]).toEqual([true, []]);
    expect(await loadRecording(id, path.join(target, 'recordings'))).toMatchObject({
      parameters: { dirtyMiB: 64, diskMBs: 20, dirtyIn: 'overlay' },
      seconds: 0.0007,
      device: { flushes: 2, writes: 53, sectors: 131072 },
      provenance: {
        recordedBy: expect.stringMatching(
          /^npm run lab -- --kernel 6\.12 --scenario umount-scale; .*NOTRACE=1 recorder run/,
        ) as string,
        machine: 'an emulator',
        files: ['json', 'samples', 'device'].map((end) => `${id}/${SCALE}-plain.${end}`),
      },
    });
    const table = JSON.parse(
      await readFile(path.join(target, 'facts', 'measured.json'), 'utf8'),
    ) as unknown;
    expect(table).toMatchObject({
      schema: 1,
      runs: [
        {
          id: cut,
          kind: 'power-cut',
          volatile: true,
          survivors: [
            { file: 'before', intact: 4 },
            { file: 'written', length: null },
          ],
          remount: { status: 255 },
        },
        { id: '6.12-ext4-reuse', probes: [{ status: 255, dmesg: ['overlayfs: no'] }] },
        { id, seconds: 0.0007, flushes: 2, sectors: 131072, dirtyKiB: [65536, 0] },
      ],
    });

    await publish(results, [id], target, () => undefined);
    expect(JSON.parse(await readFile(path.join(target, 'facts', 'measured.json'), 'utf8'))).toEqual(
      table,
    );
  });

  test('names a command that makes a run again', () => {
    expect(commandFor('7.3', 'fsync', { filesystem: 'xfs', dirtyMiB: 8, rate: 4 })).toBe(
      'npm run lab -- --kernel 7.3 --scenario fsync --filesystem xfs --dirty 8 --rate 4',
    );
    expect(commandFor('6.1', 'sync', CONDITIONS)).toBe(
      'npm run lab -- --kernel 6.1 --scenario sync',
    );
  });

  test.each([
    ['{', 'x.run:1: not JSON'],
    ['{"schema":2}', 'x.run: schema: '],
  ])('%j is no description of a run', (text, message) => {
    expect(() => parseRun(text, 'x.run')).toThrow(message);
  });
});
