/** What is said of a remark: the rows of content/facts/containerd-merge.yaml. */
import type { Localised } from '../../facts/localise.ts';
import type { Status, Text } from '../../facts/schema.ts';
import type { Range } from '../../facts/version.ts';
import type { Reason } from '../answer.ts';
import { fill } from '../fill.ts';
import type { Remark } from './recognise.ts';

/** One trap, or one thing that a pasted text turned out to be. */
export interface RemarkRow extends Range {
  id: string;
  /** The row speaks of files that state a higher `version` than this. */
  above?: number | undefined;
  /** What it is and what it does. */
  says: Text;
  /** What to do about it; absent where a step is what to do. */
  way?: Text | undefined;
  /** The row stands for a step of an answer once there is a merged file. */
  step?: MergedStep | undefined;
  source: string[];
  status: Status;
}

/** What is done with a merged file where an answer has a step for one that is edited by hand. */
export interface MergedStep {
  /** Ids of the steps that it stands for. */
  replaces: readonly string[];
  /** Placeholders: {path} {name} of the merged file, {backup} and {service} of the target. */
  command: string;
  expect?: Text | undefined;
}

/** A remark in words. */
export interface Said extends Reason {
  line: number | undefined;
  way: string;
}

export function say(remark: Remark, rows: readonly Localised<RemarkRow>[]): Said {
  const row = rows.find(({ id }) => id === remark.id);
  if (row === undefined) throw new Error(`containerd-merge.yaml has no row "${remark.id}"`);
  return {
    id: row.id,
    line: remark.line,
    text: fill(row.says, remark.values),
    way: fill(row.way ?? '', remark.values),
    source: row.source,
    status: row.status,
  };
}
