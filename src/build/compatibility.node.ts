/**
 * The tables of /compatibility/: what the generator answers for each target, and from which version
 * on, asked of the generator itself; and the ranges of containerd.yaml and kernels.yaml.
 */
import { isDeepStrictEqual } from 'node:util';
import { loadContainerd, loadKernels, loadSources, loadTargets } from '../facts/load.ts';
import { localise } from '../facts/localise.ts';
import type { Localised } from '../facts/localise.ts';
import type { Containerd, Kernels, Status } from '../facts/schema.ts';
import {
  compareVersions,
  factVersion,
  formatVersion,
  inRange,
  type Range,
  type Version,
} from '../facts/version.ts';
import type { Question, Verdict } from '../generate/answer.ts';
import { fill } from '../generate/fill.ts';
import { snippetPath } from '../generate/snippets.ts';
import { generate } from '../generate/targets/generate.ts';
import type { Rules, TargetRow } from '../generate/targets/rules.ts';
import { pagePath } from '../i18n.ts';
import type { Locale } from '../i18n.ts';
import { FIRST_TARGET } from '../figures/config-generator/link.ts';
import type { FactsRow } from './references.ts';

/** A row with what it rests on. */
export interface Grounded extends FactsRow {
  status: Status;
}

/** Some releases that get one answer, by the first of them; `undefined`: from the beginning. */
export interface Turn {
  from: string | undefined;
  verdict: Verdict;
}

/** A file that turns the option on, or off again, and the versions it is for. */
export interface Place {
  path: string;
  optOut: boolean;
  /** `url`: the file as raw text, where it is published. */
  versions: { version: string; url: string | undefined }[];
}

/** What the page says of one target. */
export interface TargetLine extends Grounded {
  target: string;
  name: string;
  group: TargetRow['group'];
  engine: TargetRow['engine'];
  /** For the newest notable version, which `question` holds, on the newest kernel that was run. */
  verdict: Verdict;
  question: Question;
  /** Where it is configured, or why it is not. */
  about: string;
  /** Whose version `turns` and `places` count: the platform's name; '' for the runtime's own. */
  carrier: string;
  /** `containerd`: no version of its own decides, that of the containerd inside does. */
  decides: 'own' | 'containerd' | 'nothing';
  turns: Turn[];
  /** How sure the turns are. */
  turnsStatus: Status;
  places: Place[];
  /** The generator with this target chosen. */
  link: string;
}

const sureness: readonly Status[] = ['measured', 'read', 'cited', 'inferred', 'unsure'];

/** The status of what is known least well. */
function weakest(of: readonly Status[]): Status {
  return sureness[Math.max(0, ...of.map((status) => sureness.indexOf(status)))] ?? 'measured';
}

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];

function rulesFor(locale: Locale): Rules & { kernels: Localised<Kernels> } {
  return localise(
    { containerd: loadContainerd(), kernels: loadKernels(), targets: loadTargets() },
    locale,
  );
}

const bySize = (a: string, b: string): number => compareVersions(factVersion(a), factVersion(b));

/** The newest kernel that was run. */
const newestKernel = ({ kernels }: { kernels: { series: readonly { id: string }[] } }): string =>
  kernels.series
    .map(({ id }) => id)
    .sort(bySize)
    .at(-1) ?? '';

/** What a reader of one target asks first: its newest version, and a node that comes back. */
function questionOf(
  row: TargetRow,
  version: { platform?: string | undefined; runtime?: string | undefined },
  rules: ReturnType<typeof rulesFor>,
): Question {
  return {
    target: row.id,
    platform: version.platform ?? '',
    runtime: version.runtime ?? '',
    kernel: newestKernel(rules),
    format: '',
    rollout: '',
    nodeReturns: true,
    sharesContainerd: false,
    acceptKnownProblems: false,
  };
}

/** Every target, in the order of targets.yaml. */
export function targetLines(locale: Locale): TargetLine[] {
  const rules = rulesFor(locale);
  return rules.targets.targets.map((row) => lineOf(row, rules, locale));
}

function lineOf(row: TargetRow, rules: ReturnType<typeof rulesFor>, locale: Locale): TargetLine {
  const own = row.support.filter(({ format }) => format === undefined);
  const newest = [...row.notable].sort((a, b) =>
    bySize(b.platform ?? b.runtime ?? '0', a.platform ?? a.runtime ?? '0'),
  )[0];
  const question = questionOf(row, newest ?? {}, rules);
  const answer = generate(question, rules);
  const applied = answer.files.find(({ role }) => role === 'apply')?.reason;
  const about = answer.about ?? { text: '', source: [], status: row.about.status };
  const turns = turnsOf(row, question, rules);
  return {
    id: `target-${row.id}`,
    target: row.id,
    name: row.name,
    group: row.group,
    engine: row.engine,
    verdict: answer.verdict,
    question,
    about: about.text,
    carrier: row.platform?.name ?? '',
    decides: turns.length > 1 ? 'own' : row.engine === 'none' ? 'nothing' : 'containerd',
    turns,
    turnsStatus: weakest(own.map(({ status }) => status)),
    places: placesOf(row, rules),
    link: `${pagePath(locale, 'configure')}?target=${row.id}#configure`,
    source: unique([
      ...about.source,
      ...(applied?.source ?? []),
      ...own.flatMap(({ source }) => source),
    ]),
    status: weakest([
      (applied ?? about).status,
      ...answer.reasons.slice(0, 1).map((reason) => reason.status),
    ]),
  };
}

/** From which versions on the answer is another one, the oldest first. */
function turnsOf(row: TargetRow, newest: Question, rules: ReturnType<typeof rulesFor>): Turn[] {
  const ask = (version: string): Verdict =>
    generate(
      row.platform === undefined
        ? { ...newest, runtime: version }
        : { ...newest, platform: version },
      rules,
    ).verdict;
  const ranges: readonly (Range | undefined)[] =
    row.id === FIRST_TARGET
      ? rules.containerd.support
      : [
          ...row.support.flatMap(
            (support) => (row.platform === undefined ? support.runtime : support.platform) ?? [],
          ),
          { from: row.platform?.unread },
        ];
  const edges = unique(
    ranges.flatMap((range) => [range?.from, range?.before]).filter((edge) => edge !== undefined),
  ).sort(bySize);
  if (edges.length === 0) return [];
  const turns: Turn[] = [{ from: undefined, verdict: ask('0.0.1') }];
  for (const from of edges) {
    const verdict = ask(from);
    if (verdict !== turns.at(-1)?.verdict) turns.push({ from, verdict });
  }
  return turns;
}

/** The first file of each notable version; versions that share a path stand together. */
function placesOf(row: TargetRow, rules: ReturnType<typeof rulesFor>): Place[] {
  const places: Place[] = [];
  for (const version of row.notable) {
    const question = questionOf(row, version, rules);
    const answer = generate(question, rules);
    const [file] = answer.files;
    if (file === undefined) continue;
    let place = places.find(({ path }) => path === file.path);
    if (place === undefined)
      places.push((place = { path: file.path, optOut: file.role === 'opt-out', versions: [] }));
    place.versions.push({
      version: version.platform ?? version.runtime ?? '',
      url: snippetPath(question, answer, file, rules),
    });
  }
  return places;
}

/** One part of containerd's versions in a series. */
export interface SeriesCell extends Grounded {
  verdict: Containerd['support'][number]['verdict'];
  range: Span;
}

/** The releases of a series that something holds for; neither end: all of them. */
export interface Span {
  from?: string;
  /** The last one. */
  to?: string;
  /** The first one that it does not hold for, where the last one has no number. */
  before?: string;
}

/** One or more series of containerd that have the same answers. */
export interface SeriesLine {
  series: string[];
  /** Whether everything older is the same. */
  older: boolean;
  /** What to say instead of a range where no release of it was looked at. */
  unread: string | undefined;
  cells: SeriesCell[];
  /** Since when a pull can be told to flush; undefined where it cannot. */
  flush: (Grounded & { range: Span }) | undefined;
}

const seriesOf = ({ major, minor }: Version): string => `${String(major)}.${String(minor)}`;

/** containerd's series, the oldest first; series with the same rows stand together. */
export function containerdSeries(locale: Locale): SeriesLine[] {
  const rules = rulesFor(locale).containerd;
  const notable = rules.notable.map(({ id }) => id);
  const versions = unique([...notable, ...rules.support.flatMap(({ from }) => from ?? [])]).sort(
    bySize,
  );
  const tables = rules.settings.find(({ id }) => id === 'sync-on-pull')?.tables ?? [];
  const lines: SeriesLine[] = [];
  let before: readonly unknown[] = [];
  for (const series of unique(versions.map((version) => seriesOf(factVersion(version))))) {
    const within = unique([...versions, `${series}.0`])
      .map((version) => factVersion(version))
      .filter((version) => seriesOf(version) === series);
    const holding = <T extends Range>(rows: readonly T[]): T[] =>
      rows.filter((row) => within.some((version) => inRange(version, row)));
    const rows = holding(rules.support);
    const [table] = holding(tables);
    const held = [...rows, table];
    const last = lines.at(-1);
    if (last !== undefined && isDeepStrictEqual(held, before)) {
      last.series.push(series);
      continue;
    }
    before = held;
    const isKnown = notable.some((version) => seriesOf(factVersion(version)) === series);
    lines.push({
      series: [series],
      older: rows[0]?.from === undefined,
      unread: isKnown
        ? undefined
        : rows
            .map(({ says }) =>
              fill(says, { runtime: `${series}.0`, newest: notable[0] ?? '', nearest: '' }),
            )
            .join(' '),
      cells: rows.map((row, index) => ({
        id: `containerd-${row.id}`,
        verdict: row.verdict,
        range: spanOf(row, series, index === 0, index === rows.length - 1),
        source: row.source,
        status: row.status,
      })),
      flush:
        table === undefined || !isKnown
          ? undefined
          : {
              id: `containerd-flush-${series}`,
              range: spanOf(table, series, bySize(table.from ?? '0', `${series}.0`) <= 0, true),
              source: table.source,
              status: table.status,
            },
    });
  }
  return lines;
}

/** `first` and `last`: nothing else stands before or after it in its series. */
function spanOf({ from, before }: Range, series: string, first: boolean, last: boolean): Span {
  const end = before === undefined ? undefined : factVersion(before);
  const ends = end !== undefined && seriesOf(end) === series && !last;
  return {
    ...(first || from === undefined ? {} : { from }),
    ...(!ends
      ? {}
      : end.pre === undefined && (end.patch ?? 0) > 0
        ? { to: formatVersion({ ...end, patch: (end.patch ?? 0) - 1 }) }
        : { before: before ?? '' }),
  };
}

/** Some releases of containerd that treat the configuration file alike. */
export interface FormatLine extends Grounded {
  range: Range;
  /** The versions of the file that they read. */
  reads: string[];
  /** The version that a new file states, and why. */
  version: string;
  says: string;
  /** The tables that the settings stand in, the snapshotter's first. */
  tables: string[];
}

/** The versions of containerd's configuration file by the containerd that reads it, the oldest first. */
export function formatLines(locale: Locale): FormatLine[] {
  const { containerd, targets } = rulesFor(locale);
  const own = targets.targets.find(({ id }) => id === FIRST_TARGET);
  const formats = unique(own?.files.flatMap(({ format }) => format ?? []) ?? []).filter(
    (format) => format !== 'new',
  );
  return containerd.formats.map(({ id, from, before, version, says, source, status }) => {
    const within = containerd.notable
      .map((notable) => factVersion(notable.id))
      .filter((candidate) => inRange(candidate, { from, before }));
    const refused = (own?.support ?? []).filter(
      ({ verdict, runtime }) =>
        verdict === 'refused' &&
        runtime?.some((range) => within.every((candidate) => inRange(candidate, range))),
    );
    return {
      id: `containerd-format-${id}`,
      range: { from, before },
      reads: formats.filter((format) => !refused.some((row) => row.format === format)),
      version: String(version),
      says,
      tables: containerd.settings
        .filter(({ when }) => when?.shared !== true)
        .flatMap(({ tables }) =>
          tables.filter((table) => within.some((one) => inRange(one, table))),
        )
        .map(({ table }) => table),
      source: unique([...source, ...refused.flatMap((row) => row.source)]),
      status: weakest([status, ...refused.map((row) => row.status)]),
    };
  });
}

/** Whether a kernel knows the option. */
export type Knows = Kernels['vendors'][number]['volatile'];

/** A kernel, or a family of them. */
export interface KernelLine extends Grounded {
  /** '' where mainline is meant: then `version` says which side of the first release. */
  name: string;
  version: string;
  knows: Knows;
  says: string;
}

/** Mainline and every vendor that kernels.yaml tells apart, the first row that fits deciding. */
export function kernelLines(locale: Locale): KernelLine[] {
  const rules = rulesFor(locale);
  const { minimum, vendors } = rules.kernels;
  const { version, source, status } = minimum;
  const older = factVersion(version);
  const mainline = { name: '', version, source, status };
  return [
    {
      ...mainline,
      id: 'kernel-mainline',
      knows: 'yes',
      says: fill(minimum.has, { kernel: newestKernel(rules), minimum: version }),
    },
    {
      ...mainline,
      id: 'kernel-mainline-old',
      knows: 'no',
      says: fill(minimum.lacks, {
        kernel: `${String(older.major)}.${String(older.minor - 1)}`,
        minimum: version,
      }),
    },
    ...vendors.map((row) => ({
      id: `kernel-${row.id}`,
      name: row.name,
      version: '',
      knows: row.volatile,
      says: fill(row.says, { minimum: version }),
      source: row.source,
      status: row.status,
    })),
  ];
}

/** A kernel that the lab ran. */
export interface KernelRun extends Grounded {
  distribution: string;
  version: string;
  /** How /proc/mounts writes the option. */
  prints: string;
}

/** The kernels that were run, the oldest first; they rest on the runs alone. */
export function kernelRuns(locale: Locale): KernelRun[] {
  const runs = new Set(
    loadSources()
      .filter(({ kind }) => kind === 'measurement')
      .map(({ id }) => id),
  );
  return rulesFor(locale).kernels.series.map((row) => ({
    id: `kernel-run-${row.id}`,
    distribution: row.distribution,
    version: row.version,
    prints: row.prints,
    source: row.source.filter((source) => runs.has(source)),
    status: 'measured',
  }));
}

/** The rows of each table of the page, in the order in which it shows them. */
export const compatibilityTables = {
  CompatTargets: targetLines,
  CompatContainerd: (locale: Locale): Grounded[] =>
    containerdSeries(locale).flatMap(({ cells, flush }) => [
      ...cells,
      ...(flush === undefined ? [] : [flush]),
    ]),
  CompatFormats: formatLines,
  CompatKernels: kernelLines,
  CompatKernelRuns: kernelRuns,
} satisfies Record<string, (locale: Locale) => FactsRow[]>;
