/** Watches which mounts and syncs a program and its children ask the kernel for. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface Call {
  /** Seconds since 1970. */
  at: number;
  name: string;
  /** As strace prints them: strings in quotation marks, descriptors with their path. */
  args: string[];
  result: string;
}

const WATCHED = [
  'mount',
  'umount2',
  'fsopen',
  'fsconfig',
  'fsmount',
  'move_mount',
  'sync',
  'syncfs',
  'fsync',
  'fdatasync',
];

/**
 * Calls of a program, its threads and its children while `work` runs. Attached rather than started
 * under strace, so that what the program does when it starts is not in the list.
 */
export async function watch(pid: number, folder: string, work: () => Promise<void>) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const strace = spawn(
    'strace',
    // A file per thread: in a common one, calls of two threads cut each other in half.
    ['-ff', '-ttt', '-y', '-s', '4096', '-e', `trace=${WATCHED.join(',')}`]
      .concat(['-o', join(folder, 'thread')])
      .concat(['-p', String(pid)]),
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = new Promise<void>((resolve) => strace.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let said = '';
    strace.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes(' attached')) resolve();
    });
    strace.once('error', reject);
    strace.once('close', () => {
      reject(new Error(`strace did not attach: ${said.trim()}`));
    });
  });
  try {
    await work();
  } finally {
    strace.kill('SIGTERM');
    await ended;
  }
  return readdirSync(folder)
    .flatMap((file) => parseStrace(readFileSync(join(folder, file), 'utf8')))
    .sort((one, other) => one.at - other.at);
}

/** The calls in the output of `strace -ttt` of one thread. */
export function parseStrace(text: string): Call[] {
  const calls: Call[] = [];
  for (const line of text.split('\n')) {
    const match = /^(\d+\.\d+) (\w+)\((.*)\)\s+= (.*)$/.exec(line);
    if (match === null) continue;
    const [, at, name = '', args = '', result = ''] = match;
    calls.push({ at: Number(at), name, args: splitArguments(args), result });
  }
  return calls;
}

/** At the commas outside of quotation marks and of brackets. */
function splitArguments(text: string): string[] {
  const parts = text.match(/(?:"(?:[^"\\]|\\.)*"(?:\.\.\.)?|<[^>]*>|\{[^}]*\}|[^,])+/g) ?? [];
  return parts.map((part) => part.trim());
}

/** Calls that mount something and succeeded: `mount`, and since newer kernels `fsconfig`. */
export function mountsOf(calls: readonly Call[], type: 'overlay' | 'bind'): Call[] {
  return calls.filter((call) => {
    if (!call.result.startsWith('0')) return false;
    if (call.name === 'fsconfig')
      return type === 'overlay' && call.args.some((arg) => arg.includes('FSCONFIG_CMD_CREATE'));
    if (call.name !== 'mount') return false;
    return type === 'overlay'
      ? call.args[2] === '"overlay"'
      : /\bMS_BIND\b/.test(call.args[3] ?? '') && !/\bMS_REMOUNT\b/.test(call.args[3] ?? '');
  });
}
