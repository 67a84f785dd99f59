/** Results on disk: one file per runtime and experiment, and all of them as one table of facts. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DebianPackage } from '../debian.ts';
import { experimentNames, type ExperimentName, type Findings } from './experiments/index.ts';

/** What has to be known to judge a result, and to get it again. */
export interface Provenance {
  /** YYYY-MM-DD, in UTC. */
  date: string;
  /** What was typed. */
  command: string;
  /** The kernel that the runtime ran on: that of the machine. */
  kernel: string;
  system: string;
  packages: Pick<DebianPackage, 'suite' | 'name' | 'version'>[];
  /** The digest of the image that the lab made. */
  image: string;
}

export interface Result<Name extends ExperimentName = ExperimentName> {
  runtime: string;
  version: string;
  experiment: Name;
  provenance: Provenance;
  findings: Findings[Name];
}

/** One runtime in the table of facts; an experiment that was not run is absent. */
export type RuntimeBehaviour = { runtime: string; version: string } & {
  [Name in ExperimentName]?: Pick<Result<Name>, 'provenance' | 'findings'>;
};

/** Writes a file whole or not at all. */
export function writeWhole(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.half`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.half`, file);
}

export function writeResult(folder: string, result: Result): void {
  const { runtime, version, experiment } = result;
  writeWhole(join(folder, `${runtime}-${version}`, `${experiment}.json`), result);
}

/** All results of a folder, as one table: a row for each version, oldest first. */
export function collect(folder: string): RuntimeBehaviour[] {
  if (!existsSync(folder)) return [];
  const results = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      experimentNames
        .map((experiment) => join(folder, name, `${experiment}.json`))
        .filter((file) => existsSync(file))
        .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Result),
    );
  return tabulate(results);
}

export function tabulate(results: readonly Result[]): RuntimeBehaviour[] {
  const rows = new Map<string, RuntimeBehaviour>();
  for (const { runtime, version, experiment, provenance, findings } of results) {
    const key = `${runtime} ${version}`;
    const row = rows.get(key) ?? { runtime, version };
    rows.set(key, { ...row, [experiment]: { provenance, findings } });
  }
  return [...rows.values()].sort((one, other) =>
    `${one.runtime} ${one.version}`.localeCompare(`${other.runtime} ${other.version}`, 'en', {
      numeric: true,
    }),
  );
}
