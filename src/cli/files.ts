/** Files that a command is given: read whole, as the text they are. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from './arguments.ts';

/** npm starts a script in the project's folder; paths are meant from where its user stands. */
function startFolder(): string {
  const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env;
  return script === 'cli' && folder !== undefined ? folder : process.cwd();
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
};

/**
 * The text of a file, its byte order mark and line ends included, so that it can be written back
 * byte for byte.
 *
 * @param path `-` for standard input
 * @throws UsageError when it cannot be read or is not UTF-8
 */
export async function readText(path: string): Promise<string> {
  const shown = path === '-' ? 'standard input' : path;
  let bytes: Uint8Array;
  try {
    bytes = path === '-' ? await standardInput() : await readFile(resolve(startFolder(), path));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new UsageError(`cannot read ${shown}: ${reasons[code] ?? message}`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`cannot read ${shown}: it is not UTF-8 text`);
  }
}

async function standardInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}
