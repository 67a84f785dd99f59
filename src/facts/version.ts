/**
 * Versions of programs and kernels: read from what people type or paste, compared as their
 * projects number them.
 */

export interface Version {
  /** Major, minor and patch; the patch is undefined where the text names a series: `1.7`, `1.7.x`. */
  major: number;
  minor: number;
  patch: number | undefined;
  /** `alpha`, `beta` or `rc` with its number, for a version before its release. */
  pre: { stage: 'alpha' | 'beta' | 'rc'; number: number } | undefined;
  /** What a packager added: `+k3s1`, `-0ubuntu1~24.04.1`, `~ds1`. It never changes the order. */
  suffix: string;
}

const stages = ['alpha', 'beta', 'rc'] as const;

/**
 * `2.1.4`, `v2.0.0-rc.3`, `1.7.24~ds1-6`, `1.7.27-0ubuntu1~24.04.1`, `1.7.23-k3s2`, and the form
 * `containerd://1.7.24` that kubectl prints. Undefined where it is none of these.
 */
export function parseVersion(text: string): Version | undefined {
  const match =
    /^(?:containerd:\/\/)?v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,6}|x))?(?:[-~.]?(alpha|beta|rc)[.-]?(\d{1,4})?)?([-+~][\w.+~-]*)?$/i.exec(
      text.trim(),
    );
  if (match === null) return undefined;
  const [, major, minor, patch, stage, number, suffix] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: patch === undefined || patch.toLowerCase() === 'x' ? undefined : Number(patch),
    pre:
      stage === undefined
        ? undefined
        : { stage: stage.toLowerCase() as (typeof stages)[number], number: Number(number ?? 0) },
    suffix: suffix ?? '',
  };
}

/** A version of a facts file; those are checked when they are read. */
export function factVersion(text: string): Version {
  const version = parseVersion(text);
  if (version === undefined) throw new Error(`"${text}" is not a version`);
  return version;
}

/** Below zero where `a` comes before `b`; a missing patch counts as 0, a suffix as nothing. */
export function compareVersions(a: Version, b: Version): number {
  return (
    a.major - b.major ||
    a.minor - b.minor ||
    (a.patch ?? 0) - (b.patch ?? 0) ||
    stageOf(a) - stageOf(b) ||
    (a.pre?.number ?? 0) - (b.pre?.number ?? 0)
  );
}

function stageOf(version: Version): number {
  return version.pre === undefined ? stages.length : stages.indexOf(version.pre.stage);
}

/** A part of the line of versions: `from` belongs to it, `before` does not. */
export interface Range {
  from?: string | undefined;
  before?: string | undefined;
}

export function inRange(version: Version, range: Range): boolean {
  return (
    (range.from === undefined || compareVersions(version, factVersion(range.from)) >= 0) &&
    (range.before === undefined || compareVersions(version, factVersion(range.before)) < 0)
  );
}

/** Back to text, without what a packager added: `2.0.0-rc.3`, `1.7.24`, `1.7`. */
export function formatVersion(version: Version): string {
  const { major, minor, patch, pre } = version;
  return [
    [major, minor, ...(patch === undefined ? [] : [patch])].join('.'),
    ...(pre === undefined ? [] : [`-${pre.stage}.${String(pre.number)}`]),
  ].join('');
}

/** The numbers in front of a kernel release, `5.15.0` of `5.15.0-1051-aws`. */
export function parseRelease(text: string): Version | undefined {
  const match = /^v?(\d{1,3})\.(\d{1,4})(?:\.(\d{1,6}))?(?![\d])/.exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor, patch] = match;
  return {
    major: Number(major),
    minor: Number(minor),
    patch: patch === undefined ? undefined : Number(patch),
    // A release candidate of the kernel holds what its release holds: the merge window is over.
    pre: undefined,
    suffix: text.trim().slice(match[0].length),
  };
}
