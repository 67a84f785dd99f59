/** Does this kernel know the mount option? Rules: content/facts/kernels.yaml. */
import type { Localised } from '../facts/localise.ts';
import type { Kernels } from '../facts/schema.ts';
import { compareVersions, factVersion, inRange, parseRelease } from '../facts/version.ts';
import { fill } from './fill.ts';
import type { Reason, Step, Verdict } from './answer.ts';

/** The part of kernels.yaml that the answer needs: a page carries no more. */
export type KernelRules = Pick<
  Localised<Kernels>,
  'minimum' | 'unreadable' | 'named' | 'probe' | 'vendors'
>;

export interface KernelAnswer {
  verdict: Extract<Verdict, 'works' | 'test-first' | 'refused' | 'unreadable'>;
  reason: Reason;
  /** The first version that works, where this one does not. */
  nearest: string | undefined;
  probe: Step | undefined;
}

/** @param release a version or a whole `uname -r` */
export function judgeKernel(release: string, rules: KernelRules): KernelAnswer {
  const { minimum } = rules;
  const text = release.trim();
  const values = { kernel: text, minimum: minimum.version };
  const version = parseRelease(text);
  if (version === undefined)
    return {
      verdict: 'unreadable',
      reason: { id: 'kernel', text: fill(rules.unreadable, values), source: [], status: 'read' },
      nearest: minimum.version,
      probe: undefined,
    };

  const vendor = rules.vendors.find((row) => {
    if (!inRange(version, row)) return false;
    const match = row.match === undefined ? null : new RegExp(row.match, 'i').exec(text);
    if (match === null) return false;
    const build = Number(match[1]);
    return (
      (row.build?.from === undefined || build >= row.build.from) &&
      (row.build?.before === undefined || build < row.build.before)
    );
  });
  if (vendor !== undefined) {
    const reason: Reason = {
      id: vendor.id,
      text: fill(rules.named, { name: vendor.name, says: fill(vendor.says, values) }),
      source: vendor.source,
      status: vendor.status,
    };
    if (vendor.volatile === 'yes')
      return { verdict: 'works', reason, nearest: undefined, probe: undefined };
    if (vendor.volatile === 'no')
      return { verdict: 'refused', reason, nearest: minimum.version, probe: undefined };
    const { command, says, expect, source, status } = rules.probe;
    return {
      verdict: 'test-first',
      reason,
      nearest: undefined,
      probe: { id: 'probe', text: says, command, expect, source, status },
    };
  }

  const knows = compareVersions(version, factVersion(minimum.version)) >= 0;
  return {
    verdict: knows ? 'works' : 'refused',
    reason: {
      id: knows ? 'kernel-has' : 'kernel-lacks',
      text: fill(knows ? minimum.has : minimum.lacks, values),
      source: minimum.source,
      status: minimum.status,
    },
    nearest: knows ? undefined : minimum.version,
    probe: undefined,
  };
}
