/** Reads claims and what they are held against. For the build, commands and tests. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRows } from '../facts/load.ts';
import type { Recording } from '../recording/types.ts';
import { validateRecording } from '../recording/validate.ts';
import { claimsSchema, type Claim } from './claims.ts';
import { loadMeasured, loadRuntimeBehaviour } from './load.ts';
import type { Measured } from './measured.ts';
import type { Evidence } from './observe.ts';
import type { RuntimeBehaviour } from './runtime-behaviour.ts';

/** Every claim, in the order of the file. */
export const loadClaims = (folder?: string): Claim[] =>
  loadRows('claims.yaml', claimsSchema, folder);

/** Where evidence lies: a folder of facts, and one of recordings. */
export interface EvidenceFolders {
  facts: string;
  recordings: string;
}

const OURS: EvidenceFolders = { facts: 'content/facts', recordings: 'content/recordings' };

/**
 * Everything that claims are held against. Recordings are read when they are asked for.
 *
 * @param partial takes a missing file for one without rows
 */
export async function loadEvidence(
  { facts, recordings }: EvidenceFolders = OURS,
  partial = false,
): Promise<Evidence> {
  const absent = (file: string): boolean => partial && !existsSync(path.join(facts, file));
  const measured: Measured = absent('measured.json')
    ? { schema: 1, runs: [] }
    : await loadMeasured(facts);
  const runtimes: RuntimeBehaviour = absent('runtime-behaviour.json')
    ? { schema: 1, results: [] }
    : await loadRuntimeBehaviour(facts);
  const read = new Map<string, Recording | undefined>();
  const recording = (id: string): Recording | undefined => {
    if (!read.has(id)) read.set(id, readRecording(path.join(recordings, `${id}.json`)));
    return read.get(id);
  };
  return { measured, runtimes, recording };
}

function readRecording(file: string): Recording | undefined {
  if (!existsSync(file)) return undefined;
  return validateRecording(JSON.parse(readFileSync(file, 'utf8')), file);
}
