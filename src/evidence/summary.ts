/** The evidence as people compare it: per operation, per question, per kernel and file system. */
import { compareSeries } from '../recording/queries.ts';
import type { Measured, MeasuredRun, PowerCutRun, RecordedRun, Survivor } from './measured.ts';
import { comparisons, type Comparison, type Verdict } from './verdict.ts';

/** Kernels and file systems that anything was measured on: series oldest first. */
export interface Grid {
  series: string[];
  filesystems: string[];
}

/** File systems in the order in which people name them. */
const FILESYSTEMS = ['ext4', 'xfs', 'btrfs'];

const byFilesystem = (a: string, b: string): number =>
  FILESYSTEMS.indexOf(a) - FILESYSTEMS.indexOf(b);

export function gridOf({ runs }: Measured): Grid {
  return {
    series: [...new Set(runs.map(({ kernel }) => kernel.series))].sort(compareSeries),
    filesystems: [...new Set(runs.map(({ filesystem }) => filesystem))].sort(byFilesystem),
  };
}

/** Where something was seen: a file system, and the kernels on which it was seen there. */
export interface Place {
  filesystem: string;
  series: string[];
}

/** Kernel and file system of each, once, file systems in their order and kernels oldest first. */
export function placesOf(
  seen: readonly { filesystem: string; kernel: { series: string } }[],
): Place[] {
  const places = new Map<string, Set<string>>();
  for (const { filesystem, kernel } of seen) {
    const series = places.get(filesystem) ?? new Set();
    places.set(filesystem, series.add(kernel.series));
  }
  return [...places]
    .sort(([a], [b]) => byFilesystem(a, b))
    .map(([filesystem, series]) => ({ filesystem, series: [...series].sort(compareSeries) }));
}

/**
 * Places in as few words as they allow: `xfs` where it was every kernel that `among` has there,
 * `xfs 6.1, 7.3` where it was some, the kernels alone where all file systems have the same ones.
 * Empty where it was everywhere.
 */
export function namePlaces(places: readonly Place[], among: readonly Place[]): string {
  const all = (place: Place): boolean =>
    among.find(({ filesystem }) => filesystem === place.filesystem)?.series.length ===
    place.series.length;
  if (places.length === among.length && places.every(all)) return '';
  const [first] = places;
  const alike = places.every(({ series }) => series.join() === first?.series.join());
  if (alike && places.length === among.length) return first?.series.join(', ') ?? '';
  return places
    .map((place) =>
      all(place) ? place.filesystem : `${place.filesystem} ${place.series.join(', ')}`,
    )
    .join('; ');
}

type Group<T> = [T, ...T[]];

/** Groups in the order of their first member. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Group<T>[] {
  const groups = new Map<string, Group<T>>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

const byPlace = (
  a: { filesystem: string; series: string },
  b: { filesystem: string; series: string },
): number => byFilesystem(a.filesystem, b.filesystem) || compareSeries(a.series, b.series);

/** The least and the greatest of some numbers. */
export type Range = readonly [least: number, greatest: number];

const rangeOf = (numbers: readonly number[]): Range => [Math.min(...numbers), Math.max(...numbers)];

/** One operation wherever it was measured both ways. */
export interface Operation {
  /** The scenario with its size: `umount-64`. */
  scenario: string;
  /** What `npm run lab -- --scenario` chooses by. */
  chosenBy: string;
  family: Family;
  /** By file system and kernel. */
  comparisons: Comparison[];
  /** Every verdict that was reached, the most frequent first, and where. */
  verdicts: { verdict: Verdict; places: Place[] }[];
  seconds: { plain: Range; volatile: Range };
  flushes: { plain: Range; volatile: Range };
}

/** What belongs together when people look for an operation. */
export type Family = 'umount' | 'sync' | 'write' | 'copy-up' | 'conditions' | 'other';

const FAMILIES: readonly Family[] = ['umount', 'sync', 'write', 'copy-up', 'conditions', 'other'];

/** The scenario that measures one operation against its size; it is a series of its own. */
const SCALE = 'umount-scale';

const FAMILY_OF: Readonly<Record<string, Family>> = {
  umount: 'umount',
  'umount-clean': 'umount',
  'umount-lazy': 'umount',
  'umount-lazy-open': 'umount',
  'close-detached': 'umount',
  'remount-ro': 'umount',
  'umount-after-remount-ro': 'umount',
  'upper-remount': 'umount',
  fsync: 'sync',
  fdatasync: 'sync',
  'libaio-fsync': 'sync',
  'fsync-dir': 'sync',
  syncfs: 'sync',
  sync: 'sync',
  'sync-file-range': 'sync',
  msync: 'sync',
  'write-osync': 'write',
  'write-odsync': 'write',
  'pwritev2-rwf-sync': 'write',
  'pwritev2-rwf-dsync': 'write',
  'libaio-osync': 'write',
  'io-uring-osync': 'write',
  'copy-file-range-osync': 'write',
  'splice-osync': 'write',
  'fallocate-osync': 'write',
  'copy-up-append': 'copy-up',
  'copy-up-chmod': 'copy-up',
  'copy-up-reflink': 'copy-up',
  'copy-up-directory': 'copy-up',
  'copy-up-directory-strict': 'copy-up',
  'umount-shallow-queue': 'conditions',
  'umount-clean-shallow-queue': 'conditions',
  'umount-stock-knobs': 'conditions',
};

/** The family of a scenario; a new one that nobody has placed yet is among the others. */
export function familyOf(chosenBy: string): Family {
  return FAMILY_OF[chosenBy] ?? 'other';
}

/** Every operation that was measured both ways, in the order of the families and of the data. */
export function operationsOf(measured: Measured): Operation[] {
  const compared = comparisons(measured).filter(({ chosenBy }) => chosenBy !== SCALE);
  const order = Object.keys(FAMILY_OF);
  const rank = (name: string): number =>
    order.includes(name) ? order.indexOf(name) : order.length;
  return grouped(compared, ({ scenario }) => scenario)
    .map((group) => operation(group.sort(byPlace)))
    .sort(
      (a, b) =>
        FAMILIES.indexOf(a.family) - FAMILIES.indexOf(b.family) ||
        rank(a.chosenBy) - rank(b.chosenBy),
    );
}

function operation(all: Group<Comparison>): Operation {
  const [{ scenario, chosenBy }] = all;
  const range = (pick: (comparison: Comparison) => number): Range => rangeOf(all.map(pick));
  return {
    scenario,
    chosenBy,
    family: familyOf(chosenBy),
    comparisons: all,
    verdicts: grouped(all, ({ verdict }) => verdict)
      .sort((a, b) => b.length - a.length)
      .map((group) => ({
        verdict: group[0].verdict,
        places: placesOf(group.map(({ plain }) => plain)),
      })),
    seconds: {
      plain: range(({ plain }) => plain.seconds),
      volatile: range(({ volatile }) => volatile.seconds),
    },
    flushes: {
      plain: range(({ plain }) => plain.flushes),
      volatile: range(({ volatile }) => volatile.flushes),
    },
  };
}

/** umount against the dirty data it found, on one kernel and file system. */
export interface UmountSeries {
  filesystem: string;
  series: string;
  /** By size. */
  points: { mib: number; plain: RecordedRun; volatile: RecordedRun }[];
}

export function umountSeries(measured: Measured): UmountSeries[] {
  const compared = comparisons(measured).filter(({ chosenBy }) => chosenBy === SCALE);
  return grouped(compared, ({ filesystem, series }) => `${filesystem} ${series}`)
    .map((group) => ({
      filesystem: group[0].filesystem,
      series: group[0].series,
      points: group
        .map(({ plain, volatile }) => ({ mib: plain.dirtyMiB, plain, volatile }))
        .sort((a, b) => a.mib - b.mib),
    }))
    .sort(byPlace);
}

/**
 * - `whole`: every byte is the one that was written.
 * - `part`: some are.
 * - `lost`: it is there and as long as it was, and no byte is.
 * - `empty`: it is there, with nothing in it.
 * - `missing`: it is not there.
 */
export type Remains = 'whole' | 'part' | 'lost' | 'empty' | 'missing';

export function remainsOf({ bytes, length, intact }: Survivor): Remains {
  if (length === null) return 'missing';
  if (intact === bytes && length === bytes) return 'whole';
  if (intact > 0) return 'part';
  return length === 0 ? 'empty' : 'lost';
}

/** What one power cut left of one file, and where it was so. */
export interface Survival {
  file: string;
  remains: Remains;
  bytes: number;
  intact: Range;
  places: Place[];
}

/** What power cuts left, and whether the overlay could be mounted again on it. */
export interface Remnant {
  files: Survival[];
  remounts: { works: boolean; dmesg: string[]; places: Place[] }[];
}

/** One way to have the power cut, with and without the option. */
export interface PowerCut {
  scenario: string;
  chosenBy: string;
  plain: Remnant;
  volatile: Remnant;
  /** Where it was measured, either way. */
  among: Place[];
}

export function powerCuts({ runs }: Measured): PowerCut[] {
  const cuts = runs.filter((run) => run.kind === 'power-cut');
  return grouped(cuts, ({ scenario }) => scenario).map((group) => ({
    scenario: group[0].scenario,
    chosenBy: group[0].chosenBy,
    plain: remnant(group.filter((run) => !run.volatile)),
    volatile: remnant(group.filter((run) => run.volatile)),
    among: placesOf(group),
  }));
}

function remnant(runs: readonly PowerCutRun[]): Remnant {
  const remounts = grouped(runs, ({ remount }) => String(remount.status === 0)).map((group) => ({
    works: group[0].remount.status === 0,
    dmesg: ofOverlay(group[0].remount.dmesg),
    places: placesOf(group),
  }));
  return { files: survivals(runs), remounts };
}

/** Lines of the kernel's log that overlayfs wrote; others name blocks, times and identities. */
const ofOverlay = (dmesg: readonly string[]): string[] =>
  dmesg.filter((line) => line.startsWith('overlay'));

function survivals(runs: readonly PowerCutRun[]): Survival[] {
  const files = runs.flatMap((run) => run.survivors.map((survivor) => ({ run, survivor })));
  return grouped(files, ({ survivor }) => `${survivor.file} ${remainsOf(survivor)}`).map(
    (group) => {
      const [{ survivor }] = group;
      return {
        file: survivor.file,
        remains: remainsOf(survivor),
        bytes: survivor.bytes,
        intact: rangeOf(group.map((one) => one.survivor.intact)),
        places: placesOf(group.map(({ run }) => run)),
      };
    },
  );
}

/** One thing that was tried, and every answer that a kernel gave. */
export interface Question {
  label: string;
  command: string;
  answers: Answer[];
  among: Place[];
}

export interface Answer {
  /** What the shell answered: 0 for success. */
  status: number;
  /** What was printed, mounts by their options alone. */
  out: string[];
  /** What overlayfs said in the kernel's log. */
  dmesg: string[];
  places: Place[];
}

/** The probes of one scenario, in their order, equal answers once. */
export function questionsOf({ runs }: Measured, scenario: string): Question[] {
  const asked = runs.flatMap((run) =>
    run.kind === 'probe' && run.scenario === scenario
      ? run.probes.map((probed) => ({ run, probed }))
      : [],
  );
  return grouped(asked, ({ probed }) => probed.label).map((group) => ({
    label: group[0].probed.label,
    command: group[0].probed.command,
    answers: answersIn(group),
    among: placesOf(group.map(({ run }) => run)),
  }));
}

type Asked = {
  run: MeasuredRun;
  probed: { status: number; out: readonly string[]; dmesg: readonly string[] };
};

function answersIn(group: readonly Asked[]): Answer[] {
  const answered = group.map(({ run, probed }) => ({
    run,
    status: probed.status,
    out: probed.out.map(shortMount),
    dmesg: ofOverlay(probed.dmesg),
  }));
  const oldest = ({ places }: Answer): string =>
    places.flatMap(({ series }) => series).sort(compareSeries)[0] ?? '';
  return grouped(answered, ({ status, out, dmesg }) => JSON.stringify([status, out, dmesg]))
    .map((same) => {
      const [{ status, out, dmesg }] = same;
      return { status, out, dmesg, places: placesOf(same.map(({ run }) => run)) };
    })
    .sort((a, b) => compareSeries(oldest(a), oldest(b)));
}

/** A line of /proc/mounts as its options without directories; other lines as they are. */
export function shortMount(line: string): string {
  const options = /^overlay \S+ overlay (\S+) \d+ \d+$/.exec(line)?.[1];
  if (options === undefined) return line;
  return options
    .split(',')
    .filter((option) => !/^(lower|upper|work)dir\+?=/.test(option))
    .join(',');
}
