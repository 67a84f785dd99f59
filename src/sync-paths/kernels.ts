/** What depends on the version of a kernel alone. */
import type { Localised } from '../facts/localise.ts';
import type { Kernels, SyncChains } from '../facts/schema.ts';
import { compareVersions, factVersion } from '../facts/version.ts';
import type { Kernel, Setting } from './types.ts';

/**
 * Whether a kernel has a change of mainline: from that version on, or from one of the releases of
 * older series that took it in later.
 */
export function hasChange(version: string, since: string, stable: readonly string[] = []): boolean {
  const wanted = factVersion(version);
  if (compareVersions(wanted, factVersion(since)) >= 0) return true;
  return stable
    .map(factVersion)
    .some(
      (release) =>
        release.major === wanted.major &&
        release.minor === wanted.minor &&
        compareVersions(wanted, release) >= 0,
    );
}

/** A part of the line of versions, with the stable releases that took its ends in later. */
export interface Reach {
  from?: string | undefined;
  before?: string | undefined;
  stable?: readonly string[] | undefined;
}

/** Whether a step of that reach exists in a version. */
export const within = (version: string, { from, before, stable }: Reach): boolean =>
  (from === undefined || hasChange(version, from, stable)) &&
  (before === undefined || !hasChange(version, before, stable));

/**
 * Every kernel that the model is offered for, oldest first: those that are run, as kernels.yaml
 * has them, and those of sync-chains.yaml.
 */
export function kernelsOf(
  known: Pick<Localised<Kernels>, 'series' | 'spelling'>,
  chains: Localised<SyncChains>,
): Kernel[] {
  const { spelling } = known;
  const complete = (kernel: Omit<Kernel, 'hasFsyncOption' | 'metadataSync' | 'prints'>): Kernel => {
    const hasFsyncOption = hasChange(kernel.version, spelling.mainline, spelling.stable);
    return {
      ...kernel,
      hasFsyncOption,
      metadataSync: hasFsyncOption
        ? 'strict'
        : hasChange(kernel.version, chains.metadataSync.from)
          ? 'always'
          : 'never',
      prints: hasFsyncOption ? spelling.since : spelling.before,
    };
  };
  const run = known.series.map(({ id, version, changed, source, status }) =>
    complete({ id, version, label: version, measured: true, says: changed, source, status }),
  );
  const read = chains.kernels.map(({ id, version, label, says, source, status }) =>
    complete({ id, version, label, measured: false, says, source, status }),
  );
  return [...run, ...read].sort((a, b) =>
    compareVersions(factVersion(a.version), factVersion(b.version)),
  );
}

/** A setting as a kernel takes and prints it. */
export interface Choice {
  setting: Setting;
  /** What to mount with, any one of them; empty: no option is needed. */
  options: readonly string[];
  /** What /proc/mounts adds; undefined where it adds nothing. */
  prints: string | undefined;
}

/** The settings that a kernel has, with their spellings. */
export function choicesOf({ hasFsyncOption, prints }: Kernel): Choice[] {
  if (!hasFsyncOption)
    return [
      { setting: 'plain', options: [], prints: undefined },
      { setting: 'volatile', options: ['volatile'], prints },
    ];
  return [
    { setting: 'plain', options: ['fsync=auto'], prints: undefined },
    { setting: 'strict', options: ['fsync=strict'], prints: 'fsync=strict' },
    { setting: 'volatile', options: ['volatile', 'fsync=volatile'], prints },
  ];
}

/** The setting that a kernel has for what was asked: a kernel without `strict` mounts plain. */
export const settingOn = (kernel: Kernel, setting: Setting): Setting =>
  setting === 'strict' && !kernel.hasFsyncOption ? 'plain' : setting;
