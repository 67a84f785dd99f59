/** What `volatile` does to an operation, decided by what the disk was asked to do. */
import type { Measured, RecordedRun } from './measured.ts';

/**
 * - `skipped`: without the option the operation reaches the disk, with it it does not.
 * - `kept`: it reaches the disk with and without the option.
 * - `partly`: with the option the disk still writes, but is no longer told to flush.
 * - `not-affected`: it does not reach the disk even without the option.
 * - `added`: it reaches the disk only with the option. No rule of the kernel allows that: a check
 *   fails where it occurs.
 */
export type Verdict = 'skipped' | 'partly' | 'kept' | 'not-affected' | 'added';

/** One operation on one kernel and file system, measured both ways. */
export interface Comparison {
  /** `6.12` */
  series: string;
  filesystem: RecordedRun['filesystem'];
  scenario: string;
  /** What `npm run lab -- --scenario` chooses by: the scenario without its size. */
  chosenBy: string;
  diskMBs: number;
  plain: RecordedRun;
  volatile: RecordedRun;
  verdict: Verdict;
}

/**
 * Whether an operation made the disk work while its caller waited: a flush, or a write. The runs
 * begin with a clean disk and a write-back that never starts by itself, so there is no other cause.
 */
export const reachesDisk = ({
  flushes,
  writes,
}: Pick<RecordedRun, 'flushes' | 'writes'>): boolean => flushes > 0 || writes > 0;

/** The verdict over two runs of the same operation. */
export function verdictOf(
  plain: Pick<RecordedRun, 'flushes' | 'writes'>,
  volatile: Pick<RecordedRun, 'flushes' | 'writes'>,
): Verdict {
  if (!reachesDisk(plain)) return reachesDisk(volatile) ? 'added' : 'not-affected';
  if (!reachesDisk(volatile)) return 'skipped';
  return plain.flushes > 0 && volatile.flushes === 0 ? 'partly' : 'kept';
}

/** Every operation that was measured both ways, in the order of the plain runs. */
export function comparisons({ runs }: Measured): Comparison[] {
  const recorded = runs.filter((run) => run.kind === 'recorded');
  const byId = new Map(recorded.map((run) => [run.id, run]));
  return recorded.flatMap((plain): Comparison[] => {
    if (plain.volatile) return [];
    const volatile = byId.get(plain.id.replace(/-plain$/, '-volatile'));
    if (volatile === undefined) return [];
    const { kernel, filesystem, scenario, chosenBy, diskMBs } = plain;
    const verdict = verdictOf(plain, volatile);
    const { series } = kernel;
    return [{ series, filesystem, scenario, chosenBy, diskMBs, plain, volatile, verdict }];
  });
}
