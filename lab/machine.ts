import { spawn } from 'node:child_process';
import { open, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseWord, tail, type Word } from './console.ts';
import { ask, need, surroundings } from './programs.ts';
import { Refusal } from './refusal.ts';

const MEMORY_MIB = 2048;
/** The recorded disk and the one that results leave through; both take only what is written. */
const DISK_BYTES = 2 * 1024 ** 3;
const OUT_BYTES = 512 * 1024 ** 2;

/** Without lazy initialisation, which would go on writing while runs are recorded. */
const MKFS: Readonly<Record<string, readonly string[]>> = {
  ext4: ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0'],
  xfs: ['-q', '-f'],
  btrfs: ['-q', '-f'],
};

/** How the guest's machine is described beside its recordings. */
export async function describeMachine(rate: number): Promise<string> {
  const { out } = await ask('qemu-system-x86_64', ['--version']);
  const version = /version (\d+(?:\.\d+)*)/.exec(out)?.[1] ?? '';
  return (
    `QEMU ${version} emulating one x86-64 processor in software (TCG, no KVM), ` +
    `${MEMORY_MIB / 1024} GiB of memory; virtual disk limited to ${rate} MB/s of writes`
  );
}

/**
 * The kernel's command line. A guest that measures its time stamp counter against an emulated
 * timer can be wrong by a factor of two; it is told the frequency instead.
 */
export async function commandLine(recorder: string): Promise<string> {
  const khz = (await need('The clock cannot be measured', recorder, ['clock'])).trim();
  return `console=ttyS0 quiet panic=-1 tsc_early_khz=${khz}`;
}

export interface Boot {
  vmlinuz: string;
  initramfs: Uint8Array;
  commandLine: string;
  /** What the recorded disk is made as; or disks that are there already, to be read. */
  disk: { filesystem: string } | { copies: readonly string[] };
  rate: number;
  /** A folder of its own, for disks and console. */
  folder: string;
  /** How long the console may be silent, seconds, before the guest counts as hung. */
  bound: number;
  onWord: (word: Word) => void;
  /** Ends the machine early; what it has delivered stays. */
  signal: AbortSignal;
}

/** How a boot ended, and where its results are. */
export interface Booted {
  /** The disk that the results left through. */
  out: string;
  /** Copies of the recorded disk as it was when the guest asked for one, by the name it gave. */
  copies: Map<string, string>;
  /** Why it ended before its end, with the tail of the console; undefined when it did not. */
  fault?: string;
}

/** What a boot may write: the recorded disk, its copies, and what leaves it. */
const ROOM_BYTES = 2.5 * 1024 ** 3;

/**
 * A disk that fills up under the machine shows as errors of the guest: it is refused before.
 *
 * @param free bytes that are left where the machine's files lie
 */
export function needRoom(free: number, folder: string): void {
  if (free >= ROOM_BYTES) return;
  const gib = (bytes: number) => (bytes / 1024 ** 3).toFixed(1);
  throw new Refusal(
    `A machine may write ${gib(ROOM_BYTES)} GiB below ${folder}, where ${gib(free)} GiB are free. ` +
      'Make room there and call the same command with --missing.',
  );
}

/** Boots the guest and waits until it has switched itself off. */
export async function boot(machine: Boot): Promise<Booted> {
  const { bavail, bsize } = await statfs(machine.folder);
  needRoom(bavail * bsize, machine.folder);
  const file = (name: string) => path.join(machine.folder, name);
  const out = file('out.img');
  const serial = file('console');
  const initramfs = file('initramfs');
  await writeFile(initramfs, machine.initramfs);
  await writeFile(serial, '');
  await sparse(out, OUT_BYTES);
  const disks: string[] = [];
  if ('copies' in machine.disk) disks.push(...machine.disk.copies);
  else {
    const { filesystem } = machine.disk;
    const disk = file('disk.img');
    await sparse(disk, DISK_BYTES);
    const mkfs = [...(MKFS[filesystem] ?? []), disk];
    await need(`No ${filesystem} can be made`, `mkfs.${filesystem}`, mkfs);
    disks.push(disk);
  }
  const [first = '', ...others] = disks;

  const child = spawn(
    // A lab that is killed outright takes its machine along: the next one must be alone.
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'qemu-system-x86_64'],
      ...['-accel', 'tcg', '-cpu', 'max', '-smp', '1', '-m', String(MEMORY_MIB)],
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-kernel', machine.vmlinuz, '-initrd', initramfs, '-append', machine.commandLine],
      // The guest is answered on the same line that it speaks on.
      ...['-chardev', `stdio,id=line,signal=off,logfile=${escape(serial)},logappend=off`],
      ...['-serial', 'chardev:line'],
      '-drive',
      `file=${escape(first)},format=raw,if=none,id=recorded,cache=none,aio=threads,throttling.bps-write=${Math.round(machine.rate * 1e6)}`,
      ...['-device', 'virtio-blk-pci,drive=recorded'],
      ...['-drive', `file=${escape(out)},format=raw,if=none,id=out,cache=writeback`],
      ...['-device', 'virtio-blk-pci,drive=out'],
      ...others.flatMap((disk, index) => [
        ...['-drive', `file=${escape(disk)},format=raw,if=none,id=copy${index}`],
        ...['-device', `virtio-blk-pci,drive=copy${index}`],
      ]),
    ],
    { env: surroundings(), stdio: ['pipe', 'ignore', 'pipe'] },
  );
  // A guest that is gone does not listen.
  child.stdin.on('error', () => undefined);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const stop = () => child.kill('SIGKILL');
  machine.signal.addEventListener('abort', stop, { once: true });
  if (machine.signal.aborted) stop();
  const copies = new Map<string, string>();
  const copy = async (name: string) => {
    const target = file(`${name}.img`);
    child.kill('SIGSTOP');
    try {
      await need('The disk cannot be copied', 'cp', ['--sparse=always', first, target]);
    } finally {
      child.kill('SIGCONT');
    }
    copies.set(name, target);
    child.stdin.write('\n');
  };
  try {
    const fault = await watch(machine, serial, ended, stop, copy, () => said);
    return { out, copies, ...(fault === undefined ? {} : { fault }) };
  } finally {
    machine.signal.removeEventListener('abort', stop);
    stop();
    await ended.catch(() => undefined);
    for (const disk of disks) await rm(disk, { force: true });
  }
}

/**
 * Follows the console until the machine is gone, or has been silent for too long.
 *
 * @returns why it ended before its end
 */
async function watch(
  machine: Boot,
  serial: string,
  ended: Promise<number | null>,
  stop: () => void,
  copy: (name: string) => Promise<void>,
  complaint: () => string,
): Promise<string | undefined> {
  const state = { gone: false };
  let seen = 0;
  let heard = Date.now();
  let isOver = false;
  let fault: string | undefined;
  const end = ended.finally(() => (state.gone = true));
  end.catch(() => undefined);
  for (;;) {
    // Asked before the console is read, so that the last lines are not missed.
    const last = state.gone;
    const text = await readFile(serial, 'utf8');
    const complete = text.lastIndexOf('\n') + 1;
    for (const line of text.slice(seen, complete).split('\n')) {
      const word = parseWord(line);
      if (word === undefined) continue;
      heard = Date.now();
      if (word.kind === 'end') isOver = true;
      if (word.kind === 'broken') fault = `The guest gave up: ${word.reason}`;
      machine.onWord(word);
      if (word.kind === 'cut') await copy(word.name);
    }
    seen = complete;
    if (last) break;
    if (Date.now() - heard > machine.bound * 1000) {
      fault = `The guest said nothing for ${Math.round(machine.bound)} s and was ended`;
      stop();
      await end.catch(() => undefined);
      break;
    }
    await Promise.race([sleep(200), end.catch(() => undefined)]);
  }
  const code = await end;
  if (machine.signal.aborted) return 'interrupted';
  if (fault === undefined && !isOver) {
    fault = `The guest stopped before its end (QEMU ended with ${code ?? 'a signal'})`;
  }
  if (fault === undefined) return undefined;
  const console = tail(await readFile(serial, 'utf8'));
  const about = complaint().trim();
  return [fault, console, about === '' ? '' : tail(about, 3)].filter(Boolean).join('\n');
}

async function sparse(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.truncate(bytes);
  } catch (error) {
    throw new Refusal(`${file} cannot be made: ${error instanceof Error ? error.message : ''}`);
  } finally {
    await handle.close();
  }
}

/** QEMU separates options by commas; doubled, one stands for itself. */
const escape = (file: string): string => file.replaceAll(',', ',,');
