import type { Layer, MemoryState, Recording, RecordedCall, Superblock } from './types.ts';

/**
 * The replay of one operation recorded twice on one kernel, plain and with `volatile`.
 *
 * The two call trees are merged by path into rows. A row that only the plain run has is a call that
 * `volatile` removes. Rows and memory are all a figure needs: it is small enough to travel in a page.
 */
export interface Replay {
  /** Kernel series, `6.12`. */
  series: string;
  scenario: string;
  kernel: Recording['kernel'];
  filesystem: string;
  parameters: Recording['parameters'];
  rows: Row[];
  runs: Record<LaneName, Run>;
}

export type LaneName = 'plain' | 'volatile';

/** A call that the figure shows, in the order in which the kernel entered it. */
export interface Row {
  /** Short address of the row within its replay: see `address`. */
  key: string;
  fn: string;
  depth: number;
  layer: Layer;
  superblock: Superblock;
  /** Index of the enclosing row, -1 for a root. */
  parent: number;
  /** Which call of this function it is among its siblings, from 1. */
  nth: number;
  /** When the call ran in each run; null where it was never made. */
  plain: Span | null;
  volatile: Span | null;
}

/** Start and length in seconds since the operation began. */
export type Span = [start: number, seconds: number];

export interface Run {
  id: string;
  seconds: number;
  before: MemoryState;
  after: MemoryState;
  /** `[t, dirty KiB, writeback KiB, index into stacks or -1]`, in order of t. */
  samples: [number, number, number, number][];
  stacks: string[][];
}

interface MergedCall {
  path: string;
  plain?: RecordedCall | undefined;
  volatile?: RecordedCall | undefined;
  calls: MergedCall[];
}

/** Names a call among its siblings: the function, `#n` from its second call on. */
function siblingNames(calls: readonly RecordedCall[]): string[] {
  const seen = new Map<string, number>();
  return calls.map(({ fn }) => {
    const n = (seen.get(fn) ?? 0) + 1;
    seen.set(fn, n);
    return n === 1 ? fn : `${fn}#${String(n)}`;
  });
}

function merge(
  plain: readonly RecordedCall[],
  volatile: readonly RecordedCall[],
  parent: string,
): MergedCall[] {
  const merged: MergedCall[] = [];
  const byPath = new Map<string, MergedCall>();
  const plainNames = siblingNames(plain);
  plain.forEach((call, i) => {
    const path = `${parent}/${plainNames[i] ?? call.fn}`;
    const node: MergedCall = { path, plain: call, calls: [] };
    byPath.set(path, node);
    merged.push(node);
  });
  const volatileNames = siblingNames(volatile);
  let after = 0;
  volatile.forEach((call, i) => {
    const path = `${parent}/${volatileNames[i] ?? call.fn}`;
    const known = byPath.get(path);
    if (known) {
      known.volatile = call;
      after = merged.indexOf(known) + 1;
    } else {
      merged.splice(after, 0, { path, volatile: call, calls: [] });
      after += 1;
    }
  });
  for (const node of merged) {
    node.calls = merge(node.plain?.calls ?? [], node.volatile?.calls ?? [], node.path);
  }
  return merged;
}

/** Tenths of a microsecond: the recorder's clock is no finer, and the text travels in the page. */
function round(seconds: number): number {
  return Math.round(seconds * 1e7) / 1e7;
}

function span(call: RecordedCall | undefined): Span | null {
  return call ? [round(call.start), round(call.seconds)] : null;
}

function run(recording: Recording): Run {
  return {
    id: recording.id,
    seconds: recording.seconds,
    before: recording.before,
    after: recording.after,
    samples: recording.samples.map((s) => [round(s.t), s.dirtyKiB, s.writebackKiB, s.stack ?? -1]),
    stacks: recording.stacks,
  };
}

/** What a figure leaves out of the call tree. Names come from the facts, not from the figure. */
export interface Folding {
  /** Functions whose inner calls are folded into their row. */
  closed: ReadonlySet<string>;
  /** Functions that get no row of their own. */
  hidden: ReadonlySet<string>;
  /** Functions of which only the first call among its siblings gets a row. */
  first: ReadonlySet<string>;
}

/**
 * Merges a plain and a volatile recording of the same operation, kernel and scenario.
 *
 * @throws {RangeError} when the two do not belong together; the message names both.
 */
export function buildReplay(plain: Recording, volatile: Recording, folding: Folding): Replay {
  if (
    plain.volatile ||
    !volatile.volatile ||
    plain.kernel.release !== volatile.kernel.release ||
    plain.scenario !== volatile.scenario ||
    plain.filesystem !== volatile.filesystem
  ) {
    throw new RangeError(`${plain.id} and ${volatile.id} are not one scenario, plain and volatile`);
  }
  const rows: Row[] = [];
  const add = (nodes: readonly MergedCall[], depth: number, parent: number): void => {
    for (const node of nodes) {
      const call = node.plain ?? node.volatile;
      if (!call) continue;
      const nth = Number(/#(\d+)$/.exec(node.path)?.[1] ?? 1);
      if (folding.hidden.has(call.fn) || (nth > 1 && folding.first.has(call.fn))) continue;
      const closed = folding.closed.has(call.fn);
      rows.push({
        key: '',
        fn: call.fn,
        depth,
        layer: call.layer,
        superblock: call.superblock,
        parent,
        nth,
        plain: span(node.plain),
        volatile: span(node.volatile),
      });
      if (!closed) add(node.calls, depth + 1, rows.length - 1);
    }
  };
  add(merge(plain.calls, volatile.calls, ''), 0, -1);
  addresses(rows).forEach((key, i) => {
    const row = rows[i];
    if (row) row.key = key;
  });
  return {
    series: plain.kernel.series,
    scenario: plain.scenario,
    kernel: plain.kernel,
    filesystem: plain.filesystem,
    parameters: plain.parameters,
    rows,
    runs: { plain: run(plain), volatile: run(volatile) },
  };
}

/**
 * Short addresses for links. The bare function name means its longest call in the plain run, the one
 * people mean when they say "it hangs in sync_filesystem"; the other calls are `name.1`, `name.2`.
 */
function addresses(rows: readonly Row[]): string[] {
  const byName = new Map<string, number[]>();
  rows.forEach(({ fn }, i) => byName.set(fn, [...(byName.get(fn) ?? []), i]));
  const keys = new Array<string>(rows.length).fill('');
  for (const [fn, indices] of byName) {
    let longest = indices[0] ?? 0;
    for (const i of indices) {
      if ((rows[i]?.plain?.[1] ?? 0) > (rows[longest]?.plain?.[1] ?? 0)) longest = i;
    }
    indices.forEach((i, n) => (keys[i] = i === longest ? fn : `${fn}.${String(n + 1)}`));
  }
  return keys;
}

/** The index of the row that an address names, or -1. */
export function findRow(replay: Replay, key: string): number {
  return replay.rows.findIndex((row) => row.key === key);
}

/** What is being replayed: one run alone, or both on one clock. */
export type Mode = LaneName | 'both';

/** The moments a reader steps through: each entry of a call, then the end of the operation. */
export interface Timeline {
  mode: Mode;
  stops: Stop[];
}

export interface Stop {
  /** Seconds since the operation began. */
  clock: number;
  lane: LaneName;
  /** The row entered at this moment; -1 when the run's operation is over. */
  row: number;
}

function lanes(mode: Mode): LaneName[] {
  return mode === 'both' ? ['plain', 'volatile'] : [mode];
}

/** The stops of a mode in order of the clock. Both runs start at zero on the same clock. */
export function buildTimeline(replay: Replay, mode: Mode): Timeline {
  const stops: Stop[] = [];
  for (const lane of lanes(mode)) {
    replay.rows.forEach((row, i) => {
      const at = row[lane];
      if (at) stops.push({ clock: at[0], lane, row: i });
    });
    stops.push({ clock: replay.runs[lane].seconds, lane, row: -1 });
  }
  // A sort is stable: within one run equal stamps keep the order of entry.
  stops.sort((a, b) => a.clock - b.clock);
  return { mode, stops };
}

/** The step that shows a row: its entry in the mode's first run that makes the call; -1 if none does. */
export function stepOf(timeline: Timeline, row: number): number {
  return timeline.stops.findIndex((stop) => stop.row === row);
}

export type RowState = 'pending' | 'active' | 'current' | 'done' | 'never';

/** Everything one run shows at one moment. */
export interface LaneFrame {
  /** Seconds on this run's own clock: it stops when the operation is over. */
  clock: number;
  over: boolean;
  /** The innermost row entered so far; -1 before the first and when over. */
  current: number;
  states: RowState[];
  memory: MemoryState;
  /** Latest stack sample at or before the clock: index into the run's samples, -1 for none. */
  sample: number;
}

export interface Frame {
  clock: number;
  stop: Stop;
  plain?: LaneFrame;
  volatile?: LaneFrame;
}

/**
 * The picture at a step, `t` of the way to the next one: the only source of what the figure shows,
 * so that play, scrub, keys, links, print and the page without JavaScript agree.
 *
 * @param step index into `timeline.stops`, clamped
 * @param t progress in [0,1] towards the next stop, clamped; ignored at the last
 */
export function frame(replay: Replay, timeline: Timeline, step: number, t: number): Frame {
  const last = timeline.stops.length - 1;
  const at = Math.min(Math.max(Math.trunc(step), 0), last);
  const stop = timeline.stops[at];
  if (!stop) throw new RangeError(`a replay of ${replay.series} without a single stop`);
  const next = timeline.stops[at + 1];
  const part = Math.min(Math.max(t, 0), 1);
  const clock = next ? stop.clock + (next.clock - stop.clock) * part : stop.clock;
  const result: Frame = { clock, stop };
  for (const lane of lanes(timeline.mode)) {
    let entered = -1;
    let over = false;
    for (let i = 0; i <= at; i += 1) {
      const passed = timeline.stops[i];
      if (passed?.lane !== lane) continue;
      if (passed.row === -1) over = true;
      else entered = passed.row;
    }
    result[lane] = laneFrame(replay, lane, clock, entered, over);
  }
  return result;
}

function laneFrame(
  replay: Replay,
  lane: LaneName,
  clock: number,
  entered: number,
  over: boolean,
): LaneFrame {
  const { seconds, samples } = replay.runs[lane];
  const now = over ? seconds : Math.min(clock, seconds);
  const states = replay.rows.map((row, i): RowState => {
    const at = row[lane];
    if (!at) return 'never';
    if (over) return 'done';
    if (i > entered) return 'pending';
    if (i === entered) return 'current';
    return at[0] + at[1] <= now ? 'done' : 'active';
  });
  let sample = -1;
  samples.forEach(([t, , , stack], i) => {
    if (stack >= 0 && t <= now) sample = i;
  });
  return {
    clock: now,
    over,
    current: over ? -1 : entered,
    states,
    memory: memoryAt(replay.runs[lane], now, over),
    sample,
  };
}

/** Dirty and Writeback at a moment: a straight line between two samples, the last one after the end. */
export function memoryAt(run: Run, clock: number, over = false): MemoryState {
  if (over) return run.after;
  let before: [number, number, number] = [0, run.before.dirtyKiB, run.before.writebackKiB];
  for (const [t, dirty, writeback] of run.samples) {
    if (t > clock) {
      const part = t > before[0] ? (clock - before[0]) / (t - before[0]) : 1;
      return {
        dirtyKiB: before[1] + (dirty - before[1]) * part,
        writebackKiB: before[2] + (writeback - before[2]) * part,
      };
    }
    if (t >= before[0]) before = [t, dirty, writeback];
  }
  return { dirtyKiB: before[1], writebackKiB: before[2] };
}

/**
 * How long a stretch of recorded time stays on the screen, seconds. Microseconds are stretched so
 * that an eye can follow, seconds are shortened so that nobody waits: the figure prints the ratio.
 */
export function screenSeconds(recordedSeconds: number): number {
  const ABOVE = 0.5;
  if (recordedSeconds >= ABOVE) return 0.25 + Math.min(recordedSeconds / 2.5, 6);
  const decades = Math.log10(Math.max(recordedSeconds, 1e-6) / 1e-6);
  return 0.04 + 0.012 * decades;
}

/** Recorded seconds per second of screen at a step: below 1 the replay is slowed, above it is sped up. */
export function speed(timeline: Timeline, step: number): number | null {
  const here = timeline.stops[step];
  const next = timeline.stops[step + 1];
  if (!here || !next) return null;
  const recorded = next.clock - here.clock;
  return recorded / screenSeconds(recorded);
}

/** The call that the plain run spends its time in: what a reader came to see explained. */
export function longestLeaf({ rows }: Replay): number {
  const callers = new Set(rows.map(({ parent }) => parent));
  let longest = -1;
  rows.forEach((row, i) => {
    if (!callers.has(i) && (row.plain?.[1] ?? 0) > (rows[longest]?.plain?.[1] ?? 0)) longest = i;
  });
  return longest;
}
