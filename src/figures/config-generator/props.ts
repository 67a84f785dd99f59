import type en from '../../../content/ui/en.json';
import type { Rules } from '../../generate/targets/rules.ts';
import type { Status } from '../../facts/schema.ts';

/** The strings of this figure in one language: content/ui, key `configGenerator`. */
export type Strings = (typeof en)['configGenerator'];

/** A source as a reason cites it. */
export interface SourceLink {
  /** Short: `containerd#10333`, `commit c86243b090bc`. */
  label: string;
  /** Who and what, in full. */
  title: string;
  url: string;
}

export interface Evidence {
  sources: Readonly<Record<string, SourceLink>>;
  status: Readonly<Record<Status, string>>;
  /** How the language puts a word before what it names, and parts a list. */
  colon: string;
  comma: string;
}

export interface Props {
  ui: Strings;
  rules: Rules;
  evidence: Evidence;
  /** Kernel versions a form offers; any other may be typed. */
  kernels: readonly string[];
}
