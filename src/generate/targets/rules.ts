/** The facts that the generator answers from, in one language. */
import type { Localised } from '../../facts/localise.ts';
import type { Targets } from '../../facts/schema.ts';
import type { ContainerdRules } from '../containerd.ts';
import type { KernelRules } from '../kernel.ts';

export type TargetsRules = Localised<Targets>;
export type TargetRow = TargetsRules['targets'][number];
export type FileRow = TargetRow['files'][number];

/** Each part as its YAML file has it. */
export interface Rules {
  containerd: ContainerdRules;
  kernels: KernelRules;
  targets: TargetsRules;
}
