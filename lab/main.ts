/** The lab: boots kernels of Debian and records what they do. `npm run lab -- --help` explains. */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInitramfs, buildRecorder } from './initramfs.ts';
import { findKernels, SUITES, unpackKernel, type OfferedKernel } from './kernels.ts';
import { boot, commandLine, describeMachine } from './machine.ts';
import type { MeasuredRun } from '../src/evidence/measured.ts';
import { measuredOf, publish } from './measured.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { findMirror } from './packages.ts';
import { examinationText, planText, runsOf, type Conditions, type Run } from './plan.ts';
import { Progress } from './progress.ts';
import { Refusal } from './refusal.ts';
import { harvest, idOf, readAbout, recover } from './results.ts';
import { SCENARIOS } from './scenarios/index.ts';
import { ensureTools } from './tools.ts';

const CACHE = fileURLToPath(new URL('../.cache/lab/', import.meta.url));
const RESULTS = path.join(CACHE, 'results');

/** What a boot costs beside its runs, seconds. */
const BOOT = 8;
/** A guest may be silent for this long, and for several times as long as its longest run takes. */
const PATIENCE = { least: 90, times: 4 };

const tell = (line: string) => process.stderr.write(`${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

/** One boot: a kernel, a file system, and what is recorded there. */
interface Boot {
  kernel: OfferedKernel;
  conditions: Conditions;
  runs: Run[];
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (options.help) {
    print(USAGE);
    return 0;
  }
  if (options.list) return list(options);

  const release = await lock();
  const interruption = new AbortController();
  const interrupt = () => {
    interruption.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);
  const work = path.join(CACHE, 'work');
  try {
    await rm(work, { recursive: true, force: true });
    await recover(RESULTS);
    await ensureTools(options.filesystems, tell);
    const mirror = await findMirror();
    const kernels = await findKernels(options.kernels, mirror, CACHE, options.refresh);
    return await record(options, kernels, work, interruption.signal);
  } finally {
    await rm(work, { recursive: true, force: true });
    await release();
  }
}

/** Boots one machine after the other; two at once would disturb each other's times. */
async function record(
  options: Options,
  kernels: readonly OfferedKernel[],
  work: string,
  signal: AbortSignal,
): Promise<number> {
  const boots = await bootsOf(options, kernels);
  const all = boots.reduce((sum, { runs }) => sum + runs.length, 0);
  const held = await heldOf(options, kernels);
  const recorder = await buildRecorder(CACHE);
  const machine: Machine = {
    recorder,
    commandLine: await commandLine(recorder),
    work,
    signal,
    progress: new Progress(boots.reduce((sum, { runs }) => sum + secondsOf(runs), 0)),
  };
  const faults: string[] = [];
  const kept = [...held];

  for (const each of boots) {
    if (signal.aborted) break;
    const { kernel, conditions, runs } = each;
    const where = whereOf(each);
    tell(`${where}: Debian's ${kernel.release}, package ${kernel.version} of ${kernel.suite}`);
    const began = performance.now();
    const taken = await recordOne(each, machine);
    for (const run of runs) {
      if (!taken.kept.includes(run.name)) continue;
      const id = idOf(kernel, conditions, run);
      kept.push(id);
      for (const line of summary(await measuredOf(RESULTS, id))) print(line);
    }
    const took = ((performance.now() - began) / 1000).toFixed(1);
    tell(`${where}: ${taken.kept.length} of ${runs.length} runs, ${took} s`);
    faults.push(...taken.faults);
  }

  const target = path.resolve(options.to);
  if (kept.length > 0 && !(await publish(RESULTS, kept, target, tell))) {
    faults.push('Some runs cannot be normalised: see above.');
  }
  tell(
    `${kept.length} of ${all + held.length} runs are in ${path.relative(process.cwd(), target)}.`,
  );
  if (signal.aborted) {
    tell('Interrupted: the same command with --missing goes on.');
    return 130;
  }
  for (const fault of faults) tell(fault);
  return faults.length > 0 ? 1 : 0;
}

/** What all boots share. */
interface Machine {
  recorder: string;
  commandLine: string;
  /** A folder that is emptied after each boot. */
  work: string;
  signal: AbortSignal;
  progress: Progress;
}

/** Records the runs of one kernel on one file system, then reads what power cuts have left. */
async function recordOne(
  each: Boot,
  machine: Machine,
): Promise<{ kept: string[]; faults: string[] }> {
  const { kernel, conditions, runs } = each;
  const { work, progress, signal, recorder } = machine;
  const { filesystem, rate } = conditions;
  const where = whereOf(each);
  const unpacked = await unpackKernel(kernel, CACHE);
  const origin = { kernel, conditions, machine: await describeMachine(rate) };
  const kept: string[] = [];
  const faults: string[] = [];

  const bootWith = async (
    disk: Parameters<typeof boot>[0]['disk'],
    plan: string,
    folder: string,
    onRun: (number: number) => Run | undefined,
  ) => {
    await mkdir(folder, { recursive: true });
    let current: Run | undefined;
    const booted = await boot({
      vmlinuz: unpacked.vmlinuz,
      initramfs: await buildInitramfs(unpacked, filesystem, recorder, plan),
      commandLine: machine.commandLine,
      disk,
      rate,
      folder,
      bound: PATIENCE.least + PATIENCE.times * Math.max(...runs.map(({ expected }) => expected)),
      signal,
      onWord: (said) => {
        if (said.kind !== 'run') return;
        progress.finish(current?.expected ?? BOOT);
        current = onRun(said.number);
        tell(progress.line(where, said.number, said.of, said.name));
      },
    });
    progress.finish(current?.expected ?? BOOT);
    const taken = await harvest(booted.out, runs, origin, folder, RESULTS);
    kept.push(...taken.kept);
    for (const { name, reason } of taken.failed) {
      faults.push(`${where} ${name} failed:\n    ${reason.replaceAll('\n', '\n    ')}`);
    }
    if (booted.fault !== undefined) {
      const during = current === undefined ? '' : ` during ${current.name}`;
      faults.push(`${where}${during}: ${booted.fault}`);
    }
    return booted;
  };

  const plan = planText(filesystem, runs);
  const { copies } = await bootWith({ filesystem }, plan, work, (number) => runs[number - 1]);
  const cut = runs.filter(({ name }) => copies.has(name));
  if (cut.length > 0 && !signal.aborted) {
    tell(`${where}: reads what ${cut.length} power cuts have left`);
    const disks = cut.map(({ name }) => copies.get(name) ?? '');
    const examination = examinationText(filesystem, cut);
    await bootWith({ copies: disks }, examination, path.join(work, 'copies'), () => undefined);
  }
  await rm(work, { recursive: true, force: true });
  return { kept, faults };
}

const whereOf = ({ kernel, conditions }: Boot): string =>
  `${kernel.series} ${conditions.filesystem}`;

async function bootsOf(options: Options, kernels: readonly OfferedKernel[]): Promise<Boot[]> {
  const boots: Boot[] = [];
  for (const kernel of kernels) {
    for (const filesystem of options.filesystems) {
      const conditions = { filesystem, dirtyMiB: options.dirtyMiB, rate: options.rate };
      const runs: Run[] = [];
      for (const run of runsOf(options.scenarios, conditions, kernel.series)) {
        if (!options.missing || !(await isHeld(kernel, conditions, run))) runs.push(run);
      }
      if (runs.length > 0) boots.push({ kernel, conditions, runs });
    }
  }
  return boots;
}

/** Runs that `--missing` does not make again. */
async function heldOf(options: Options, kernels: readonly OfferedKernel[]): Promise<string[]> {
  const held: string[] = [];
  if (!options.missing) return held;
  for (const kernel of kernels) {
    for (const filesystem of options.filesystems) {
      const conditions = { filesystem, dirtyMiB: options.dirtyMiB, rate: options.rate };
      for (const run of runsOf(options.scenarios, conditions, kernel.series)) {
        if (await isHeld(kernel, conditions, run)) held.push(idOf(kernel, conditions, run));
      }
    }
  }
  return held;
}

/** Whether the cache holds a run of this very package. */
async function isHeld(kernel: OfferedKernel, conditions: Conditions, run: Run): Promise<boolean> {
  const about = await readAbout(RESULTS, idOf(kernel, conditions, run));
  return about?.kernel.package === kernel.version;
}

/** How long a boot takes; one more reads what power cuts have left. */
const secondsOf = (runs: readonly Run[]): number =>
  runs.reduce(
    (sum, { expected }) => sum + expected,
    BOOT * (runs.some(({ scenario }) => scenario.kind === 'power-cut') ? 2 : 1),
  );

/** What a run measured, as lines for the reader. */
function summary(row: MeasuredRun): string[] {
  const lines = (of: readonly string[]) => of.map((line) => `\n    ${line}`).join('');
  switch (row.kind) {
    case 'probe':
      return row.probes.map(
        ({ label, status, out, dmesg }) =>
          `${row.id}  ${label}: status ${status}${lines([...out, ...dmesg])}`,
      );
    case 'power-cut': {
      const left = row.survivors.map(({ file, bytes, length, intact }) =>
        length === null ? `${file} is gone` : `${intact} of ${bytes} bytes of ${file} are left`,
      );
      const { status, out, dmesg } = row.remount;
      return [
        `${row.id}  ${left.join(', ')}; mounting again: status ${status}${lines([...out, ...dmesg])}`,
      ];
    }
    case 'recorded': {
      const { seconds, flushes, dirtyKiB, error } = row;
      const dirty = `Dirty ${dirtyKiB[0]} to ${dirtyKiB[1]} KiB`;
      const failed = error === '' ? '' : `, ${error}`;
      return [`${row.id}  ${seconds.toFixed(6)} s, ${flushes} flushes, ${dirty}${failed}`];
    }
  }
}

async function list(options: Options): Promise<number> {
  print('Scenarios (--scenario):');
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length));
  for (const { name, about } of options.scenarios) print(`  ${name.padEnd(width)}  ${about}`);
  print('\nKernels (--kernel):');
  const kernels = await findKernels(options.kernels, await findMirror(), CACHE, options.refresh);
  for (const { series, suite, release, version } of kernels) {
    const held = (await readdir(RESULTS).catch(() => [])).filter((id) =>
      id.startsWith(`${series}-`),
    ).length;
    print(
      `  ${series.padEnd(5)} ${suite.padEnd(16)} ${release}, package ${version}; ${held} runs in the cache`,
    );
  }
  const known = SUITES.length;
  if (kernels.length < known && options.kernels.length === 0) {
    print(`  (${known} suites are asked; of two with the same series the older counts)`);
  }
  return 0;
}

/** Sees to it that one lab runs at a time. */
async function lock(): Promise<() => Promise<void>> {
  await mkdir(CACHE, { recursive: true });
  const file = path.join(CACHE, 'lock');
  for (;;) {
    const handle = await open(file, 'wx').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error;
    });
    if (handle !== undefined) {
      await handle.writeFile(String(process.pid));
      await handle.close();
      return () => rm(file, { force: true });
    }
    const holder = Number(await readFile(file, 'utf8').catch(() => ''));
    if (holder > 0 && isAlive(holder)) {
      throw new Refusal(`Another lab is at work (process ${holder}): one machine at a time.`);
    }
    await rm(file, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof Refusal) {
    tell(`lab: ${error.message}`);
    process.exitCode = error.code;
  } else if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
    tell(`lab: The disk that holds ${CACHE} is full.`);
    process.exitCode = 1;
  } else throw error;
}
