import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/recording/import.node.ts';
import { loadRecording } from '../../../src/recording/load.ts';
import { HEADER } from './forest.ts';

const UNAME =
  'Linux (none) 6.12.117+deb13-cloud-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-12) x86_64 GNU/Linux\n';

const TRACE = `${HEADER}    7.000010 |  + 20.000 us   |  __x64_sys_umount();
    7.000040 |                |  task_work_run() {
    7.000050 |                |    __cleanup_mnt() {
    7.000060 |                |      cleanup_mnt() {
    7.000070 |  ! 500.000 us  |        deactivate_super();
    7.000600 |  ! 540.000 us  |      } /* cleanup_mnt */
    7.000601 |  ! 551.000 us  |    } /* __cleanup_mnt */
    7.000602 |  ! 562.000 us  |  } /* task_work_run */
    7.000710 |  + 10.000 us   |  __x64_sys_write();
`;

let root: string;
let target: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'recordings-'));
  target = path.join(root, 'out');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Writes the files of a run, or of a boot; `undefined` leaves one out. */
async function write(boot: string, files: Record<string, string | undefined>) {
  const folder = path.join(root, 'raw', boot);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) await rm(path.join(folder, name), { force: true });
    else await writeFile(path.join(folder, name), text);
  }
}

const result = (name: string, op = 'umount') =>
  `{"name":"${name}","op":"${op}","t0_mono":7.000000,"seconds":0.000700,"rc":0,"errno":0,"errstr":"","dirty_kb":[65536,0],"writeback_kb":[0,8],"stack_samples":0}\n`;
const SAMPLES = `# op=umount t_start_mono=6.999000
@ t=0 state=. Dirty=65536 kB Writeback=0 kB
@ t=0.001700 state=done Dirty=0 kB Writeback=8 kB
`;

const run = (name: string) => ({
  [`${name}.json`]: result(name),
  [`${name}.samples`]: SAMPLES,
  [`${name}.trace`]: TRACE,
});
const BOOT = { 'uname.txt': UNAME, 'cmdline.txt': 'console=ttyS0 quiet\n' };

/** Runs the command on the raw folder; what it printed, and its exit status. */
async function importAll(...args: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const status = await main(
    [path.join(root, 'raw'), '--to', target, ...args],
    (line) => out.push(line),
    (line) => errors.push(line),
  );
  const written = await readdir(target).catch(() => []);
  return { status, out, errors, written: written.sort() };
}

const ID = '6.12-ext4-umount-64-plain';

describe('importing', () => {
  test('writes one file per run, the same one every time', async () => {
    await write('boot', { ...BOOT, ...run('umount-plain') });
    const first = await importAll();
    expect(first).toMatchObject({ status: 0, errors: [], written: [`${ID}.json`] });
    expect(first.out.at(-1)).toBe('1 recordings: 1 new, 0 changed, 0 unchanged');
    const text = await readFile(path.join(target, `${ID}.json`), 'utf8');

    const again = await importAll();
    expect(again.out.at(-1)).toBe('1 recordings: 0 new, 0 changed, 1 unchanged');
    expect(await readFile(path.join(target, `${ID}.json`), 'utf8')).toBe(text);

    expect(await loadRecording(ID, target)).toMatchObject({
      kernel: { series: '6.12', version: '6.12.117', package: '6.12.117-1' },
      parameters: { dirtyMiB: 64, diskMBs: 20, dirtyIn: 'overlay' },
      seconds: 0.0007,
      before: { dirtyKiB: 65536, writebackKiB: 0 },
      after: { dirtyKiB: 0, writebackKiB: 8 },
      provenance: {
        commandLine: 'console=ttyS0 quiet',
        files: ['boot/umount-plain.json', 'boot/umount-plain.samples', 'boot/umount-plain.trace'],
        notes: [],
      },
    });
  });

  test('one boot alone gives the same file as that boot among others', async () => {
    await write('boot', { ...BOOT, ...run('umount-plain') });
    await importAll();
    const text = await readFile(path.join(target, `${ID}.json`), 'utf8');
    const out: string[] = [];
    await main([path.join(root, 'raw', 'boot'), '--to', target], (line) => out.push(line));
    expect(out.at(-1)).toContain('1 unchanged');
    expect(await readFile(path.join(target, `${ID}.json`), 'utf8')).toBe(text);
  });

  test('takes size, rate, queue and neighbour from where they stand', async () => {
    await write('boot', {
      ...BOOT,
      'cmdline.txt': 'quiet lab.sz=32\n',
      'log.txt':
        'queue default nr_requests=256 max_sectors_kb=1280\nqueue now nr_requests=8 max_sectors_kb=256\n',
      ...run('ext4-umount_clean_overlay-volatile'),
      ...run('shallowq-umount256-plain'),
    });
    const { written } = await importAll('--rate', '4');
    const ids = written.map((name) => name.replace('.json', ''));
    expect(ids).toEqual([
      '6.12-ext4-umount-256-shallow-queue-plain',
      '6.12-ext4-umount-clean-32-volatile',
    ]);
    expect(await loadRecording(ids[0] ?? '', target)).toMatchObject({
      volatile: false,
      parameters: { dirtyMiB: 256, diskMBs: 4, queue: { requests: 8, maxSectorsKiB: 256 } },
    });
    const neighbour = await loadRecording(ids[1] ?? '', target);
    expect(neighbour.parameters).toMatchObject({ dirtyMiB: 32, dirtyIn: 'neighbour' });
    expect(neighbour.volatile).toBe(true);
    expect(neighbour.provenance.recordedBy).toContain('recorder fill /mnt/d/other/f 32');
    expect(neighbour.provenance.recordedBy).toContain(',volatile /mnt/m');
  });

  test('of two runs with one id keeps the first of the table and says so', async () => {
    await write('a', { ...BOOT, ...run('ext4-umount-plain') });
    await write('b', { ...BOOT, ...run('umount-plain') });
    const { out, status } = await importAll();
    expect(status).toBe(0);
    expect(out).toContain(`skipped   a/ext4-umount-plain: ${ID} is taken from b/umount-plain`);
    expect((await loadRecording(ID, target)).provenance.files[0]).toBe('b/umount-plain.json');
  });

  test('names what it leaves out', async () => {
    await write('boot', {
      ...BOOT,
      ...run('umount-plain'),
      ...run('mystery-plain'),
      ...run('osync-plain'),
    });
    const { out, status, written } = await importAll();
    expect(status).toBe(0);
    expect(written).toHaveLength(1);
    expect(out).toContain('left out  boot/mystery-plain: no row of scenarios.ts knows the name');
    expect(out).toContain('left out  boot/osync-plain: the same calls for every write');
  });

  test('--only takes the ids that match', async () => {
    await write('boot', { ...BOOT, ...run('umount-plain'), ...run('umount-volatile') });
    expect((await importAll('--only', '*-volatile')).written).toEqual([
      '6.12-ext4-umount-64-volatile.json',
    ]);
    const none = await importAll('--only', 'nothing*');
    expect(none).toMatchObject({
      status: 2,
      errors: ['recordings:import: nothing to import matches nothing*'],
    });
  });
});

describe('malformed input', () => {
  test.each<[string, Record<string, string | undefined>, string]>([
    [
      'a truncated trace',
      { 'umount-plain.trace': TRACE.split('\n').slice(0, 8).join('\n') },
      'boot/umount-plain.trace:8: the trace ends inside 3 calls',
    ],
    [
      'garbage in a trace',
      { 'umount-plain.trace': TRACE.replace('7.000600 |', '?') },
      'boot/umount-plain.trace:10: not a row',
    ],
    [
      'an empty trace',
      { 'umount-plain.trace': '' },
      'boot/umount-plain.trace: the trace has no rows',
    ],
    [
      'an unknown function',
      { 'umount-plain.trace': TRACE.replaceAll('cleanup_mnt', 'tidy_mnt') },
      'boot/umount-plain.trace:7: __tidy_mnt is unknown',
    ],
    [
      'another file system',
      { 'umount-plain.trace': TRACE.replace('deactivate_super', 'xfs_fs_sync_fs [xfs]') },
      'xfs_fs_sync_fs belongs to xfs',
    ],
    [
      'a missing trace',
      { 'umount-plain.trace': undefined },
      'boot/umount-plain.trace: the file is missing',
    ],
    [
      'missing samples',
      { 'umount-plain.samples': undefined },
      'boot/umount-plain.samples: the file is missing',
    ],
    [
      'half a series',
      { 'umount-plain.samples': SAMPLES.split('\n').slice(0, 2).join('\n') },
      'boot/umount-plain.samples:2: the series ends early',
    ],
    [
      'a series of another run',
      { 'umount-plain.samples': SAMPLES.replace('0.001700', '0.002000') },
      'the last sample is 0.001000 s after t0, expected 0.000700',
    ],
    [
      'memory that disagrees',
      { 'umount-plain.samples': SAMPLES.replace('Dirty=65536', 'Dirty=1') },
      'the files disagree: the first sample differs from before',
    ],
    [
      'another operation',
      { 'umount-plain.json': result('umount-plain', 'fsync') },
      'boot/umount-plain.json:1: the operation is fsync, expected umount',
    ],
    ['half a result', { 'umount-plain.json': '{"name":' }, 'boot/umount-plain.json:1: not JSON'],
    [
      'an unknown kernel',
      { 'uname.txt': 'Linux toaster 1.0\n' },
      'boot/uname.txt:1: not the uname of a Debian kernel',
    ],
  ])('%s is named, and the good file stays', async (_, damage, message) => {
    await write('boot', { ...BOOT, ...run('umount-plain') });
    await importAll();
    const good = await readFile(path.join(target, `${ID}.json`), 'utf8');

    await write('boot', damage);
    await write('other', { ...BOOT, ...run('umount-volatile') });
    const { status, errors, written } = await importAll();
    expect(status).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
    expect(await readFile(path.join(target, `${ID}.json`), 'utf8')).toBe(good);
    expect(written).toEqual([`${ID}.json`, '6.12-ext4-umount-64-volatile.json']);
  });

  test.each([
    [[], 'exactly one folder'],
    [['a', 'b'], 'exactly one folder'],
    [['/nowhere'], 'no boot below /nowhere'],
    [['.', '--rate', 'fast'], '--rate fast is not a number'],
    [['.', '--sideways'], "Unknown option '--sideways'"],
  ])('bad usage %j exits 2 with one line', async (args, message) => {
    const errors: string[] = [];
    expect(
      await main(
        args,
        () => undefined,
        (line) => errors.push(line),
      ),
    ).toBe(2);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
  });
});
