/** What the generator is asked and what it answers, the same for every target. */
import type { Status } from '../facts/schema.ts';

/** Targets by name; more will stand beside this one. */
export const targets = ['containerd'] as const;
export type Target = (typeof targets)[number];

export interface Question {
  target: Target;
  /** The runtime's version as it was typed or pasted: `1.7.24`, `v2.1.4`, `containerd://1.7.24`. */
  runtime: string;
  /** A kernel version or a whole `uname -r`. */
  kernel: string;
  /** Does the node come back after a crash, with the files it had? */
  nodeReturns: boolean;
  /** Do Docker, nerdctl or BuildKit use the same containerd? */
  sharesContainerd: boolean;
  /** The reader knows the known problem of this version and takes it. */
  acceptKnownProblems: boolean;
}

/**
 * From best to worst. `test-first`: nobody has shown whether this kernel knows the option.
 * `known-problem`: it takes effect and breaks something; no file unless the reader accepts it.
 * `refused`: it would do nothing, or no container would start. `unreadable`: the question itself.
 */
export const verdicts = ['works', 'test-first', 'known-problem', 'refused', 'unreadable'] as const;
export type Verdict = (typeof verdicts)[number];

/** One sentence with what it rests on: ids of sources.yaml. */
export interface Reason {
  id: string;
  text: string;
  source: readonly string[];
  status: Status;
}

/** One line of a file; the reasons stand beside it and are not part of it. */
export interface Line {
  text: string;
  reasons: readonly Reason[];
}

export interface OutputFile {
  /** Where it belongs on the node. */
  path: string;
  language: 'toml';
  /** The whole file, ending in a line feed. */
  text: string;
  /** The tables alone, to be added to a file that is already there. */
  tables: string;
  lines: readonly Line[];
}

export type Phase = 'apply' | 'verify' | 'rollback' | 'cleanup';

export interface Step extends Reason {
  command: string;
  /** What the command prints when all is well. */
  expect: string | undefined;
}

export interface Answer {
  target: Target;
  verdict: Verdict;
  /** Whether there are files: not for what is refused, and not for a problem nobody accepted. */
  offered: boolean;
  /** Why this verdict; the first one decided it. */
  reasons: readonly Reason[];
  /** The ids of those reasons that speak against it. */
  blocking: readonly string[];
  /** The nearest version that works, for each part that does not. */
  nearest: { runtime?: string; kernel?: string };
  /** The test to run first, where the kernel is not known. */
  probe: Step | undefined;
  warnings: readonly Reason[];
  files: readonly OutputFile[];
  steps: Readonly<Record<Phase, readonly Step[]>>;
}

/** The worse of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return verdicts.indexOf(a) >= verdicts.indexOf(b) ? a : b;
}
