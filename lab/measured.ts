import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { measuredSchema, type MeasuredRun } from '../src/evidence/measured.ts';
import { parseResult } from '../src/recording/parse-result.ts';
import { parseDevice } from '../src/recording/parse-device.ts';
import { main as importRecordings } from '../src/recording/import.node.ts';
import { parseProbes, parseSurvivors } from './probes.ts';
import { Refusal } from './refusal.ts';
import { readAbout } from './results.ts';

/**
 * One run of the cache as a row of `measured.json`.
 *
 * @throws Refusal where the cache does not hold it
 */
export async function measuredOf(results: string, id: string): Promise<MeasuredRun> {
  const about = await readAbout(results, id);
  if (about === undefined) throw new Refusal(`The cache holds no run ${id}.`);
  const name = id.slice(`${about.kernel.series}-${about.filesystem}-`.length);
  const read = (file: string) => readFile(path.join(results, id, file), 'utf8');
  const file = (extension: string) => `${id}/${name}.${extension}`;
  const common = {
    id,
    chosenBy: about.chosenBy,
    filesystem: about.filesystem,
    kernel: { ...about.kernel, commandLine: (await read('cmdline.txt')).trim() },
    scenario: about.scenario,
    volatile: about.volatile,
    diskMBs: about.diskMBs,
    commands: about.commands,
    command: about.command,
    machine: about.machine,
    recordedAt: about.recordedAt,
  };
  if (about.kind !== 'recorded') {
    const probes = parseProbes(await read(`${name}.probes`), file('probes'));
    if (about.kind === 'probe') return rowOf({ kind: about.kind, ...common, probes }, id);
    const survivors = parseSurvivors(await read(`${name}.survivors`), file('survivors'));
    return rowOf({ kind: about.kind, ...common, survivors, remount: probes[0] }, id);
  }
  const result = parseResult(await read(`${name}.json`), file('json'));
  const { operation, dirtyMiB, dirtyIn, queue } = about;
  return rowOf(
    {
      kind: about.kind,
      ...common,
      operation,
      dirtyMiB,
      dirtyIn,
      ...(queue === undefined ? {} : { queue }),
      seconds: result.seconds,
      returnCode: result.rc,
      errno: result.errno,
      error: result.errstr,
      dirtyKiB: result.dirty_kb,
      writebackKiB: result.writeback_kb,
      ...parseDevice(await read(`${name}.device`), file('device')),
    },
    id,
  );
}

function rowOf(row: unknown, id: string): MeasuredRun {
  const result = measuredSchema.shape.runs.element.safeParse(row);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

/**
 * Writes what runs of the cache measured to `DIR/recordings` and `DIR/facts/measured.json`. Rows
 * of other runs stay.
 *
 * @returns whether all of them could be read
 */
export async function publish(
  results: string,
  ids: readonly string[],
  target: string,
  tell: (line: string) => void,
): Promise<boolean> {
  let good = true;
  const rows: MeasuredRun[] = [];
  for (const id of ids) {
    const row = await measuredOf(results, id);
    rows.push(row);
    const about = await readAbout(results, id);
    if (row.kind !== 'recorded' || about?.leftOut !== undefined) continue;
    const folder = path.join(results, id);
    const to = path.join(target, 'recordings');
    const code = await importRecordings([folder, '--to', to], () => undefined, tell);
    if (code !== 0) good = false;
  }
  await mkdir(path.join(target, 'facts'), { recursive: true });
  const file = path.join(target, 'facts', 'measured.json');
  const before = await readFile(file, 'utf8').then(
    (text) => measuredSchema.parse(JSON.parse(text)).runs,
    () => [],
  );
  const runs = new Map([...before, ...rows].map((row) => [row.id, row]));
  const sorted = [...runs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines = sorted.map((row) => JSON.stringify(row)).join(',\n');
  const draft = `${file}.part`;
  try {
    await writeFile(draft, `{"schema":1,"runs":[\n${lines}\n]}\n`);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return good;
}
