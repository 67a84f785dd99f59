import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildReplay,
  buildTimeline,
  findRow,
  frame,
  memoryAt,
  screenSeconds,
  speed,
  stepOf,
  type Mode,
  type Replay,
} from '../../../src/recording/replay.ts';
import type { Recording, RecordedCall } from '../../../src/recording/types.ts';
import { loadReplay, REPLAYS } from '../../../src/figures/umount-replay/load.ts';

const replays: Replay[] = await Promise.all(
  REPLAYS.map(({ series, scenario }) => loadReplay(series, scenario)),
);
const modes: Mode[] = ['plain', 'volatile', 'both'];
const someReplay = fc.constantFrom(...replays);
const someMode = fc.constantFrom(...modes);

function call(
  fn: string,
  start: number,
  seconds: number,
  calls: RecordedCall[] = [],
): RecordedCall {
  return { fn, layer: 'vfs', superblock: null, start, seconds, ...(calls.length > 0 && { calls }) };
}

function recording(volatile: boolean, seconds: number, calls: RecordedCall[]): Recording {
  const memory = { dirtyKiB: 1024, writebackKiB: 0 };
  return {
    schema: 1,
    id: `1.0-ext4-test-${volatile ? 'volatile' : 'plain'}`,
    kernel: { series: '1.0', version: '1.0.0', release: '1.0.0', package: '1.0.0-1' },
    filesystem: 'ext4',
    scenario: 'test',
    operation: 'umount',
    volatile,
    parameters: { dirtyMiB: 1, diskMBs: 20, dirtyIn: 'overlay' },
    seconds,
    returnCode: 0,
    errno: 0,
    before: memory,
    after: volatile ? memory : { dirtyKiB: 0, writebackKiB: 0 },
    calls,
    stacks: [],
    samples: [],
    provenance: { recordedBy: '', commandLine: '', files: [], machine: '', notes: [] },
  };
}

const nothingFolded = {
  closed: new Set<string>(),
  hidden: new Set<string>(),
  first: new Set<string>(),
};

describe('buildReplay', () => {
  it('merges both trees by path and keeps what only one run calls', () => {
    const plain = recording(false, 10, [
      call('task', 0, 10, [call('sync', 1, 1), call('gate', 2, 7, [call('flush', 3, 5)])]),
    ]);
    const volatile = recording(true, 1, [
      call('task', 0, 1, [call('sync', 0.1, 0.1), call('gate', 0.3, 0.1)]),
    ]);
    const { rows } = buildReplay(plain, volatile, nothingFolded);
    expect(rows.map(({ key, depth, volatile: at }) => [key, depth, at !== null])).toEqual([
      ['task', 0, true],
      ['sync', 1, true],
      ['gate', 1, true],
      ['flush', 2, false],
    ]);
  });

  it('gives the bare name to the longest call and numbers the others', () => {
    const plain = recording(false, 10, [call('f', 0, 1), call('f', 2, 6), call('f', 9, 1)]);
    const volatile = recording(true, 1, [call('f', 0, 1)]);
    const { rows } = buildReplay(plain, volatile, nothingFolded);
    expect(rows.map(({ key }) => key)).toEqual(['f.1', 'f', 'f.3']);
    expect(rows.map(({ nth }) => nth)).toEqual([1, 2, 3]);
  });

  it('folds, hides and shows the first call as the facts say', () => {
    const calls = [
      call('closed', 0, 2, [call('a', 0.1, 1, [call('b', 0.2, 0.1)])]),
      call('hidden', 3, 1),
      call('first', 5, 1),
      call('first', 7, 1),
    ];
    const { rows } = buildReplay(recording(false, 10, calls), recording(true, 10, calls), {
      closed: new Set(['closed']),
      hidden: new Set(['hidden']),
      first: new Set(['first']),
    });
    expect(rows.map(({ fn }) => fn)).toEqual(['closed', 'first']);
  });

  it('refuses two recordings that are not one scenario and names both', () => {
    const plain = recording(false, 1, []);
    expect(() => buildReplay(plain, plain, nothingFolded)).toThrow(/test-plain and .*test-plain/);
  });
});

describe('the replays of the site', () => {
  it.each(replays.map((replay) => [`${replay.series} ${replay.scenario}`, replay] as const))(
    '%s: volatile never reaches the upper superblock, plain waits there',
    (_, replay) => {
      const upper = replay.rows.filter(({ superblock }) => superblock === 'upper');
      expect(upper.length).toBeGreaterThan(5);
      expect(upper.every(({ plain, volatile }) => plain && !volatile)).toBe(true);
      const wait = replay.rows[findRow(replay, 'wb_wait_for_completion')];
      expect(wait?.plain?.[1]).toBeGreaterThan(0.9 * replay.runs.plain.seconds);
      expect(replay.runs.volatile.seconds).toBeLessThan(replay.runs.plain.seconds / 100);
      const gates = replay.rows.filter(({ fn }) => fn === 'ovl_sync_status');
      expect(gates).toHaveLength(2);
      expect(gates.every(({ plain, volatile }) => plain && volatile)).toBe(true);
    },
  );

  it.each(replays.map((replay) => [`${replay.series} ${replay.scenario}`, replay] as const))(
    '%s: every row has an address of its own',
    (_, replay) => {
      const keys = replay.rows.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      keys.forEach((key, i) => {
        expect(findRow(replay, key)).toBe(i);
      });
    },
  );
});

describe('frame', () => {
  it('never runs backwards and ends at the recorded times', () => {
    fc.assert(
      fc.property(
        someReplay,
        someMode,
        fc.array(fc.tuple(fc.nat(120), fc.double({ min: 0, max: 1, noNaN: true }))),
        (replay, mode, moments) => {
          const timeline = buildTimeline(replay, mode);
          const ordered = moments.sort(([a, s], [b, t]) => a - b || s - t);
          let before = -1;
          for (const [step, t] of ordered) {
            const { clock } = frame(replay, timeline, step, t);
            expect(clock).toBeGreaterThanOrEqual(before);
            before = clock;
          }
          const end = frame(replay, timeline, timeline.stops.length, 0);
          for (const lane of ['plain', 'volatile'] as const) {
            if (!end[lane]) continue;
            expect(end[lane].over).toBe(true);
            expect(end[lane].clock).toBe(replay.runs[lane].seconds);
            expect(end[lane].memory).toEqual(replay.runs[lane].after);
          }
        },
      ),
    );
  });

  it('shows a row as never called exactly where the run does not call it', () => {
    fc.assert(
      fc.property(
        someReplay,
        someMode,
        fc.nat(120),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (replay, mode, step, t) => {
          const timeline = buildTimeline(replay, mode);
          const now = frame(replay, timeline, step, t);
          for (const lane of ['plain', 'volatile'] as const) {
            const at = now[lane];
            expect(at !== undefined).toBe(mode === 'both' || mode === lane);
            if (!at) continue;
            replay.rows.forEach((row, i) => {
              expect(at.states[i] === 'never').toBe(row[lane] === null);
            });
            expect(at.states.filter((state) => state === 'current').length).toBe(
              at.over || at.current < 0 ? 0 : 1,
            );
            expect(at.memory.dirtyKiB).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('stands at the entry of the row that a step names', () => {
    for (const replay of replays) {
      for (const mode of modes) {
        const timeline = buildTimeline(replay, mode);
        replay.rows.forEach((row, i) => {
          const step = stepOf(timeline, i);
          const lane = timeline.stops[step]?.lane;
          if (!lane) {
            expect(mode === 'volatile' && row.volatile === null).toBe(true);
            return;
          }
          const now = frame(replay, timeline, step, 0);
          expect(now.clock).toBe(row[lane]?.[0]);
          expect(now[lane]?.current).toBe(i);
        });
      }
    }
  });

  it('puts both runs on one clock: volatile is over while plain still works', () => {
    const replay = replays[0];
    if (!replay) throw new Error('no replay');
    const timeline = buildTimeline(replay, 'both');
    const over = timeline.stops.findIndex(({ lane, row }) => lane === 'volatile' && row === -1);
    const now = frame(replay, timeline, over, 0);
    expect(now.volatile?.over).toBe(true);
    expect(now.plain?.over).toBe(false);
    expect(now.volatile?.clock).toBe(replay.runs.volatile.seconds);
  });
});

describe('memoryAt', () => {
  it('draws a straight line between two readings and keeps the readings themselves', () => {
    const run = {
      id: '',
      seconds: 4,
      before: { dirtyKiB: 100, writebackKiB: 0 },
      after: { dirtyKiB: 0, writebackKiB: 0 },
      samples: [
        [1, 80, 10, -1],
        [3, 40, 20, -1],
      ] as [number, number, number, number][],
      stacks: [],
    };
    expect(memoryAt(run, 0)).toEqual({ dirtyKiB: 100, writebackKiB: 0 });
    expect(memoryAt(run, 1)).toEqual({ dirtyKiB: 80, writebackKiB: 10 });
    expect(memoryAt(run, 2)).toEqual({ dirtyKiB: 60, writebackKiB: 15 });
    expect(memoryAt(run, 3.5)).toEqual({ dirtyKiB: 40, writebackKiB: 20 });
    expect(memoryAt(run, 3.5, true)).toEqual({ dirtyKiB: 0, writebackKiB: 0 });
  });
});

describe('the pace of the replay', () => {
  it('stretches microseconds, shortens seconds and says which', () => {
    expect(screenSeconds(1e-6) / 1e-6).toBeGreaterThan(1e4);
    expect(screenSeconds(13.2)).toBeLessThan(13.2);
    const replay = replays[0];
    if (!replay) throw new Error('no replay');
    const timeline = buildTimeline(replay, 'plain');
    const wait = stepOf(timeline, findRow(replay, 'wb_wait_for_completion'));
    expect(speed(timeline, wait)).toBeGreaterThan(1);
    expect(speed(timeline, 0)).toBeLessThan(0.01);
    expect(speed(timeline, timeline.stops.length - 1)).toBeNull();
  });
});
