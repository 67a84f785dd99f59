import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RecordingError } from './errors.ts';
import { defaultSize, normalise, parseQueue, parseUname, type RawFile } from './normalise.ts';
import { parseRun, type DescribedRun } from './parse-run.ts';
import { printRecording } from './print.ts';
import { scenarioOf, type Scenario } from './scenarios.ts';
import type { Recording } from './types.ts';

const USAGE = `usage: npm run --silent recordings:import -- DIR [--only PATTERN] [--rate MB/s] [--machine TEXT] [--all] [--to DIR]

Reads the raw recordings of one boot (DIR holds uname.txt) or of every boot below DIR and writes
content/recordings/<id>.json.
  --only PATTERN  only ids that match; * stands for anything
  --rate MB/s     write limit of the recorded disk in 10^6 bytes per second, default 20
  --machine TEXT  how the machine ran; both are for runs that do not say it themselves
  --all           also runs that are usually left out because they repeat themselves
  --to DIR        another place to write to`;

const DEFAULT_RATE = 20;

/** content/recordings of this project, wherever the command is called from. */
const TARGET = fileURLToPath(new URL('../../content/recordings/', import.meta.url));

interface Candidate {
  id: string;
  boot: string;
  name: string;
  scenario: Scenario;
  read: () => Promise<Recording>;
}

/**
 * The command `recordings:import`.
 *
 * @returns the exit status: 0, or 2 for bad usage and for malformed input. Runs that cannot be
 *   read leave what was imported before untouched; the other runs are still written.
 */
export async function main(
  argv: readonly string[],
  out: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
  complain: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<number> {
  let options;
  try {
    options = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        only: { type: 'string' },
        rate: { type: 'string' },
        machine: { type: 'string' },
        all: { type: 'boolean' },
        to: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    complain(`recordings:import: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  const { values, positionals } = options;
  if (values.help === true) {
    out(USAGE);
    return 0;
  }
  const [root] = positionals;
  const rate = Number(values.rate ?? DEFAULT_RATE);
  if (root === undefined || positionals.length > 1) {
    complain('recordings:import: exactly one folder of raw recordings is needed (--help)');
    return 2;
  }
  if (!(rate > 0)) {
    complain(`recordings:import: --rate ${values.rate ?? ''} is not a number of MB/s`);
    return 2;
  }
  const boots = await findBoots(root);
  if (boots.length === 0) {
    complain(`recordings:import: no boot below ${root}: a boot's folder holds uname.txt`);
    return 2;
  }
  const machine =
    values.machine ??
    `QEMU 7.2 emulating one x86-64 processor in software (TCG, no KVM), 2 GiB of memory; virtual disk limited to ${rate} MB/s of writes`;
  const wanted = values.only === undefined ? undefined : glob(values.only);
  const target = values.to ?? TARGET;

  const candidates: Candidate[] = [];
  const unknown: string[] = [];
  const leftOut = new Map<string, string[]>();
  let failures = 0;
  const report = (error: unknown) => {
    if (!(error instanceof RecordingError)) throw error;
    failures += 1;
    complain(error.message);
  };

  for (const boot of boots) {
    try {
      for (const found of await readBoot(boot, rate, machine)) {
        if (typeof found === 'string') unknown.push(found);
        else if (found.scenario.leftOut !== undefined && values.all !== true) {
          const reason = found.scenario.leftOut;
          leftOut.set(reason, [...(leftOut.get(reason) ?? []), `${found.boot}/${found.name}`]);
        } else if (wanted === undefined || wanted.test(found.id)) candidates.push(found);
      }
    } catch (error) {
      report(error);
    }
  }

  candidates.sort((a, b) => a.scenario.rank - b.scenario.rank || order(a.boot, b.boot));
  const taken = new Map<string, Candidate>();
  const skipped: string[] = [];
  for (const candidate of candidates) {
    const first = taken.get(candidate.id);
    if (first === undefined) taken.set(candidate.id, candidate);
    else {
      skipped.push(
        `${candidate.boot}/${candidate.name}: ${candidate.id} is taken from ${first.boot}/${first.name}`,
      );
    }
  }

  await mkdir(target, { recursive: true });
  const counts = { new: 0, changed: 0, unchanged: 0 };
  for (const [id, candidate] of [...taken].sort(([a], [b]) => order(a, b))) {
    try {
      const recording = await candidate.read();
      const text = printRecording(recording);
      const state = await replace(path.join(target, `${id}.json`), text);
      counts[state] += 1;
      const size = `${(Buffer.byteLength(text) / 1000).toFixed(1)} kB`;
      out(`${state.padEnd(9)} ${id}  ${recording.seconds.toFixed(6)} s  ${size}`);
      for (const note of recording.provenance.notes) out(`          ${note}`);
    } catch (error) {
      report(error);
    }
  }
  for (const line of skipped) out(`skipped   ${line}`);
  for (const [reason, names] of leftOut) out(`left out  ${names.join(' ')}: ${reason}`);
  for (const name of unknown) out(`left out  ${name}: no row of scenarios.ts knows the name`);
  const total = counts.new + counts.changed + counts.unchanged;
  out(
    `${total} recordings: ${counts.new} new, ${counts.changed} changed, ` +
      `${counts.unchanged} unchanged${failures > 0 ? `; ${failures} not readable` : ''}`,
  );
  if (taken.size === 0 && failures === 0) {
    complain(
      `recordings:import: nothing to import${values.only === undefined ? '' : ` matches ${values.only}`}`,
    );
    return 2;
  }
  return failures > 0 ? 2 : 0;
}

/** The folder itself or those below it that hold a boot. */
async function findBoots(root: string): Promise<string[]> {
  if (await exists(path.join(root, 'uname.txt'))) return [path.resolve(root)];
  let entries;
  try {
    entries = await readdir(root, { withFileTypes: true });
  } catch {
    return [];
  }
  const boots: string[] = [];
  for (const entry of entries.filter((entry) => entry.isDirectory())) {
    boots.push(...(await findBoots(path.join(root, entry.name))));
  }
  return boots.sort(order);
}

/** The runs of a boot: what can be read on demand, or the name of one that no scenario matches. */
async function readBoot(
  folder: string,
  rate: number,
  machine: string,
): Promise<(Candidate | string)[]> {
  const boot = path.basename(folder);
  const raw = async (name: string): Promise<RawFile> => {
    const file = `${boot}/${name}`;
    try {
      return { name: file, text: await readFile(path.join(folder, name), 'utf8') };
    } catch {
      throw new RecordingError({ file, reason: 'the file is missing or cannot be read' });
    }
  };
  const names = (await readdir(folder)).sort(order);
  const uname = await raw('uname.txt');
  const kernel = parseUname(uname.text, uname.name);
  const commandLine = (await raw('cmdline.txt')).text.trim();
  const queue = names.includes('log.txt') ? parseQueue((await raw('log.txt')).text) : undefined;

  const stems = new Set(
    names.flatMap((name) => /^(.+)\.(?:trace|samples|json)$/.exec(name)?.[1] ?? []),
  );
  return Promise.all(
    [...stems].map(async (name) => {
      const described: DescribedRun | undefined = names.includes(`${name}.run`)
        ? await raw(`${name}.run`).then(({ name: file, text }) => parseRun(text, file))
        : undefined;
      const scenario = described?.scenario ?? scenarioOf(name, defaultSize(commandLine));
      if (scenario === undefined) return `${boot}/${name}`;
      const variant = scenario.volatile ? 'volatile' : 'plain';
      return {
        id: `${kernel.series}-${scenario.filesystem}-${scenario.scenario}-${variant}`,
        boot,
        name,
        scenario,
        read: async () =>
          normalise({
            scenario,
            result: await raw(`${name}.json`),
            samples: await raw(`${name}.samples`),
            trace: scenario.traced ? await raw(`${name}.trace`) : undefined,
            device: names.includes(`${name}.device`) ? await raw(`${name}.device`) : undefined,
            kernel,
            commandLine,
            queue: described === undefined ? queue : described.queue,
            diskMBs: described?.diskMBs ?? rate,
            machine: described?.machine ?? machine,
            recordedAt: described?.recordedAt,
          }),
      };
    }),
  );
}

/** Writes a file in one step, so that nobody ever sees half of it. */
async function replace(file: string, text: string): Promise<'new' | 'changed' | 'unchanged'> {
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (before === text) return 'unchanged';
  const draft = `${file}.${process.pid}.part`;
  await writeFile(draft, text);
  await rename(draft, file);
  return before === undefined ? 'new' : 'changed';
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}

/** Order of code units: the same on every machine, whatever its language. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source}$`);
}

// Node 22 has no import.meta.main.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
