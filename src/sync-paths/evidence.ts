/** What shows that a path is as the model says: runs of the lab, or the source alone. */
import type { Comparison, Verdict } from '../evidence/verdict.ts';
import type { Status } from '../facts/schema.ts';
import { settingOn } from './kernels.ts';
import { existsOn, kernelOf, operationOf, type Question } from './path.ts';
import type { SyncModel } from './types.ts';

/** One run of the lab, as a figure shows it. */
export interface RunFigures {
  /** Its row in measured.json, and the name of its recording where it has one. */
  id: string;
  /** Requests that the disk completed while the caller waited. */
  flushes: number;
  writes: number;
  /** How long the caller waited. */
  seconds: number;
}

/** An operation run both ways: `plain` is `fsync=strict` where that was asked for. */
export interface RunPair {
  scenario: string;
  verdict: Verdict;
  plain: RunFigures;
  volatile: RunFigures;
}

/**
 * - `measured`: by runs of the lab on this kernel, file system and setting.
 * - any other status: not run so; the sources say it (`read`, `cited`), or it is concluded from
 *   them and from what was run (`inferred`).
 */
export type Evidence =
  | { kind: 'measured'; pairs: RunPair[] }
  | { kind: Exclude<Status, 'measured' | 'unsure'>; source: string[] };

/**
 * What an answer of the model rests on. What was not run on exactly this kernel, file system and
 * setting is never `measured`.
 *
 * @param comparisons of the lab's runs (`comparisons` in src/evidence/verdict.ts)
 */
export function evidenceFor(
  model: SyncModel,
  question: Question,
  comparisons: readonly Comparison[],
): Evidence {
  const operation = operationOf(model, question.operation);
  const kernel = kernelOf(model, question.kernel);
  const setting = settingOn(kernel, question.setting);
  const filesystem = question.filesystem ?? 'ext4';
  const lab = (setting === 'strict' ? operation.labStrict : operation.lab) ?? [];
  const pairs = comparisons
    .filter(
      (each) =>
        kernel.measured &&
        existsOn(operation, filesystem) &&
        each.series === kernel.id &&
        each.filesystem === filesystem &&
        lab.includes(each.chosenBy),
    )
    .map(({ scenario, verdict, plain, volatile }): RunPair => {
      const figures = ({ id, flushes, writes, seconds }: Comparison['plain']): RunFigures => ({
        id,
        flushes,
        writes,
        seconds,
      });
      return { scenario, verdict, plain: figures(plain), volatile: figures(volatile) };
    });
  if (pairs.length > 0) return { kind: 'measured', pairs };
  if (!kernel.measured)
    return {
      kind: notRun(kernel.status),
      source: [...new Set([...kernel.source, ...operation.source])],
    };
  // Run on another file system or with another setting: the source is the same, the run is not.
  return {
    kind: filesystem === 'ext4' ? notRun(operation.status) : 'inferred',
    source: operation.source,
  };
}

/** `measured` speaks of other runs than the one that was asked for. */
function notRun(status: Status): Exclude<Status, 'measured' | 'unsure'> {
  if (status === 'measured') return 'read';
  return status === 'unsure' ? 'inferred' : status;
}
