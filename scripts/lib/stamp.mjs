import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A hash over files, by name and content. Folders are read whole; what does not exist counts as
 * nothing, so that an optional file may come and go.
 *
 * @param {string} base the folder that the names are relative to
 * @param {string[]} names files and folders
 * @param {string[]} [also] further text that the result depends on
 */
export function hashOf(base, names, also = []) {
  const hash = createHash('sha256');
  for (const text of also) hash.update(`${text}\0`);
  for (const name of [...names].sort()) addTo(hash, base, name);
  return hash.digest('hex');
}

function addTo(hash, base, name) {
  const path = join(base, name);
  if (!existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const entry of readdirSync(path).sort()) addTo(hash, base, `${name}/${entry}`);
  } else {
    const content = readFileSync(path);
    // The length keeps the end of one file apart from the start of the next.
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
}

/** What a stamp file says, or undefined where there is none. */
export const readStamp = (file) =>
  existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;

export function writeStamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
}
