/** Whether a row of targets.yaml holds for a question. */
import { inRange, type Range, type Version } from '../../facts/version.ts';

export interface Situation {
  /** Undefined where the target has no version of its own. */
  platform: Version | undefined;
  /** Undefined where no version of the runtime changes the answer. */
  runtime: Version | undefined;
  format: string;
  nodeReturns: boolean;
  sharesContainerd: boolean;
}

export interface Condition {
  platform?: readonly Range[] | undefined;
  runtime?: readonly Range[] | undefined;
  format?: string | undefined;
  when?: { node?: 'returns' | 'discarded' | undefined; shared?: boolean | undefined } | undefined;
}

export function holds(row: Condition, situation: Situation): boolean {
  const within = (ranges: readonly Range[] | undefined, version: Version | undefined): boolean =>
    ranges === undefined ||
    (version !== undefined && ranges.some((range) => inRange(version, range)));
  return (
    within(row.platform, situation.platform) &&
    within(row.runtime, situation.runtime) &&
    (row.format === undefined || row.format === situation.format) &&
    (row.when?.node === undefined || (row.when.node === 'returns') === situation.nodeReturns) &&
    (row.when?.shared === undefined || row.when.shared === situation.sharesContainerd)
  );
}
