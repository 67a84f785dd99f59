/** Results on disk: one file per runtime and experiment, and all of them as one file of facts. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  runtimeBehaviourSchema,
  runtimeResultSchema,
  type RuntimeBehaviour,
  type RuntimeResult,
} from '../../src/evidence/runtime-behaviour.ts';
import { experimentNames } from './experiments/index.ts';

/** Writes a file whole or not at all. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const half = `${file}.half`;
  try {
    writeFileSync(half, text);
    renameSync(half, file);
  } finally {
    rmSync(half, { force: true });
  }
}

export function writeResult(folder: string, result: RuntimeResult): void {
  const { runtime, version, experiment } = result;
  const file = join(folder, `${runtime}-${version}`, `${experiment}.json`);
  writeWhole(file, `${JSON.stringify(result, null, 2)}\n`);
}

/** Writes results as `src/evidence/load.ts` reads them. */
export function writeBehaviour(file: string, behaviour: RuntimeBehaviour): void {
  writeWhole(file, print(runtimeBehaviourSchema.parse(behaviour)));
}

/**
 * All results of a folder.
 *
 * @param tell is told of files that an earlier lab wrote in another form; they are left out
 */
export function collect(folder: string, tell: (line: string) => void): RuntimeBehaviour {
  const results: RuntimeResult[] = [];
  const folders = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const { name } of folders.filter((entry) => entry.isDirectory())) {
    for (const experiment of experimentNames) {
      const file = join(folder, name, `${experiment}.json`);
      if (!existsSync(file)) continue;
      const result = runtimeResultSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      if (result.success) results.push(result.data);
      else tell(`${name}: ${experiment} is of an earlier lab and left out.`);
    }
  }
  return { schema: 1, results: results.sort(inOrder) };
}

/** By runtime, by version, and by the order of the experiments. */
export function inOrder(one: RuntimeResult, other: RuntimeResult): number {
  const name = ({ runtime, version }: RuntimeResult): string => `${runtime} ${version}`;
  return (
    name(one).localeCompare(name(other), 'en', { numeric: true }) ||
    experimentNames.indexOf(one.experiment) - experimentNames.indexOf(other.experiment)
  );
}

/** One finding a line, so that a change of the file shows which of them changed. */
export function print({ schema, results }: RuntimeBehaviour): string {
  const printed = results.map(({ findings, ...about }) => {
    const list = Array.isArray(findings)
      ? `[\n${findings.map((row) => JSON.stringify(row)).join(',\n')}\n]`
      : JSON.stringify(findings);
    return `${JSON.stringify(about).slice(0, -1)},"findings":${list}}`;
  });
  return `{"schema":${schema},"results":[\n${printed.join(',\n')}\n]}\n`;
}
