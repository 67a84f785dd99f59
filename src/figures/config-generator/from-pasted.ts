/** What a pasted output says about the question of the form. */
import type { Machine, Pasted } from '../../generate/merge/pasted.ts';
import { FIRST_TARGET, type ConfigureLink } from './link.ts';

/** The fields that a pasted text can fill; what it does not say is absent. */
export type Filled = Partial<Pick<ConfigureLink, 'target' | 'platform' | 'runtime' | 'kernel'>>;

/** A machine's own words as fields of the form. */
export function fieldsOf(machine: Machine): Filled {
  const target = targetOf(machine);
  const { platform, runtimeVersion, kernel } = machine;
  return {
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    // Docker's version decides nothing here, and it is no version of containerd.
    ...(runtimeVersion === undefined || machine.runtime === 'docker'
      ? {}
      : { runtime: runtimeVersion }),
    ...(kernel === undefined ? {} : { kernel }),
  };
}

function targetOf({ distribution, runtime, os = '', kernel = '' }: Machine): string | undefined {
  if (runtime === 'docker') return 'docker';
  if (runtime === 'cri-o') return /CoreOS|OpenShift|rhaos/i.test(os) ? 'openshift' : 'cri-o';
  if (distribution === 'eks')
    return /Linux 2$|\.amzn2\./.test(`${os}${kernel}`) ? 'eks-al2' : 'eks-al2023';
  return distribution ?? (runtime === 'containerd' ? FIRST_TARGET : undefined);
}

/** Nodes that are alike, so that a form with one question can be asked for each kind. */
export interface NodeKind {
  names: readonly string[];
  fields: Filled;
  machine: Machine;
}

/** The kinds of node in a list, the most frequent first. */
export function kindsOf(pasted: Extract<Pasted, { kind: 'nodes' }>): NodeKind[] {
  const kinds = new Map<string, { names: string[]; fields: Filled; machine: Machine }>();
  for (const { name, ...machine } of pasted.nodes) {
    const fields = fieldsOf(machine);
    const key = JSON.stringify(fields);
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { names: [name], fields, machine });
    else kind.names.push(name);
  }
  return [...kinds.values()].sort((a, b) => b.names.length - a.names.length);
}
