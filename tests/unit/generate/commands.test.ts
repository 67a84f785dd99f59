/** The commands of an answer, run for real where this process is root and may mount. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './rules.ts';

const answer = ask({ kernel: '4.18.0-513.el8.x86_64' });
const command = (id: string): string => {
  const step = [answer.probe, ...Object.values(answer.steps).flat()].find((row) => row?.id === id);
  if (step === undefined) throw new Error(`no step ${id}`);
  return step.command.replace(/^sudo /, '');
};
const shell = (text: string): string => spawnSync('sh', ['-c', text], { encoding: 'utf8' }).stdout;

/** Why the commands cannot be run here, or nothing. */
function obstacle(): string | undefined {
  if (process.platform !== 'linux') return 'this is not Linux';
  if (process.getuid?.() !== 0) return 'mounting needs root';
  const probe = spawnSync('sh', ['-c', command('probe')], { encoding: 'utf8' });
  return probe.stdout === 'volatile: known\n'
    ? undefined
    : `this machine may not mount a volatile overlay: ${probe.stderr.trim()}`;
}
const why = obstacle();
if (why !== undefined) process.stderr.write(`skipped, commands on a real kernel: ${why}\n`);

describe('every command is one that a shell can read', () => {
  test.each(Object.values(answer.steps).flat())('$id: $command', (step) => {
    expect(spawnSync('sh', ['-n', '-c', step.command]).status).toBe(0);
    expect(step.command).not.toContain('\n');
  });
});

describe.skipIf(why !== undefined)('on a real kernel', () => {
  let root: string;
  const overlay = (id: string, options: string): void => {
    const at = (part: string): string => join(root, 'snapshots', id, part);
    for (const part of ['fs', 'work', 'lower', 'rootfs']) mkdirSync(at(part), { recursive: true });
    const dirs = `lowerdir=${at('lower')},upperdir=${at('fs')},workdir=${at('work')}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `${dirs}${options}`, at('rootfs')]);
  };
  const inRoot = (text: string): string =>
    text.replaceAll('/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs', root);
  const marker = (id: string): string => join(root, 'snapshots', id, 'work/work/incompat/volatile');

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'snapshotter-'));
    overlay('1', ',volatile');
    overlay('2', '');
    overlay('3', ',volatile');
    execFileSync('umount', [join(root, 'snapshots/3/rootfs')]);
  });
  afterAll(() => {
    for (const id of ['1', '2', '3'])
      spawnSync('umount', [join(root, 'snapshots', id, 'rootfs')], { stdio: 'ignore' });
    rmSync(root, { recursive: true });
  });

  test('the test mount leaves nothing behind', () => {
    const before = readdirSync('/var/lib');
    expect(shell(command('probe'))).toBe('volatile: known\n');
    expect(readdirSync('/var/lib')).toEqual(before);
  });

  test('the test mount tells an option the kernel does not know, and cleans up as well', () => {
    const before = readdirSync('/var/lib');
    expect(shell(command('probe').replace(',volatile', ',volatilx'))).toBe('volatile: not known\n');
    expect(readdirSync('/var/lib')).toEqual(before);
  });

  test('mounts are told apart, however the kernel spells the option', () => {
    const mine = (id: string): string[] =>
      shell(command(id))
        .split('\n')
        .filter((line) => line.includes(root))
        .map((line) => /snapshots\/(\d)\/rootfs/.exec(line)?.[1] ?? '');
    expect(mine('new-containers')).toEqual(['1']);
    expect(mine('old-containers')).toEqual(['2']);
  });

  test('older kernels spell it without fsync=', () => {
    const line = 'overlay /run/x/rootfs overlay rw,lowerdir=a,upperdir=b,workdir=c,volatile 0 0';
    const grep = command('new-containers').replace('/proc/mounts', '');
    const found = spawnSync('sh', ['-c', grep], { input: `${line}\n`, encoding: 'utf8' });
    expect(found.stdout).toBe(`${line}\n`);
  });

  test('the directories that volatile leaves are found, and removed where nothing is mounted', () => {
    expect(
      shell(inRoot(command('markers')))
        .trim()
        .split('\n')
        .sort(),
    ).toEqual([marker('1'), marker('3')]);
    expect(shell(inRoot(command('clean')))).toBe('snapshot 3 can be mounted again\n');
    expect([existsSync(marker('1')), existsSync(marker('3'))]).toEqual([true, false]);
    overlay('3', ',volatile');
  });
});
