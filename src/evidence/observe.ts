/** Selects what an observation looks at and puts its question to each of them. */
import type { RecordedCall, Recording } from '../recording/types.ts';
import type { Metric, Observation, ObservationOf } from './claims.ts';
import type { Measured, MeasuredRun, Probed, RecordedRun, Survivor } from './measured.ts';
import type { RuntimeBehaviour } from './runtime-behaviour.ts';
import { comparisons } from './verdict.ts';

/** Everything that claims are held against. */
export interface Evidence {
  measured: Measured;
  /** The recording of a run; undefined where its calls were not kept. */
  recording: (id: string) => Recording | undefined;
  runtimes: RuntimeBehaviour;
}

/** One number of a row: seconds, KiB (dirtyBefore, dirtyAfter), MiB (dirtyMiB) or a count. */
export interface Quantity {
  name: string;
  /** Which of the two runs it is of, where there are two kinds of run. */
  variant?: 'plain' | 'volatile';
  value: number;
}

/** One thing that an observation looked at. */
export interface EvidenceRow {
  /** What it was: a kernel with its file system, or a container runtime. */
  on: { series: string; kernel: string; filesystem: string } | { runtime: string; version: string };
  /** Ids of runs in measured.json, or the experiment with runtimes. */
  runs: string[];
  /** What of it was looked at: a function, a probe, a file, a case. Empty for the whole run. */
  what: string;
  numbers: Quantity[];
  /** Words that it printed, logged or answered, as they are. */
  words: string[];
  /** Makes it again. */
  command: string;
  /** Whether it answers as the claim needs it. */
  holds: boolean;
}

/** What an observation found: rows, and what it should have found and did not. */
export interface Observed {
  rows: EvidenceRow[];
  missing: string[];
}

export function observe(observation: Observation, evidence: Evidence): Observed {
  switch (observation.kind) {
    case 'verdict':
      return observeVerdict(observation, evidence);
    case 'number':
      return observeNumber(observation, evidence);
    case 'call':
      return observeCall(observation, evidence);
    case 'probe':
      return observeProbe(observation, evidence);
    case 'survivor':
      return observeSurvivor(observation, evidence);
    case 'runtime':
      return observeRuntime(observation, evidence);
  }
}

/** The answer that the observation wants, given what the row says. */
const wanted = ({ not }: { not?: true | undefined }, answer: boolean): boolean =>
  answer !== (not === true);

type OnKernels = Exclude<Observation, { kind: 'runtime' }>;
type Place = Pick<MeasuredRun, 'chosenBy' | 'filesystem'> & { series: string };

function selects(observation: OnKernels, { chosenBy, series, filesystem }: Place): boolean {
  return (
    observation.scenario.includes(chosenBy) &&
    (observation.kernels?.includes(series) ?? true) &&
    (observation.filesystems?.includes(filesystem) ?? true) &&
    !(observation.except ?? []).some(
      (except) =>
        (except.kernel ?? series) === series && (except.filesystem ?? filesystem) === filesystem,
    )
  );
}

/** What the observation names and no selected run is of. */
function unseen(observation: OnKernels, seen: readonly Place[]): string[] {
  const lacks = <T>(names: readonly T[] | undefined, of: (place: Place) => T): T[] =>
    (names ?? []).filter((name) => !seen.some((place) => of(place) === name));
  return [
    ...lacks(observation.scenario, ({ chosenBy }) => chosenBy).map((name) => `scenario ${name}`),
    ...lacks(observation.kernels, (place) => place.series).map((name) => `kernel ${name}`),
    ...lacks(observation.filesystems, (place) => place.filesystem).map(
      (name) => `file system ${name}`,
    ),
  ];
}

const placeOf = ({ chosenBy, filesystem, kernel }: MeasuredRun): Place => ({
  chosenBy,
  filesystem,
  series: kernel.series,
});

/** The upstream version under Debian's package: `6.12.117`. */
export const kernelVersion = ({ kernel }: Pick<MeasuredRun, 'kernel'>): string =>
  kernel.package.replace(/-[^-]*$/, '');

const onKernel = (run: MeasuredRun): EvidenceRow['on'] => ({
  series: run.kernel.series,
  kernel: kernelVersion(run),
  filesystem: run.filesystem,
});

const variantOf = ({ volatile }: MeasuredRun): 'plain' | 'volatile' =>
  volatile ? 'volatile' : 'plain';

const SHOWN: readonly Metric[] = ['seconds', 'flushes', 'writes'];

/** The numbers by which a run is judged, and the one it was asked for. */
function numbersOf(run: RecordedRun, metric: Metric = 'seconds'): Quantity[] {
  const variant = variantOf(run);
  return [...new Set([metric, ...SHOWN])].map((name) => ({
    name,
    variant,
    value: metricOf(run, name),
  }));
}

const dirtyOf = ({ dirtyMiB }: RecordedRun): Quantity[] =>
  dirtyMiB === 0 ? [] : [{ name: 'dirtyMiB', value: dirtyMiB }];

function metricOf(run: RecordedRun, metric: Metric): number {
  if (metric === 'dirtyBefore') return run.dirtyKiB[0];
  if (metric === 'dirtyAfter') return run.dirtyKiB[1];
  return run[metric];
}

function observeVerdict(observation: ObservationOf<'verdict'>, { measured }: Evidence): Observed {
  const selected = comparisons(measured).filter((comparison) => selects(observation, comparison));
  return {
    missing: unseen(observation, selected),
    rows: selected.map(({ plain, volatile, verdict }) => ({
      on: onKernel(plain),
      runs: [plain.id, volatile.id],
      what: '',
      numbers: [...dirtyOf(plain), ...numbersOf(plain), ...numbersOf(volatile)],
      words: [verdict],
      command: plain.command,
      holds: wanted(observation, verdict === observation.is),
    })),
  };
}

function recordedRuns(
  observation: ObservationOf<'number' | 'call'>,
  { measured }: Evidence,
): RecordedRun[] {
  return measured.runs.filter(
    (run): run is RecordedRun =>
      run.kind === 'recorded' &&
      variantOf(run) === observation.variant &&
      selects(observation, placeOf(run)),
  );
}

function observeNumber(observation: ObservationOf<'number'>, evidence: Evidence): Observed {
  const { metric, mib } = observation;
  const selected = recordedRuns(observation, evidence).filter(
    ({ dirtyMiB }) => mib?.includes(dirtyMiB) ?? true,
  );
  const missing = unseen(observation, selected.map(placeOf));
  for (const size of mib ?? [])
    if (!selected.some(({ dirtyMiB }) => dirtyMiB === size)) missing.push(`${size} MiB`);

  const rows: EvidenceRow[] = [];
  for (const run of selected) {
    const other = otherSide(observation, run, evidence);
    if (other === undefined) {
      missing.push(`what to compare ${run.id} to`);
      continue;
    }
    const limit = (observation.times ?? 1) * other.value;
    rows.push({
      on: onKernel(run),
      runs: [run.id, ...(other.run === undefined ? [] : [other.run.id])],
      what: metric,
      numbers: [
        ...dirtyOf(run),
        ...numbersOf(run, metric),
        ...(other.run?.chosenBy === run.chosenBy && other.run.volatile !== run.volatile
          ? numbersOf(other.run, metric)
          : []),
      ],
      words: [`${metric} ${observation.is} ${String(Number(limit.toPrecision(4)))}`],
      command: run.command,
      holds: wanted(
        observation,
        compare(metricOf(run, metric), observation.is, limit, observation.within),
      ),
    });
  }
  return { rows, missing };
}

/** What the number is held against; undefined where no such run exists. */
function otherSide(
  { than, metric }: ObservationOf<'number'>,
  run: RecordedRun,
  { measured }: Evidence,
): { value: number; run?: RecordedRun } | undefined {
  if (typeof than === 'number') return { value: than };
  if (than === 'dirty / rate') return { value: secondsToWrite(run) };
  const scenario = than.scenario ?? run.chosenBy;
  const variant = than.variant ?? variantOf(run);
  const other = measured.runs.find(
    (candidate): candidate is RecordedRun =>
      candidate.kind === 'recorded' &&
      candidate.chosenBy === scenario &&
      variantOf(candidate) === variant &&
      candidate.kernel.series === run.kernel.series &&
      candidate.filesystem === run.filesystem &&
      candidate.diskMBs === run.diskMBs &&
      candidate.dirtyMiB === run.dirtyMiB,
  );
  return other && { value: metricOf(other, than.metric ?? metric), run: other };
}

/** How long the disk needs for what is dirty, seconds: MiB over MB/s. */
export const secondsToWrite = ({
  dirtyMiB,
  diskMBs,
}: Pick<RecordedRun, 'dirtyMiB' | 'diskMBs'>): number => (dirtyMiB * 1.048576) / diskMBs;

/** @param within for `=`: how far apart they may be, as a part of the limit */
export function compare(
  value: number,
  is: ObservationOf<'number'>['is'],
  limit: number,
  within = 0,
): boolean {
  switch (is) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return Math.abs(value - limit) <= within * Math.abs(limit);
  }
}

function observeCall(observation: ObservationOf<'call'>, evidence: Evidence): Observed {
  const rows: EvidenceRow[] = [];
  const seen: Place[] = [];
  for (const run of recordedRuns(observation, evidence)) {
    const recording = evidence.recording(run.id);
    // Some scenarios are run without the tracer, and some traces are too long to keep.
    if (recording === undefined || recording.calls.length === 0) continue;
    seen.push(placeOf(run));
    const calls = callsOf(observation, recording.calls, false);
    const seconds = calls.reduce((sum, call) => sum + call.seconds, 0);
    const least = (observation.takes ?? 0) * recording.seconds;
    rows.push({
      on: onKernel(run),
      runs: [run.id],
      what: observation.function,
      numbers: [
        ...dirtyOf(run),
        ...numbersOf(run),
        { name: 'calls', value: calls.length },
        { name: 'callSeconds', value: seconds },
      ],
      words: [],
      command: run.command,
      holds: wanted(observation, calls.length > 0 && seconds >= least),
    });
  }
  return { rows, missing: unseen(observation, seen) };
}

/** The outermost calls that fit; what they call is part of them. */
function callsOf(
  observation: ObservationOf<'call'>,
  calls: readonly RecordedCall[],
  inside: boolean,
): RecordedCall[] {
  const { superblock, within } = observation;
  return calls.flatMap((call) => {
    const fits =
      call.fn === observation.function &&
      (superblock === undefined || call.superblock === superblock) &&
      (within === undefined || inside);
    return fits ? [call] : callsOf(observation, call.calls ?? [], inside || call.fn === within);
  });
}

function observeProbe(observation: ObservationOf<'probe'>, { measured }: Evidence): Observed {
  const rows: EvidenceRow[] = [];
  const seen: Place[] = [];
  const labels = new Set<string>();
  for (const run of measured.runs) {
    if (run.kind === 'recorded' || !selects(observation, placeOf(run))) continue;
    if ((observation.variant ?? variantOf(run)) !== variantOf(run)) continue;
    const probes: Probed[] =
      run.kind === 'probe' ? run.probes : [{ ...run.remount, label: 'remount' }];
    for (const probed of probes) {
      if (!observation.probe.includes(probed.label)) continue;
      seen.push(placeOf(run));
      labels.add(probed.label);
      rows.push({
        on: onKernel(run),
        runs: [run.id],
        what: probed.label,
        numbers: [{ name: 'status', value: probed.status }],
        words: wordsOf(observation, probed),
        command: run.command,
        holds: wanted(observation, answersProbe(observation, probed)),
      });
    }
  }
  const silent = observation.probe.filter((label) => !labels.has(label));
  return {
    rows,
    missing: [...unseen(observation, seen), ...silent.map((label) => `probe "${label}"`)],
  };
}

function answersProbe(
  { answers, prints, logs }: ObservationOf<'probe'>,
  { status, out, dmesg }: Probed,
): boolean {
  if (answers !== undefined) return (status === 0) === (answers === 'accepted');
  const expression = new RegExp(prints ?? logs ?? '');
  return (prints === undefined ? dmesg : out).some((line) => expression.test(line));
}

/** The lines that answer, or all of them where none does and there are few. */
function wordsOf({ answers, prints, logs }: ObservationOf<'probe'>, probed: Probed): string[] {
  const lines = [...probed.out, ...probed.dmesg];
  if (answers !== undefined) return lines.slice(0, 2);
  const from = prints === undefined ? probed.dmesg : probed.out;
  const expression = new RegExp(prints ?? logs ?? '');
  const fitting = from.filter((line) => expression.test(line));
  return (fitting.length > 0 ? fitting : from).slice(0, 2);
}

function survivorState({ bytes, length, intact }: Survivor): ObservationOf<'survivor'>['is'] {
  if (length === bytes && intact === bytes) return 'whole';
  return length === null || intact === 0 ? 'nothing' : 'part';
}

function observeSurvivor(observation: ObservationOf<'survivor'>, { measured }: Evidence): Observed {
  const rows: EvidenceRow[] = [];
  const seen: Place[] = [];
  for (const run of measured.runs) {
    if (run.kind !== 'power-cut' || variantOf(run) !== observation.variant) continue;
    if (!selects(observation, placeOf(run))) continue;
    for (const survivor of run.survivors) {
      if (survivor.file !== observation.file) continue;
      seen.push(placeOf(run));
      const state = survivorState(survivor);
      rows.push({
        on: onKernel(run),
        runs: [run.id],
        what: survivor.file,
        numbers: [
          { name: 'bytes', value: survivor.bytes },
          { name: 'intact', value: survivor.intact },
        ],
        words: [state],
        command: run.command,
        holds: wanted(observation, state === observation.is),
      });
    }
  }
  return { rows, missing: unseen(observation, seen) };
}

type Fields = Record<string, unknown>;

function observeRuntime(observation: ObservationOf<'runtime'>, { runtimes }: Evidence): Observed {
  const { runtime, versions, experiment, where = {}, field } = observation;
  const rows: EvidenceRow[] = [];
  const missing: string[] = [];
  for (const named of versions) {
    const before = rows.length;
    for (const result of runtimes.results) {
      if (result.runtime !== runtime || result.experiment !== experiment) continue;
      if (!`${result.version}.`.startsWith(`${named}.`)) continue;
      for (const found of casesOf(result.findings, observation.list)) {
        const fits = Object.entries(where).every(([key, value]) => same(at(found, key), value));
        if (!fits || at(found, field) === undefined) continue;
        rows.push({
          on: { runtime, version: result.version },
          runs: [experiment],
          what: Object.values(where)
            .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
            .join(', '),
          numbers: Object.entries(found).flatMap(([name, value]) =>
            typeof value === 'number' ? [{ name, value }] : [],
          ),
          words: linesOf(at(found, field)),
          command: result.provenance.command,
          holds: wanted(observation, answersField(observation, found)),
        });
      }
    }
    if (rows.length === before) missing.push(`${runtime} ${named}: ${experiment}`);
  }
  return { rows, missing };
}

function casesOf(findings: unknown, list: string | undefined): Fields[] {
  const found = list === undefined ? findings : at(findings as Fields, list);
  if (Array.isArray(found)) return found as Fields[];
  return found === undefined || found === null ? [] : [found as Fields];
}

/** The field at a path; undefined where there is none. */
function at(fields: Fields, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Fields | null | undefined)?.[key], fields);
}

function answersField(
  { field, is, contains, sameAs }: ObservationOf<'runtime'>,
  found: Fields,
): boolean {
  const value = at(found, field);
  if (contains !== undefined) return linesOf(value).some((line) => line.includes(contains));
  return same(value, sameAs === undefined ? is : at(found, sameAs));
}

/** Text as it is, a list line by line, anything else as JSON. */
function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(linesOf);
  return typeof value === 'string' ? [value] : [JSON.stringify(value)];
}

const same = (one: unknown, other: unknown): boolean =>
  one !== undefined && JSON.stringify(one) === JSON.stringify(other);
