import { spawn } from 'node:child_process';
import { Refusal } from './refusal.ts';

/** Where Debian keeps programs that are not for everybody's PATH. */
const ADMIN = '/usr/local/sbin:/usr/sbin:/sbin';

/** The surroundings of every program the lab starts: all of the PATH, and messages in English. */
export const surroundings = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env['PATH'] ?? '/usr/bin:/bin'}:${ADMIN}`,
  LC_ALL: 'C.UTF-8',
});

export interface Answer {
  code: number;
  out: string;
  err: string;
}

export interface ProgramOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end with its output collected. */
export function ask(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...surroundings(), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: 127, out, err: `${program}: not found` });
      else reject(error);
    });
    child.on('close', (code) => {
      resolve({ code: code ?? 1, out, err });
    });
  });
}

/**
 * As `ask`, for programs that have to succeed.
 *
 * @param purpose what could not be done without it, `the kernel's package cannot be unpacked`
 * @throws Refusal with the purpose and the last lines of what the program said
 */
export async function need(
  purpose: string,
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const { code, out, err } = await ask(program, args, options);
  if (code === 0) return out;
  const said = `${err}\n${out}`.trim().split('\n').slice(-4).join('\n    ');
  const full = said.includes('No space left on device')
    ? '\nThe disk is full: make room there.'
    : '';
  throw new Refusal(`${purpose}: ${program} ended with ${code}\n    ${said}${full}`);
}
