import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Recording } from './types.ts';
import { validateRecording } from './validate.ts';

/** Where the imported recordings lie: builds, tests and commands run at the project's root. */
export const RECORDINGS = path.resolve('content/recordings');

/**
 * Reads every recording, in order of id.
 *
 * @throws Error naming the file that is not a valid recording or not named after its id
 */
export async function loadRecordings(directory: string = RECORDINGS): Promise<Recording[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => loadRecording(name.slice(0, -'.json'.length), directory)));
}

/** Reads one recording by id. */
export async function loadRecording(
  id: string,
  directory: string = RECORDINGS,
): Promise<Recording> {
  const file = path.join(directory, `${id}.json`);
  const recording = validateRecording(JSON.parse(await readFile(file, 'utf8')), file);
  if (recording.id !== id) throw new Error(`${file}: holds the recording ${recording.id}`);
  return recording;
}
