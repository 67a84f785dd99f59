import { RecordingError } from './errors.ts';
import type { PlacedCall } from './layers.ts';
import type { TracedCall } from './parse-trace.ts';
import { siblingNames } from './tree.ts';

/** The operation's place on the trace clock, whole nanoseconds. */
export interface Window {
  begin: number;
  end: number;
}

/** Recorder and tracer read the clock one after the other: microseconds may lie between them. */
const SLACK = 10_000;
/** A DURATION that exceeds exit minus entry by more than this means a late entry stamp. */
const LATE = 20_000;
/** Calls at least this long show how the DURATION clock runs against the TIME clock. */
const LONG_ENOUGH = 200_000;
/** Fewer long calls than this tell nothing. */
const ENOUGH_CALLS = 3;
/** Clocks that differ by less than this factor agree. */
const AGREEMENT = 0.02;

/**
 * Turns traced times into start and length of each call, on the clock of the operation.
 *
 * Calls outside the window (the recorder's own write, stray task work) are left out. TIME is
 * preferred: a call lasts from its opening to its closing row. A leaf has one row only and takes
 * its DURATION, scaled where the tracer's DURATION clock runs wrong. Where a DURATION is clearly
 * longer than the rows are apart, the opening row was stamped late, and the call starts its
 * DURATION before its end; never before its parent, its elder sibling or the operation.
 *
 * @param notes receives each such decision, in words
 * @returns calls with seconds since the operation began, nanosecond resolution
 */
export function placeCalls(
  roots: readonly TracedCall[],
  window: Window,
  file: string,
  notes: string[],
): PlacedCall[] {
  const inside = roots.filter((root) => belongs(root, window, file));
  if (inside.length === 0) {
    throw new RecordingError({
      file,
      reason: 'no call lies within the operation',
      expected: `one between ${(window.begin / 1e9).toFixed(6)} and ${(window.end / 1e9).toFixed(6)}`,
    });
  }
  const scale = durationScale(inside);
  if (scale !== 1) {
    notes.push(
      `DURATION clock: durations are ${(1 / scale).toFixed(2)} times the time between their rows ` +
        `(median); durations of leaf calls are divided by that.`,
    );
  }
  return placeAll(inside, window.begin, window.end, '');

  function placeAll(
    calls: readonly TracedCall[],
    begin: number,
    end: number,
    parent: string,
  ): PlacedCall[] {
    const names = siblingNames(calls);
    let earliest = begin;
    return calls.map((call, index) => {
      const name = names[index] ?? call.fn;
      const path = parent === '' ? name : `${parent}/${name}`;
      const placed = place(call, earliest, end, path);
      earliest = placed.until;
      return placed.call;
    });
  }

  function place(
    call: TracedCall,
    earliest: number,
    latest: number,
    path: string,
  ): { call: PlacedCall; until: number } {
    const duration = Math.round((call.duration ?? 0) * scale);
    let start: number;
    let until: number;
    if (call.exit === undefined) {
      until = Math.min(call.entry + duration, call.next ?? latest, latest);
      start = until - duration;
      if (call.entry - start > LATE) notes.push(late(path, call, Math.max(start, earliest)));
    } else {
      until = Math.min(call.exit, latest);
      start = call.entry;
      if (duration - (call.exit - call.entry) > LATE) {
        start = call.exit - duration;
        notes.push(late(path, call, Math.max(start, earliest)));
      }
    }
    start = Math.max(start, earliest);
    until = Math.max(until, start);
    return {
      call: {
        fn: call.fn,
        ...(call.module === undefined ? {} : { module: call.module }),
        line: call.line,
        start: (start - window.begin) / 1e9,
        seconds: (until - start) / 1e9,
        calls: placeAll(call.calls, start, until, path),
      },
      until,
    };
  }

  function late(path: string, call: TracedCall, start: number): string {
    const early = Math.round((call.entry - start) / 1e3);
    return `${path} (trace line ${call.line}): entry stamped late, start moved ${early} us earlier by its DURATION.`;
  }
}

/**
 * Whether a root is part of the operation. The process is in user space when the operation begins
 * and when it ends, so no root can be so in part. A leaf that entered before began before, however
 * far its DURATION seems to reach: its only stamp may be late.
 */
function belongs(root: TracedCall, { begin, end }: Window, file: string): boolean {
  if (root.entry >= end || (root.entry < begin && (root.exit ?? begin) <= begin + SLACK)) {
    return false;
  }
  if (root.entry < begin || (root.exit ?? root.entry) > end + SLACK) {
    throw new RecordingError({
      file,
      line: root.line,
      reason: `${root.fn} lies half outside the operation`,
      expected: `calls between ${(begin / 1e9).toFixed(6)} and ${(end / 1e9).toFixed(6)}`,
    });
  }
  return true;
}

/**
 * The factor that turns DURATION into time: 1 where they agree. A machine that calibrated its
 * time-stamp counter wrong stretches all DURATIONs alike, while TIME stays right.
 */
function durationScale(roots: readonly TracedCall[]): number {
  const ratios: number[] = [];
  const collect = (call: TracedCall) => {
    if (call.exit !== undefined && call.duration !== undefined && call.duration >= LONG_ENOUGH) {
      ratios.push((call.exit - call.entry) / call.duration);
    }
    call.calls.forEach(collect);
  };
  roots.forEach(collect);
  if (ratios.length < ENOUGH_CALLS) return 1;
  ratios.sort((a, b) => a - b);
  const middle = ratios.length >> 1;
  const upper = ratios[middle] ?? 1;
  const median = ratios.length % 2 === 1 ? upper : ((ratios[middle - 1] ?? upper) + upper) / 2;
  return Math.abs(median - 1) <= AGREEMENT ? 1 : median;
}
