import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordingError } from '../../../src/recording/errors.ts';
import type { PlacedCall } from '../../../src/recording/layers.ts';
import { parseTrace } from '../../../src/recording/parse-trace.ts';
import { placeCalls } from '../../../src/recording/timeline.ts';
import { forests, HEADER, print } from './forest.ts';

/** Places a trace in an operation from `begin` to `end`, seconds on the trace clock. */
function place(rows: string, begin: number, end: number) {
  const notes: string[] = [];
  const window = { begin: Math.round(begin * 1e9), end: Math.round(end * 1e9) };
  const calls = placeCalls(parseTrace(HEADER + rows, 'x.trace'), window, 'x.trace', notes);
  return { calls, notes };
}

const LATE_FIRST = `    7.124401 |                |  __x64_sys_umount() {
    7.125002 |  # 1038.199 us |    path_umount();
    7.126168 |  # 3472.243 us |  } /* __x64_sys_umount */
    7.126172 |  $ 13357416 us |  task_work_run();
   20.483652 |  + 87.490 us   |  __x64_sys_write();
`;

describe('calls on the clock of the operation', () => {
  test('a first entry stamped late is moved by its DURATION, and noted', () => {
    const { calls, notes } = place(LATE_FIRST, 7.122647, 20.483633);
    expect(calls[0]).toMatchObject({
      fn: '__x64_sys_umount',
      start: 0.000048757,
      seconds: 0.003472243,
    });
    expect(notes).toEqual([
      '__x64_sys_umount (trace line 5): entry stamped late, start moved 1705 us earlier by its DURATION.',
    ]);
  });

  test('never before the operation', () => {
    const { calls } = place(LATE_FIRST, 7.1235, 20.483633);
    expect(calls[0]).toMatchObject({ start: 0, seconds: 0.002668 });
  });

  test('a leaf takes its DURATION, any other call the time between its rows', () => {
    const { calls, notes } = place(
      `    1.000010 |                |  task_work_run() {
    1.000020 |    6.750 us    |    ovl_stack_put [overlay]();
    1.000200 |  ! 188.000 us  |  } /* task_work_run */
`,
      1,
      1.001,
    );
    expect(calls[0]).toMatchObject({ start: 0.00001, seconds: 0.00019 });
    expect(calls[0]?.calls[0]).toMatchObject({
      module: 'overlay',
      start: 0.00002,
      seconds: 0.00000675,
    });
    expect(notes).toEqual([]);
  });

  test('a leaf ends before the next row: its only stamp may be late', () => {
    const { calls, notes } = place(
      `    1.000000 |                |  ovl_sync_fs [overlay]() {
    1.000059 |  + 67.220 us   |    ovl_sync_status [overlay]();
    1.000070 |  + 69.443 us   |  } /* ovl_sync_fs [overlay] */
`,
      1,
      1.001,
    );
    expect(calls[0]?.calls[0]).toMatchObject({ start: 0.00000278, seconds: 0.00006722 });
    expect(notes).toEqual([
      'ovl_sync_fs/ovl_sync_status (trace line 6): entry stamped late, start moved 56 us earlier by its DURATION.',
    ]);
  });

  test('and before a sibling, whatever it claims', () => {
    const { calls } = place(
      `    1.000000 |                |  sync_filesystem() {
    1.000010 |    4.000 us    |    sync_blockdev_nowait();
    1.000020 |  + 90.000 us   |    sync_inodes_sb();
    1.000050 |    2.000 us    |    sync_blockdev();
    1.000200 |  ! 200.000 us  |  } /* sync_filesystem */
`,
      1,
      1.001,
    );
    // Ninety microseconds do not fit between its neighbours: what fits is kept.
    expect(calls[0]?.calls[1]).toMatchObject({ start: 0.000014, seconds: 0.000036 });
    expect(calls[0]?.calls[2]).toMatchObject({ start: 0.00005, seconds: 0.000002 });
  });

  test('what lies outside the operation is left out', () => {
    const { calls } = place(
      `    9.208533 |  ! 673.185 us  |  task_work_run();
    9.209143 |  # 1611.195 us |  __x64_sys_umount();
    9.210760 |    4.000 us    |  task_work_run();
    9.300000 |                |  __x64_sys_write() {
    9.300001 |   10.000 us    |    ksys_write();
    9.300020 |   20.000 us    |  } /* __x64_sys_write */
`,
      9.209099,
      9.25,
    );
    expect(calls.map((call) => call.fn)).toEqual(['__x64_sys_umount', 'task_work_run']);
  });

  test.each([
    ['begins before the operation', 1.00005, 2],
    ['ends after it', 0.9, 1.0001],
  ])('a call that %s is refused', (_, begin, end) => {
    const rows = `    1.000000 |                |  task_work_run() {
    1.000001 |    1.000 us    |    __cleanup_mnt();
    1.000200 |  ! 200.000 us  |  } /* task_work_run */
`;
    expect(() => place(rows, begin, end)).toThrow(
      'x.trace:5: task_work_run lies half outside the operation',
    );
  });

  test('an operation without calls is refused', () => {
    expect(() => place(LATE_FIRST, 30, 31)).toThrow('no call lies within the operation');
  });

  test('DURATIONs of a counter that runs wrong are scaled by the median, and noted', () => {
    // All DURATIONs are 2.63 times the time between the rows, as on a wrongly calibrated TSC.
    const { calls, notes } = place(
      `    1.000000 |                |  __cleanup_mnt() {
    1.000000 |                |    cleanup_mnt() {
    1.000000 |                |      deactivate_super() {
    1.000100 |  # 2366.999 us |        wb_wait_for_completion();
    1.001000 |  # 2630.000 us |      } /* deactivate_super */
    1.001000 |  # 2630.000 us |    } /* cleanup_mnt */
    1.001000 |  # 2630.000 us |  } /* __cleanup_mnt */
`,
      0.9,
      1.1,
    );
    const leaf = calls[0]?.calls[0]?.calls[0]?.calls[0];
    expect(leaf).toMatchObject({ fn: 'wb_wait_for_completion', seconds: 0.0009 });
    expect(calls[0]).toMatchObject({ start: 0.1, seconds: 0.001 });
    expect(notes).toEqual([
      'DURATION clock: durations are 2.63 times the time between their rows (median); durations of leaf calls are divided by that.',
    ]);
  });

  test('any forest is placed in order, children inside parents, none of them lost', () => {
    fc.assert(
      fc.property(forests, fc.integer({ min: 1, max: 1e9 }), (forest, begin) => {
        const { text, calls: traced } = print(forest, begin);
        const window = { begin: (begin - 1) * 1e3, end: 1e18 };
        const notes: string[] = [];
        const placed = placeCalls(parseTrace(text, 'x.trace'), window, 'x.trace', notes);
        const count = (calls: readonly { calls: never[] | PlacedCall[] }[]): number =>
          calls.reduce((sum, call) => sum + 1 + count(call.calls), 0);
        expect(count(placed)).toBe(count(traced as unknown as PlacedCall[]));
        const check = (calls: readonly PlacedCall[], from: number, to: number) => {
          let earliest = from;
          for (const { start, seconds, calls: below } of calls) {
            expect(seconds).toBeGreaterThanOrEqual(0);
            expect(start).toBeGreaterThanOrEqual(earliest - 1e-9);
            expect(start + seconds).toBeLessThanOrEqual(to + 1e-9);
            check(below, start, start + seconds);
            earliest = start + seconds;
          }
        };
        check(placed, 0, Infinity);
        // Honest stamps need no decision.
        expect(notes).toEqual([]);
      }),
    );
  });
});

test('a fault is a RecordingError', () => {
  expect(() => place(LATE_FIRST, 30, 31)).toThrow(RecordingError);
});
