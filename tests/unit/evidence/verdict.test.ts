/** What two runs of one operation come to. */
import { expect, test } from 'vitest';
import { verdictOf, type Verdict } from '../../../src/evidence/verdict.ts';

type Asked = [flushes: number, writes: number];

test.each<[Asked, Asked, Verdict]>([
  [[2, 3], [0, 0], 'skipped'],
  [[0, 3], [0, 0], 'skipped'],
  [[2, 3], [2, 3], 'kept'],
  [[2, 3], [1, 0], 'kept'],
  [[2, 3], [0, 3], 'partly'],
  // Nothing was told to flush before, so nothing is left out.
  [[0, 3], [0, 3], 'kept'],
  [[0, 0], [0, 0], 'not-affected'],
  [[0, 0], [0, 1], 'added'],
])('flushes and writes %j without the option, %j with it: %s', (plain, volatile, verdict) => {
  const run = ([flushes, writes]: Asked) => ({ flushes, writes });
  expect(verdictOf(run(plain), run(volatile))).toBe(verdict);
});
