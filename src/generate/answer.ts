/** What the generator is asked and what it answers, the same for every target. */
import type { Status } from '../facts/schema.ts';

export interface Question {
  /** An id of targets.yaml: where the containers run, and how that is configured. */
  target: string;
  /** The version of what carries the runtime, such as `1.36.1+k3s1`; '' where nothing asks for it. */
  platform: string;
  /** The runtime's version as it was typed or pasted: `1.7.24`, `v2.1.4`, `containerd://1.7.24`. */
  runtime: string;
  /** A kernel version or a whole `uname -r`. */
  kernel: string;
  /** The `version` of the configuration file that is there: '1' to '4'; '' for a new file. */
  format: string;
  /** An id of the target's roll-outs; '' for one node by hand. */
  rollout: string;
  /** Does the node come back after a crash, with the files it had? */
  nodeReturns: boolean;
  /** Do Docker, nerdctl or BuildKit use the same containerd? */
  sharesContainerd: boolean;
  /** The reader knows the known problem of this version and takes it. */
  acceptKnownProblems: boolean;
}

/**
 * From best to worst. `already-on`: this runtime does it by itself. `test-first`: nobody has shown
 * that it works here. `known-problem`: it takes effect and breaks something; no file unless the
 * reader accepts it. `refused`: it would do nothing, or no container would start. `not-possible`:
 * no version has a setting for it. `unreadable`: the question itself.
 */
export const verdicts = [
  'works',
  'already-on',
  'test-first',
  'known-problem',
  'refused',
  'not-possible',
  'unreadable',
] as const;
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

export type Language = 'toml' | 'yaml' | 'json' | 'shell' | 'ini' | 'template' | 'user-data';

export interface OutputFile {
  id: string;
  /** The name to save it under. */
  name: string;
  /** A path on the node; one that starts with `./` is on the machine of who runs the commands. */
  path: string;
  language: Language;
  /** `opt-out`: it turns off what is on already. */
  role: 'apply' | 'opt-out';
  /** The whole file, ending in a line feed. */
  text: string;
  /** Its tables alone, to be added to a file that is there, where it is containerd's own file. */
  tables: string | undefined;
  /** Why this file and this place. */
  reason: Reason;
  lines: readonly Line[];
}

export type Phase = 'apply' | 'verify' | 'rollback' | 'cleanup';

export interface Step extends Reason {
  command: string;
  /** What the command prints when all is well. */
  expect: string | undefined;
}

/** What helps where the option cannot be turned on. */
export interface Help extends Reason {
  command: string | undefined;
}

export interface Answer {
  target: string;
  /** The target as people write it; the id again where there is no such target. */
  name: string;
  /** Where it is configured, and why there; undefined where there is no such target. */
  about: Reason | undefined;
  verdict: Verdict;
  /** Whether there are files or commands to follow. */
  offered: boolean;
  /** Why this verdict; the first one decided it. */
  reasons: readonly Reason[];
  /** The ids of those reasons that speak against it. */
  blocking: readonly string[];
  /** The nearest version that works, for each part that does not. */
  nearest: { runtime?: string; kernel?: string; platform?: string };
  /** The test to run first, where the kernel is not known. */
  probe: Step | undefined;
  warnings: readonly Reason[];
  files: readonly OutputFile[];
  steps: Readonly<Record<Phase, readonly Step[]>>;
  instead: readonly Help[];
}

/** The worst of some verdicts; there has to be one. */
export function worst(of: readonly Verdict[]): Verdict {
  return of.reduce((a, b) => (verdicts.indexOf(a) >= verdicts.indexOf(b) ? a : b));
}
