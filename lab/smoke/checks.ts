/** What the short lab holds to be true of what it measured. */
import type { Measured } from '../../src/evidence/measured.ts';
import { comparisons, type Comparison } from '../../src/evidence/verdict.ts';
import { isVolatile, mountAt } from '../runtimes/mounts.ts';

export interface Check {
  outcome: 'passed' | 'failed' | 'skipped';
  /** What is checked, and what was seen. */
  name: string;
  seen: string;
}

const check = (good: boolean, name: string, seen: string): Check => ({
  outcome: good ? 'passed' : 'failed',
  name,
  seen,
});

/**
 * Whether the option skips the operations, as the committed evidence says.
 *
 * @param fresh what was measured just now
 * @param committed what the project holds
 */
export function kernelChecks(
  fresh: Measured,
  committed: Measured,
  { series, filesystem, scenarios }: { series: string; filesystem: string; scenarios: string[] },
): Check[] {
  const of = (measured: Measured, scenario: string): Comparison[] =>
    comparisons(measured).filter(
      (each) =>
        each.series === series && each.filesystem === filesystem && each.chosenBy === scenario,
    );
  return scenarios.flatMap((scenario): Check[] => {
    const name = `${series} ${filesystem} ${scenario}`;
    const measured = of(fresh, scenario);
    if (measured.length === 0) return [check(false, name, 'was not measured both ways')];
    return measured.flatMap((each) => [
      check(each.verdict === 'skipped', `${name}: volatile skips it`, describe(each)),
      sameAsCommitted(each, name, of(committed, scenario)),
    ]);
  });
}

function sameAsCommitted(each: Comparison, name: string, known: readonly Comparison[]): Check {
  const other = known.find(({ scenario }) => scenario === each.scenario);
  const full = `${name}: as in the committed evidence`;
  if (other === undefined) return { outcome: 'skipped', name: full, seen: 'it has no such run' };
  return check(each.verdict === other.verdict, full, `${each.verdict}, there ${other.verdict}`);
}

function describe({ verdict, plain, volatile }: Comparison): string {
  const run = ({ seconds, flushes, writes }: Comparison['plain']): string =>
    `${seconds.toFixed(4)} s, ${flushes} flushes and ${writes} writes`;
  return `${verdict}; plain ${run(plain)}, volatile ${run(volatile)}`;
}

/** What one containerd did with a file. */
export interface RuntimeSeen {
  version: string;
  /** Which file, in words: `the generated file`. */
  file: string;
  /** Whether a container's root has to be volatile: this version knows the option. */
  wanted: boolean;
  /** Warnings and errors about the file. */
  complaints: string[];
  /** /proc/mounts, as a process in a container read it. */
  mounts: string;
  /** Why no container ran; null where one did. */
  refused: string | null;
}

/** containerd 2 says this of a setting that the file has on purpose: pulls are made the older way. */
const EXPECTED = /Found 'ImagePullWithSyncFs' in CRI config/;

export function runtimeChecks(of: RuntimeSeen): Check[] {
  const { version, file, wanted, complaints, mounts, refused } = of;
  const name = `containerd ${version}, ${file}`;
  if (refused !== null) return [check(false, `${name}: runs a container`, refused)];
  const root = mountAt(mounts, '/');
  const seen = root === undefined ? 'no root' : `${root.type} ${root.options.join()}`;
  const unexpected = complaints.filter((line) => !EXPECTED.test(line));
  return [
    check(
      unexpected.length === 0,
      `${name}: takes it`,
      unexpected[0] ?? 'and complains of nothing in it',
    ),
    check(
      root?.type === 'overlay' && isVolatile(root.options) === wanted,
      `${name}: a container's root is ${wanted ? 'volatile' : 'not volatile'}`,
      seen,
    ),
  ];
}

/** The root of one container of podman or buildah. */
export interface StorageSeen {
  /** What made it: `podman run --rm`. */
  by: string;
  /** Whether storage.conf was the one that turns the option off. */
  optedOut: boolean;
  /** Of its mount; null: there was none. */
  options: string[] | null;
}

export function storageChecks(seen: readonly StorageSeen[]): Check[] {
  return seen.map(({ by, optedOut, options }) =>
    check(
      options !== null && isVolatile(options) !== optedOut,
      `${by}: ${optedOut ? 'not volatile with the file that turns it off' : 'volatile without being told'}`,
      options?.join() ?? 'no mount',
    ),
  );
}

/** What takes several lines elsewhere, in one. */
export const inOneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, ' ');

export const lineOf = ({ outcome, name, seen }: Check): string =>
  `${outcome}  ${name} (${inOneLine(seen)})`;

/** `3 passed, 0 failed, 1 skipped`; skips are named only where there are some. */
export function closing(checks: readonly Check[]): string {
  const count = (wanted: Check['outcome']): number =>
    checks.filter(({ outcome }) => outcome === wanted).length;
  const skipped = count('skipped');
  const counted = `${count('passed')} passed, ${count('failed')} failed`;
  return skipped > 0 ? `${counted}, ${skipped} skipped` : counted;
}
