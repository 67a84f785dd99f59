import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Word } from '../../../lab/console.ts';
import { boot, needRoom } from '../../../lab/machine.ts';

let root: string;
const searched = process.env['PATH'];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'machine-'));
  await mkdir(path.join(root, 'bin'));
  await mkdir(path.join(root, 'work'));
  await program('mkfs.ext4', 'exit 0');
  process.env['PATH'] = `${path.join(root, 'bin')}:${searched ?? ''}`;
});
afterEach(async () => {
  process.env['PATH'] = searched;
  await rm(root, { recursive: true, force: true });
});

/** A program that stands in for a real one. */
async function program(name: string, script: string) {
  const file = path.join(root, 'bin', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** An emulator whose guest does what the shell text says; `say` writes to its console. */
const emulator = (guest: string) =>
  program(
    'qemu-system-x86_64',
    `console=
for word; do case $word in stdio,*) console=\${word#*logfile=}; console=\${console%%,*};; esac; done
say() { echo "$1" >> "$console"; }
${guest}`,
  );

async function start(options: { bound?: number; signal?: AbortSignal } = {}) {
  const words: Word[] = [];
  const booted = await boot({
    vmlinuz: '/vmlinuz',
    initramfs: Buffer.from('x'),
    commandLine: 'quiet',
    disk: { filesystem: 'ext4' },
    rate: 20,
    folder: path.join(root, 'work'),
    bound: options.bound ?? 20,
    signal: options.signal ?? new AbortController().signal,
    onWord: (word) => words.push(word),
  });
  return { ...booted, kinds: words.map(({ kind }) => kind) };
}

describe('a machine', () => {
  test('is followed to its end', async () => {
    await emulator(
      'say "LAB up 1.0 6.1"; sleep 0.3; say "LAB run 1 1 umount-64-plain"; say "LAB end"',
    );
    const { fault, kinds, out } = await start();
    expect(fault).toBeUndefined();
    expect(kinds).toEqual(['up', 'run', 'end']);
    expect((await readdir(path.join(root, 'work'))).sort()).toEqual([
      'console',
      'initramfs',
      path.basename(out),
    ]);
  });

  test('stands still while its disk is copied, and goes on when it is answered', async () => {
    await program('mkfs.ext4', 'for last; do :; done; printf disk > "$last"');
    await emulator(
      'say "LAB cut power-cut-fsync-plain"; read -r _ && say "LAB run 1 1 answered"; say "LAB end"',
    );
    const { fault, kinds, copies } = await start();
    expect([fault, kinds]).toEqual([undefined, ['cut', 'run', 'end']]);
    const [[name, file] = ['', '']] = [...copies];
    expect(name).toBe('power-cut-fsync-plain');
    expect(await readFile(file, 'utf8')).toBe('disk');
  });

  test('that hangs is ended after the bound, and its last words are shown', async () => {
    await emulator('say "LAB run 1 2 umount-64-plain"; say "a task is blocked"; exec sleep 60');
    const { fault, kinds } = await start({ bound: 1 });
    expect(kinds).toEqual(['run']);
    expect(fault).toContain('The guest said nothing for 1 s and was ended');
    expect(fault).toContain('\n    a task is blocked');
  });

  test('that gives up says why', async () => {
    await emulator('say "LAB broken the disk cannot be mounted as xfs"; say "XFS: bad magic"');
    const { fault } = await start();
    expect(fault).toMatch(/^The guest gave up: the disk cannot be mounted as xfs\n/);
    expect(fault).toContain('XFS: bad magic');
  });

  test('that stops early is not taken for one that ended', async () => {
    await emulator('say "LAB up 1.0 6.1"; echo "qemu: out of memory" >&2; exit 1');
    const { fault } = await start();
    expect(fault).toContain('The guest stopped before its end (QEMU ended with 1)');
    expect(fault).toContain('qemu: out of memory');
  });

  test('goes when it is told to', async () => {
    await emulator('say "LAB up 1.0 6.1"; exec sleep 60');
    const interruption = new AbortController();
    setTimeout(() => interruption.abort(), 300);
    expect((await start({ signal: interruption.signal })).fault).toBe('interrupted');
  });

  test('whose disk cannot be made is one clear refusal', async () => {
    await program('mkfs.ext4', 'echo "no space left" >&2; exit 1');
    await expect(start()).rejects.toThrow(
      /^No ext4 can be made: mkfs\.ext4 ended with 1\n.*no space/s,
    );
  });

  test('is not begun where its disk would fill up', () => {
    expect(() => needRoom(1024 ** 3, '/cache')).toThrow(
      'A machine may write 2.5 GiB below /cache, where 1.0 GiB are free. Make room',
    );
    expect(() => needRoom(3 * 1024 ** 3, '/cache')).not.toThrow();
  });
});
