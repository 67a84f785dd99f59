import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { OfferedKernel } from './kernels.ts';
import { DEFAULTS } from './options.ts';
import type { Conditions, Run } from './plan.ts';
import { ask } from './programs.ts';

/** What stands beside the raw files of a run: what it was and how it was made. */
export interface RunAbout {
  schema: 1;
  id: string;
  kind: 'recorded' | 'probe' | 'power-cut';
  /** What `--scenario` chooses by. */
  chosenBy: string;
  filesystem: string;
  kernel: { series: string; suite: string; release: string; package: string };
  /** Middle part of the recording's id. */
  scenario: string;
  volatile: boolean;
  operation: string;
  dirtyMiB: number;
  dirtyIn: 'overlay' | 'neighbour';
  diskMBs: number;
  queue?: { requests: number; maxSectorsKiB: number } | undefined;
  traced: boolean;
  leftOut?: string | undefined;
  /** In the guest, preparation first. */
  commands: string[];
  /** On the host: makes this run again. */
  command: string;
  machine: string;
  recordedAt: string;
}

export interface Origin {
  kernel: OfferedKernel;
  conditions: Conditions;
  machine: string;
}

/** The name of a run's folder, and of its recording. */
export const idOf = (kernel: OfferedKernel, { filesystem }: Conditions, run: Run): string =>
  `${kernel.series}-${filesystem}-${run.name}`;

function aboutOf(run: Run, { kernel, conditions, machine }: Origin): RunAbout {
  const { scenario, recorded, variant } = run;
  return {
    schema: 1,
    id: idOf(kernel, conditions, run),
    kind: scenario.kind,
    chosenBy: scenario.name,
    filesystem: conditions.filesystem,
    kernel: {
      series: kernel.series,
      suite: kernel.suite,
      release: kernel.release,
      package: kernel.version,
    },
    scenario: run.id,
    volatile: variant === 'volatile',
    operation: recorded?.operation ?? scenario.kind,
    dirtyMiB: recorded?.dirtyMiB ?? 0,
    dirtyIn: recorded?.dirtyIn ?? 'overlay',
    diskMBs: conditions.rate,
    queue: recorded?.queue,
    traced: recorded?.traced ?? false,
    leftOut: scenario.kind === 'recorded' ? scenario.leftOut : undefined,
    commands: run.commands,
    command: commandFor(kernel.series, scenario.name, conditions),
    machine,
    recordedAt: new Date().toISOString(),
  };
}

/** The shortest command that makes a run again. */
export function commandFor(series: string, scenario: string, conditions: Conditions): string {
  const { filesystem, dirtyMiB, rate } = conditions;
  const words = ['npm run lab --', `--kernel ${series}`, `--scenario ${scenario}`];
  if (filesystem !== DEFAULTS.filesystem) words.push(`--filesystem ${filesystem}`);
  if (String(dirtyMiB) !== DEFAULTS.dirty) words.push(`--dirty ${dirtyMiB}`);
  if (String(rate) !== DEFAULTS.rate) words.push(`--rate ${rate}`);
  return words.join(' ');
}

/** What a boot delivered: which runs are in the cache now, which failed and why. */
export interface Harvest {
  kept: string[];
  failed: { name: string; reason: string }[];
}

/**
 * Takes what left the guest into the cache, one folder per run. A run counts when its last file is
 * there; what stood in its place before is replaced in one step, and only then.
 *
 * @param out the disk that results left through
 * @param work a folder for what is only half there, on the same file system as `results`
 */
export async function harvest(
  out: string,
  runs: readonly Run[],
  origin: Origin,
  work: string,
  results: string,
): Promise<Harvest> {
  const unpacked = path.join(work, 'unpacked');
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(unpacked, { recursive: true });
  // The archives stand one behind the other with nothing between; the last may be cut off.
  await ask('tar', ['-xif', out, '-C', unpacked]);
  const delivered = await readdir(unpacked);
  const harvested: Harvest = { kept: [], failed: [] };
  if (!delivered.includes('boot.done')) return harvested;
  for (const run of runs) {
    if (!delivered.includes(`${run.name}.done`)) continue;
    if (delivered.includes(`${run.name}.failed`)) {
      const reason = await readFile(path.join(unpacked, `${run.name}.failed`), 'utf8');
      harvested.failed.push({ name: run.name, reason: reason.trim() });
      continue;
    }
    const id = idOf(origin.kernel, origin.conditions, run);
    const draft = path.join(work, id);
    await mkdir(draft);
    await cp(path.join(unpacked, 'boot.uname'), path.join(draft, 'uname.txt'));
    await cp(path.join(unpacked, 'boot.cmdline'), path.join(draft, 'cmdline.txt'));
    for (const name of delivered) {
      // Names of runs may begin alike; the rest of a file's name has no hyphen.
      if (!name.startsWith(`${run.name}.`) || name.endsWith('.done')) continue;
      await rename(path.join(unpacked, name), path.join(draft, name));
    }
    const about = `${JSON.stringify(aboutOf(run, origin), null, 1)}\n`;
    await writeFile(path.join(draft, `${run.name}.run`), about);
    await replaceFolder(draft, path.join(results, id));
    harvested.kept.push(run.name);
  }
  return harvested;
}

/** The folder that a replaced one waits in until its successor stands. */
const OLD = '.old';

async function replaceFolder(draft: string, target: string): Promise<void> {
  const old = target + OLD;
  await rm(old, { recursive: true, force: true });
  if (existsSync(target)) await rename(target, old);
  await rename(draft, target);
  await rm(old, { recursive: true, force: true });
}

/** Puts back what a run that was killed between two steps has left aside. */
export async function recover(results: string): Promise<void> {
  await mkdir(results, { recursive: true });
  for (const name of (await readdir(results)).filter((each) => each.endsWith(OLD))) {
    const target = path.join(results, name.slice(0, -OLD.length));
    if (existsSync(target)) await rm(path.join(results, name), { recursive: true, force: true });
    else await rename(path.join(results, name), target);
  }
}

/** What the cache says of a run; undefined where it holds none that can be read. */
export async function readAbout(results: string, id: string): Promise<RunAbout | undefined> {
  const folder = path.join(results, id);
  const names = await readdir(folder).catch(() => []);
  const file = names.find((name) => name.endsWith('.run'));
  if (file === undefined) return undefined;
  try {
    return JSON.parse(await readFile(path.join(folder, file), 'utf8')) as RunAbout;
  } catch {
    return undefined;
  }
}
