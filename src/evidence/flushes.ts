/** How many flush requests operations cost, as a table of operations states it. */
import type { Comparison } from './verdict.ts';

/** The least and the most that any kernel asked for, without the option and with it. */
export interface FlushCounts {
  plain: readonly [least: number, most: number];
  volatile: readonly [least: number, most: number];
}

/**
 * Flush counts of some scenarios on one file system, over every kernel that was measured.
 *
 * @param chosenBy names as `npm run lab -- --scenario` knows them
 * @returns undefined where nothing was measured
 */
export function flushCounts(
  comparisons: readonly Comparison[],
  chosenBy: readonly string[],
  filesystem: Comparison['filesystem'],
): FlushCounts | undefined {
  const found = comparisons.filter(
    (each) => each.filesystem === filesystem && chosenBy.includes(each.chosenBy),
  );
  if (found.length === 0) return undefined;
  const range = (variant: 'plain' | 'volatile') => {
    const counts = found.map((each) => each[variant].flushes);
    return [Math.min(...counts), Math.max(...counts)] as const;
  };
  return { plain: range('plain'), volatile: range('volatile') };
}
