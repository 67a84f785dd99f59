import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseResult } from '../src/recording/parse-result.ts';
import { main as importRecordings } from '../src/recording/import.node.ts';
import { parseProbes, type Probed } from './probes.ts';
import { Refusal } from './refusal.ts';
import { readAbout, type RunAbout } from './results.ts';

/** One run in `measured.json`: the numbers of a recording without its calls and stacks. */
export type Measured = Omit<RunAbout, 'schema' | 'traced' | 'leftOut'> & {
  /** Wall time of the operation as its caller saw it. */
  seconds?: number;
  returnCode?: number;
  errno?: number;
  /** Name of the error, empty for none. */
  error?: string;
  /** Before and after, KiB of /proc/meminfo. */
  dirtyKiB?: [number, number];
  writebackKiB?: [number, number];
  /** What the disk completed during the operation: flush requests, writes, 512-byte sectors. */
  flushes?: number;
  writes?: number;
  sectors?: number;
  /** What the system call answered. */
  value?: number;
  probes?: Probed[];
};

interface Device {
  flushes: number;
  writes: number;
  sectors: number;
  value: number;
}

/**
 * One run of the cache as a row.
 *
 * @throws Refusal where the cache does not hold it
 */
export async function measuredOf(results: string, id: string): Promise<Measured> {
  const about = await readAbout(results, id);
  if (about === undefined) throw new Refusal(`The cache holds no run ${id}.`);
  const name = id.slice(`${about.kernel.series}-${about.filesystem}-`.length);
  const read = (extension: string) =>
    readFile(path.join(results, id, `${name}.${extension}`), 'utf8');
  const row: Measured & Partial<Pick<RunAbout, 'schema' | 'traced' | 'leftOut'>> = { ...about };
  delete row.schema;
  delete row.traced;
  delete row.leftOut;
  if (about.kind === 'probe') {
    return { ...row, probes: parseProbes(await read('probes'), `${id}/${name}.probes`) };
  }
  const result = parseResult(await read('json'), `${id}/${name}.json`);
  const device = JSON.parse(await read('device')) as Device;
  return {
    ...row,
    seconds: result.seconds,
    returnCode: result.rc,
    errno: result.errno,
    error: result.errstr,
    dirtyKiB: result.dirty_kb,
    writebackKiB: result.writeback_kb,
    ...device,
  };
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
  const rows: Measured[] = [];
  for (const id of ids) {
    const row = await measuredOf(results, id);
    rows.push(row);
    const about = await readAbout(results, id);
    if (row.kind === 'probe' || about?.leftOut !== undefined) continue;
    const folder = path.join(results, id);
    const to = path.join(target, 'recordings');
    const code = await importRecordings([folder, '--to', to], () => undefined, tell);
    if (code !== 0) good = false;
  }
  await mkdir(path.join(target, 'facts'), { recursive: true });
  const file = path.join(target, 'facts', 'measured.json');
  const before = await readFile(file, 'utf8').then(
    (text) => (JSON.parse(text) as { runs: Measured[] }).runs,
    () => [],
  );
  const runs = new Map([...before, ...rows].map((row) => [row.id, row]));
  const sorted = [...runs.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const lines = sorted.map((row) => JSON.stringify(row)).join(',\n');
  const draft = `${file}.part`;
  await writeFile(draft, `{"schema":1,"runs":[\n${lines}\n]}\n`);
  await rename(draft, file);
  return good;
}
