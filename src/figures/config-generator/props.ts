import type en from '../../../content/ui/en.json';
import type { Localised } from '../../facts/localise.ts';
import type { Kernels, Status } from '../../facts/schema.ts';
import type { RemarkRow } from '../../generate/merge/words.ts';
import type { Rules, TargetRow, TargetsRules } from '../../generate/targets/rules.ts';

/** The strings of this figure in one language: content/ui, key `configGenerator`. */
export type Strings = (typeof en)['configGenerator'];

/** A source as a reason cites it. */
export interface SourceLink {
  /** Short: `containerd#10333`, `commit c86243b090bc`. */
  label: string;
  url: string;
}

export type SourceLinks = Readonly<Record<string, SourceLink>>;

export interface Evidence {
  sources: SourceLinks;
  status: Readonly<Record<Status, string>>;
  /** How the language puts a word before what it names, and parts a list. */
  colon: string;
  comma: string;
}

/** A target as the form offers it, before its rules are there. */
export type TargetChoice = Pick<TargetRow, 'id' | 'name' | 'group'>;

export interface Props {
  ui: Strings;
  /** With the rules of the first target alone; the others are loaded when they are chosen. */
  rules: Rules;
  targets: readonly TargetChoice[];
  evidence: Evidence;
  /** Kernel versions a form offers; any other may be typed. */
  kernels: readonly string[];
  /** Where the rules of another target are, with `{id}` for its id. */
  targetAddress: string;
  /** Where the words of the merge are. */
  mergeAddress: string;
  /** Addresses of snippets, which scripts read: where the list of them is. */
  snippetIndex: string;
}

/** The rules of one target, loaded when it is chosen. */
export interface TargetData {
  row: TargetRow;
  rollouts: TargetsRules['rollouts'];
  instead: TargetsRules['instead'];
  sources: SourceLinks;
}

/** What the merge of a reader's own file needs beside the rules, loaded when there is such a file. */
export interface MergeData {
  remarks: Localised<RemarkRow>[];
  spelling: Kernels['spelling'];
  sources: SourceLinks;
}
