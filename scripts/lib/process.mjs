import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program to its end and answers its exit code.
 *
 * Ctrl-C reaches the whole process group by itself, so this process only has to outlive the
 * program it waits for; a `kill` reaches this process alone and is handed on.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { timeout?: number }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const wait = () => {};
    const pass = () => child.kill('SIGTERM');
    process.on('SIGINT', wait).on('SIGTERM', pass).on('SIGHUP', pass);
    const settle = () => {
      process.off('SIGINT', wait).off('SIGTERM', pass).off('SIGHUP', pass);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code, signal) => {
      settle();
      // A shell's convention for a program that a signal ended.
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/** Runs a program of this project's packages under the Node that runs this. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Progress goes to stderr: stdout belongs to the output of the command that was asked for. */
export const tell = (text) => process.stderr.write(`${text}\n`);

/** Both output streams of a child on our stderr. */
export const toStderr = ['ignore', 2, 2];

/** An error whose message is all that the reader needs; no stack is printed. */
export class Refusal extends Error {}
