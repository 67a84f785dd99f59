/** The lab: boots kernels of Debian and records what they do. `npm run lab -- --help` explains. */
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildInitramfs, buildRecorder } from './initramfs.ts';
import { findKernels, SUITES, unpackKernel, type OfferedKernel } from './kernels.ts';
import { boot, commandLine, describeMachine } from './machine.ts';
import { measuredOf, publish, type Measured } from './measured.ts';
import { parseOptions, USAGE, type Options } from './options.ts';
import { findMirror } from './packages.ts';
import { planText, runsOf, type Conditions, type Run } from './plan.ts';
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
  if (all === 0) {
    tell('The cache holds all of these runs: nothing is missing.');
    return 0;
  }
  const expected = boots.reduce((sum, { runs }) => sum + BOOT + secondsOf(runs), 0);
  const recorder = await buildRecorder(CACHE);
  const kernelCommandLine = await commandLine(recorder);
  const progress = new Progress(expected);
  const faults: string[] = [];
  const kept: string[] = [];

  for (const { kernel, conditions, runs } of boots) {
    if (signal.aborted) break;
    const where = `${kernel.series} ${conditions.filesystem}`;
    tell(`${where}: Debian's ${kernel.release}, package ${kernel.version} of ${kernel.suite}`);
    const unpacked = await unpackKernel(kernel, CACHE);
    const plan = planText(conditions.filesystem, runs);
    await mkdir(work, { recursive: true });
    let current: Run | undefined;
    const began = performance.now();
    const { out, fault } = await boot({
      vmlinuz: unpacked.vmlinuz,
      initramfs: await buildInitramfs(unpacked, conditions.filesystem, recorder, plan),
      commandLine: kernelCommandLine,
      filesystem: conditions.filesystem,
      rate: conditions.rate,
      folder: work,
      bound: PATIENCE.least + PATIENCE.times * Math.max(...runs.map(({ expected }) => expected)),
      signal,
      onWord: (said) => {
        if (said.kind === 'up') progress.finish(BOOT);
        if (said.kind !== 'run') return;
        progress.finish(current?.expected ?? 0);
        current = runs[said.number - 1];
        tell(progress.line(where, said.number, said.of, said.name));
      },
    });
    progress.finish(current?.expected ?? 0);
    const origin = {
      kernel,
      conditions,
      machine: await describeMachine(conditions.rate),
    };
    const taken = await harvest(out, runs, origin, work, RESULTS);
    await rm(work, { recursive: true, force: true });
    for (const run of runs) {
      if (!taken.kept.includes(run.name)) continue;
      const id = idOf(kernel, conditions, run);
      kept.push(id);
      for (const line of summary(await measuredOf(RESULTS, id))) print(line);
    }
    const took = ((performance.now() - began) / 1000).toFixed(1);
    tell(`${where}: ${taken.kept.length} of ${runs.length} runs, ${took} s`);
    for (const { name, reason } of taken.failed) {
      faults.push(`${where} ${name} failed:\n    ${reason.replaceAll('\n', '\n    ')}`);
    }
    if (fault !== undefined) {
      const during = current === undefined ? '' : ` during ${current.name}`;
      faults.push(`${where}${during}: ${fault}`);
    }
  }

  if (options.to !== undefined) {
    const good = await publish(RESULTS, kept, path.resolve(options.to), tell);
    if (!good) faults.push('Some runs cannot be normalised: see above.');
  }
  tell(`${kept.length} of ${all} runs are in ${path.relative(process.cwd(), RESULTS)}.`);
  if (signal.aborted) {
    tell('Interrupted: the same command with --missing goes on.');
    return 130;
  }
  for (const fault of faults) tell(fault);
  return faults.length > 0 ? 1 : 0;
}

async function bootsOf(options: Options, kernels: readonly OfferedKernel[]): Promise<Boot[]> {
  const boots: Boot[] = [];
  for (const kernel of kernels) {
    for (const filesystem of options.filesystems) {
      const conditions = { filesystem, dirtyMiB: options.dirtyMiB, rate: options.rate };
      const runs: Run[] = [];
      for (const run of runsOf(options.scenarios, conditions)) {
        const held = await readAbout(RESULTS, idOf(kernel, conditions, run));
        if (!options.missing || held?.kernel.package !== kernel.version) runs.push(run);
      }
      if (runs.length > 0) boots.push({ kernel, conditions, runs });
    }
  }
  return boots;
}

const secondsOf = (runs: readonly Run[]): number =>
  runs.reduce((sum, { expected }) => sum + expected, 0);

/** What a run measured, as lines for the reader. */
function summary(row: Measured): string[] {
  if (row.probes !== undefined) {
    return row.probes.map(
      ({ label, status, out, dmesg }) =>
        `${row.id}  ${label}: status ${status}${[...out, ...dmesg].map((line) => `\n    ${line}`).join('')}`,
    );
  }
  const { seconds = 0, flushes = 0, dirtyKiB = [0, 0], error = '' } = row;
  const dirty = `Dirty ${dirtyKiB[0]} to ${dirtyKiB[1]} KiB`;
  const failed = error === '' ? '' : `, ${error}`;
  return [`${row.id}  ${seconds.toFixed(6)} s, ${flushes} flushes, ${dirty}${failed}`];
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
