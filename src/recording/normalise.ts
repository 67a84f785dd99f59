import { RecordingError } from './errors.ts';
import { assignLayers } from './layers.ts';
import { parseDevice } from './parse-device.ts';
import { parseResult } from './parse-result.ts';
import { parseSamples } from './parse-samples.ts';
import { parseTrace } from './parse-trace.ts';
import type { Scenario } from './scenarios.ts';
import { placeCalls } from './timeline.ts';
import { walk } from './tree.ts';
import type { RecordedCall, RecordedKernel, RecordedParameters, Recording } from './types.ts';
import { contradictions } from './validate.ts';

/** A raw file: its name for errors and provenance, and what it holds. */
export interface RawFile {
  name: string;
  text: string;
}

/** Everything one run and its boot left behind. */
export interface RawRun {
  scenario: Scenario;
  result: RawFile;
  samples: RawFile;
  /** Absent where the run was made without the tracer. */
  trace?: RawFile | undefined;
  /** Absent where the disk's work was not counted. */
  device?: RawFile | undefined;
  kernel: RecordedKernel;
  commandLine: string;
  queue?: RecordedParameters['queue'];
  diskMBs: number;
  machine: string;
  recordedAt?: string | undefined;
}

/**
 * One recording from the raw files of one run.
 *
 * @throws RecordingError where a file is malformed or where the files contradict each other
 */
export function normalise(run: RawRun): Recording {
  const { scenario } = run;
  const notes: string[] = [];
  const result = parseResult(run.result.text, run.result.name);
  const series = parseSamples(run.samples.text, run.samples.name, result.t0_mono);
  const { samples, stacks } = series;
  for (const [file, operation] of [
    [run.result.name, result.op],
    [run.samples.name, series.operation],
  ] as const) {
    if (operation !== scenario.operation) {
      throw new RecordingError({
        file,
        line: 1,
        reason: `the operation is ${operation}`,
        expected: `${scenario.operation}, as the run's name says`,
      });
    }
  }
  const done = samples.at(-1);
  if (done !== undefined) {
    // The same moment, printed twice relative to two origins, each rounded to the microsecond.
    if (Math.abs(done.t - result.seconds) > 3e-6) {
      throw new RecordingError({
        file: run.samples.name,
        reason: `the last sample is ${done.t.toFixed(6)} s after t0`,
        expected: `${result.seconds.toFixed(6)}, as ${run.result.name} says`,
      });
    }
    done.t = result.seconds;
  }

  let calls: RecordedCall[] = [];
  if (run.trace !== undefined) {
    const { name, text } = run.trace;
    const begin = Math.round(result.t0_mono * 1e6) * 1e3;
    const end = begin + Math.round(result.seconds * 1e6) * 1e3;
    const traced = parseTrace(text, name, { mayStayOpenAfter: end });
    calls = assignLayers(placeCalls(traced, { begin, end }, name, notes), (call) => {
      throw new RecordingError({
        file: name,
        line: call.line,
        reason: `${call.fn}${call.module === undefined ? '' : ` [${call.module}]`} is unknown`,
        expected: 'a function listed in src/recording/functions.ts',
      });
    });
    checkFilesystem(calls, scenario.filesystem, name);
  }

  const variant = scenario.volatile ? 'volatile' : 'plain';
  const device =
    run.device === undefined ? undefined : parseDevice(run.device.text, run.device.name);
  const files = [run.result, run.samples, run.trace, run.device].flatMap(
    (file) => file?.name ?? [],
  );
  const recording: Recording = {
    schema: 1,
    id: `${run.kernel.series}-${scenario.filesystem}-${scenario.scenario}-${variant}`,
    kernel: run.kernel,
    filesystem: scenario.filesystem,
    scenario: scenario.scenario,
    operation: result.op,
    volatile: scenario.volatile,
    parameters: {
      dirtyMiB: scenario.dirtyMiB,
      diskMBs: run.diskMBs,
      dirtyIn: scenario.dirtyIn,
      ...(run.queue === undefined ? {} : { queue: run.queue }),
    },
    seconds: result.seconds,
    returnCode: result.rc,
    errno: result.errno,
    before: { dirtyKiB: result.dirty_kb[0], writebackKiB: result.writeback_kb[0] },
    after: { dirtyKiB: result.dirty_kb[1], writebackKiB: result.writeback_kb[1] },
    ...(device === undefined
      ? {}
      : {
          device: {
            flushes: device.flushes,
            writes: device.writes,
            sectors: device.sectors,
          },
        }),
    calls,
    stacks,
    samples,
    provenance: {
      recordedBy: scenario.commands.join('; '),
      commandLine: run.commandLine,
      files,
      machine: run.machine,
      ...(run.recordedAt === undefined ? {} : { recordedAt: run.recordedAt }),
      notes,
    },
  };
  const [contradiction] = contradictions(recording);
  if (contradiction !== undefined) {
    throw new RecordingError({
      file: run.result.name,
      reason: `the files disagree: ${contradiction}`,
    });
  }
  return recording;
}

/** A run of a boot on XFS whose name does not say so must not pass for ext4. */
function checkFilesystem(calls: readonly RecordedCall[], filesystem: string, file: string): void {
  for (const { call } of walk({ calls })) {
    const seen = /^(btrfs|ext4|xfs)_/.exec(call.fn)?.[1];
    if (seen !== undefined && seen !== filesystem) {
      throw new RecordingError({
        file,
        reason: `${call.fn} belongs to ${seen}`,
        expected: `${filesystem}, as the run's name says`,
      });
    }
  }
}

/**
 * The kernel from `uname -a`: `Linux (none) 6.1.0-56-cloud-amd64 #1 SMP ... Debian 6.1.192-2 (...)`.
 * Debian's release counts the ABI, so the upstream version is taken from the package.
 */
export function parseUname(text: string, file: string): RecordedKernel {
  const line = text.trim();
  const match = /^Linux \S+ (\S+) .* Debian ((\d+\.\d+)(?:\.\d+)*)-(\S+) /.exec(line);
  if (match === null) {
    throw new RecordingError({
      file,
      line: 1,
      text: line,
      reason: 'not the uname of a Debian kernel',
      expected: '"Linux HOST RELEASE ... Debian VERSION-REVISION (DATE) ..."',
    });
  }
  const [, release = '', version = '', series = '', revision = ''] = match;
  return { series, version, release, package: `${version}-${revision}` };
}

/** The block queue from a boot's log, `queue now nr_requests=8 max_sectors_kb=256`. */
export function parseQueue(log: string): RecordedParameters['queue'] {
  const match = /^queue now nr_requests=(\d+) max_sectors_kb=(\d+)$/m.exec(log);
  if (match === null) return undefined;
  return { requests: Number(match[1]), maxSectorsKiB: Number(match[2]) };
}

/** Dirty MiB of runs whose name does not say: `lab.sz=` of the kernel command line, else 64. */
export function defaultSize(commandLine: string): number {
  return Number(/(?:^|\s)lab\.sz=(\d+)(?=\s|$)/.exec(commandLine)?.[1] ?? 64);
}
