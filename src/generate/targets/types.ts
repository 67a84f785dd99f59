/** What is asked of a target, and what it answers. Rules: content/facts/targets.yaml. */
import type { Localised } from '../../facts/localise.ts';
import type { Targets } from '../../facts/schema.ts';
import type { Phase, Question, Reason, Step, Verdict, Line } from '../answer.ts';
import type { ContainerdRules } from '../containerd.ts';
import type { KernelRules } from '../kernel.ts';

export type TargetsRules = Localised<Targets>;
export type TargetRow = TargetsRules['targets'][number];
export type FileRow = TargetRow['files'][number];
export type RolloutRow = TargetsRules['rollouts'][number];

export interface TargetRules {
  containerd: ContainerdRules;
  kernels: KernelRules;
  targets: TargetsRules;
}

export interface TargetQuestion extends Omit<Question, 'target'> {
  /** An id of targets.yaml. */
  target: string;
  /** The version of what carries the runtime, such as `1.36.1+k3s1`; '' where nothing asks for it. */
  platform: string;
  /** The `version` of the configuration file that is there: '1' to '4'; '' for a new file. */
  format: string;
  /** An id of the target's roll-outs; '' for one node by hand. */
  rollout: string;
}

/** Two more than one runtime has: the option is on anyway, or nobody can turn it on. */
export type TargetVerdict = Verdict | 'already-on' | 'not-possible';

/** From best to worst. */
export const targetVerdicts = [
  'works',
  'already-on',
  'test-first',
  'known-problem',
  'refused',
  'not-possible',
  'unreadable',
] as const satisfies readonly TargetVerdict[];

export interface TargetFile {
  id: string;
  /** The name to save it under. */
  name: string;
  /** A path on the node; one that starts with `./` is on the machine of who runs the commands. */
  path: string;
  language: FileRow['language'];
  /** `opt-out`: it turns off what is on already. */
  role: FileRow['role'];
  /** The whole file, ending in a line feed. */
  text: string;
  /** Why this file and this place. */
  reason: Reason;
  lines: readonly Line[];
}

export interface TargetAnswer {
  target: string;
  /** As people write it; the id again where there is no such target. */
  name: string;
  verdict: TargetVerdict;
  /** Whether there are files and commands to follow. */
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
  files: readonly TargetFile[];
  steps: Readonly<Record<Phase, readonly Step[]>>;
  /** What helps where the option cannot be turned on. */
  instead: readonly (Reason & { command: string | undefined })[];
}

/** The worse of some verdicts. */
export function worst(verdicts: readonly TargetVerdict[]): TargetVerdict {
  return verdicts.reduce((a, b) =>
    targetVerdicts.indexOf(a) >= targetVerdicts.indexOf(b) ? a : b,
  );
}
