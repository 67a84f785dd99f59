/**
 * The evidence as flat tables, one value a cell: what the page offers as CSV and JSON. Names of
 * columns end with their unit; what is read off the page is read off the same rows.
 */
import { toCsv, type Cell } from './csv.ts';
import type { Judgement, ObservationJudgement } from './judge.ts';
import { question } from './judge.ts';
import type { Measured, MeasuredRun, RecordedRun } from './measured.ts';
import type { EvidenceRow } from './observe.ts';
import type { RuntimeBehaviour, RuntimeResult } from './runtime-behaviour.ts';
import { remainsOf, umountSeries } from './summary.ts';
import { comparisons, type Comparison } from './verdict.ts';
import { sentence } from './wording.ts';

export interface Table {
  /** The file's name without its ending: `umount-series`. */
  name: string;
  columns: { name: string; about: string }[];
  rows: Cell[][];
}

interface Column<Row> {
  name: string;
  /** What the cell holds, with its unit. */
  about: string;
  of: (row: Row) => Cell;
}

function table<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Table {
  return {
    name,
    columns: columns.map(({ name, about }) => ({ name, about })),
    rows: rows.map((row) => columns.map(({ of }) => of(row))),
  };
}

const column = <Row>(name: string, about: string, of: (row: Row) => Cell): Column<Row> => ({
  name,
  about,
  of,
});

export function tableCsv({ columns, rows }: Table): string {
  return toCsv(
    columns.map(({ name }) => name),
    rows,
  );
}

/** The table with the meaning of its columns; rows are objects with the columns' names. */
export function tableJson({ name, columns, rows }: Table): string {
  const objects = rows.map((row) =>
    Object.fromEntries(columns.map((column, index) => [column.name, row[index] ?? null])),
  );
  return `${JSON.stringify({ table: name, columns, rows: objects }, null, 1)}\n`;
}

const lines = (text: readonly string[]): string => text.join('\n');

/** Which run: the columns that every table of runs begins with. */
const whichRun: Column<MeasuredRun>[] = [
  column('id', 'name of the run', ({ id }) => id),
  column('kernel', 'series', ({ kernel }) => kernel.series),
  column('kernel_package', 'version of the Debian package', ({ kernel }) => kernel.package),
  column('filesystem', 'of the upper layer', ({ filesystem }) => filesystem),
  column('scenario', 'what was done, with its size', ({ scenario }) => scenario),
  column('volatile', 'mounted with volatile', ({ volatile }) => volatile),
];

/** How to have the run again: the columns that every table of runs ends with. */
const howAgain: Column<MeasuredRun>[] = [
  column('disk_mb_per_s', 'write limit of the disk, 10^6 bytes a second', ({ diskMBs }) => diskMBs),
  column('command', 'makes the run again', ({ command }) => command),
  column('recorded_at', 'UTC', ({ recordedAt }) => recordedAt),
];

/** Every recorded run. */
export function runsTable({ runs }: Measured): Table {
  const columns: Column<RecordedRun>[] = [
    ...whichRun,
    column('operation', 'the one system call that was watched', ({ operation }) => operation),
    column('prepared_mib', 'dirty data before the operation, MiB', ({ dirtyMiB }) => dirtyMiB),
    column('prepared_in', 'whose data it is', ({ dirtyIn }) => dirtyIn),
    column('seconds', 'as the caller saw it', ({ seconds }) => seconds),
    column('error', 'empty for none', ({ error }) => error),
    column('flushes', 'flush requests that the disk completed', ({ flushes }) => flushes),
    column('writes', 'write requests that the disk completed', ({ writes }) => writes),
    column('written_sectors', 'of 512 bytes', ({ sectors }) => sectors),
    column('dirty_before_kib', 'Dirty of /proc/meminfo, KiB', ({ dirtyKiB }) => dirtyKiB[0]),
    column('dirty_after_kib', 'Dirty of /proc/meminfo, KiB', ({ dirtyKiB }) => dirtyKiB[1]),
    column('writeback_before_kib', 'Writeback, KiB', ({ writebackKiB }) => writebackKiB[0]),
    column('writeback_after_kib', 'Writeback, KiB', ({ writebackKiB }) => writebackKiB[1]),
    column('guest_commands', 'one a line', ({ commands }) => lines(commands)),
    ...howAgain,
  ];
  return table(
    'measured',
    columns,
    runs.filter((run) => run.kind === 'recorded'),
  );
}

/** Both runs of each operation side by side, and what follows from them. */
export function verdictsTable(measured: Measured): Table {
  const columns: Column<Comparison>[] = [
    column('kernel', 'series', ({ series }) => series),
    column('kernel_package', 'version of the Debian package', ({ plain }) => plain.kernel.package),
    column('filesystem', 'of the upper layer', ({ filesystem }) => filesystem),
    column('scenario', 'what was done, with its size', ({ scenario }) => scenario),
    column('verdict', 'skipped, partly, kept, not-affected or added', ({ verdict }) => verdict),
    ...(['plain', 'volatile'] as const).flatMap((way): Column<Comparison>[] => [
      column(`${way}_seconds`, 'as the caller saw it', (both) => both[way].seconds),
      column(`${way}_flushes`, 'that the disk completed', (both) => both[way].flushes),
      column(`${way}_writes`, 'that the disk completed', (both) => both[way].writes),
      column(`${way}_dirty_after_kib`, 'Dirty afterwards, KiB', (both) => both[way].dirtyKiB[1]),
      column(`${way}_run`, 'name of the run', (both) => both[way].id),
    ]),
  ];
  return table('verdicts', columns, comparisons(measured));
}

/** umount against the dirty data it found. */
export function umountSeriesTable(measured: Measured): Table {
  type Point = ReturnType<typeof umountSeries>[number]['points'][number];
  const rows = umountSeries(measured).flatMap(({ points }) => points);
  const columns: Column<Point>[] = [
    column('kernel', 'series', ({ plain }) => plain.kernel.series),
    column('filesystem', 'of the upper layer', ({ plain }) => plain.filesystem),
    column('dirty_mib', 'dirty data before the umount, MiB', ({ mib }) => mib),
    column('plain_seconds', 'without volatile', ({ plain }) => plain.seconds),
    column('volatile_seconds', 'with volatile', ({ volatile }) => volatile.seconds),
    column('disk_mb_per_s', 'write limit, 10^6 bytes a second', ({ plain }) => plain.diskMBs),
    column('plain_run', 'name of the run', ({ plain }) => plain.id),
    column('volatile_run', 'name of the run', ({ volatile }) => volatile.id),
  ];
  return table('umount-series', columns, rows);
}

/** What the kernel answered to one command after another. */
export function probesTable({ runs }: Measured): Table {
  const rows = runs
    .filter((run) => run.kind === 'probe')
    .flatMap((run) => run.probes.map((probed, index) => ({ run, probed, index })));
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    ...ofRun<Row>(whichRun),
    column('step', 'place in the run, from 1', ({ index }) => index + 1),
    column('label', 'what it tries', ({ probed }) => probed.label),
    column('tried', 'the command in the guest', ({ probed }) => probed.command),
    column('status', 'what the shell answered, 0 for success', ({ probed }) => probed.status),
    column('printed', 'lines that it printed', ({ probed }) => lines(probed.out)),
    column('kernel_log', 'lines that it left there', ({ probed }) => lines(probed.dmesg)),
    ...ofRun<Row>(howAgain),
  ];
  return table('probes', columns, rows);
}

/** What power cuts left of files, one file a row. */
export function powerCutsTable({ runs }: Measured): Table {
  const rows = runs
    .filter((run) => run.kind === 'power-cut')
    .flatMap((run) => run.survivors.map((survivor) => ({ run, survivor })));
  type Row = (typeof rows)[number];
  const columns: Column<Row>[] = [
    ...ofRun<Row>(whichRun),
    column('file', 'before: safe on the disk already; written: since', (row) => row.survivor.file),
    column('remains', 'whole, part, lost, empty or missing', (row) => remainsOf(row.survivor)),
    column('written_bytes', 'how long it was', ({ survivor }) => survivor.bytes),
    column('length_bytes', 'how long it is; empty: not there', ({ survivor }) => survivor.length),
    column('intact_bytes', 'that are as they were written', ({ survivor }) => survivor.intact),
    column('remount_status', 'of mounting the overlay again', ({ run }) => run.remount.status),
    column('remount_printed', 'lines', ({ run }) => lines(run.remount.out)),
    column('remount_kernel_log', 'lines', ({ run }) => lines(run.remount.dmesg)),
    ...ofRun<Row>(howAgain),
  ];
  return table('power-cuts', columns, rows);
}

const ofRun = <Row extends { run: MeasuredRun }>(
  columns: readonly Column<MeasuredRun>[],
): Column<Row>[] => columns.map((one) => ({ ...one, of: ({ run }) => one.of(run) }));

/** One thing tried on one version of a runtime, in the words of the findings. */
export interface Tried {
  result: RuntimeResult;
  /** What was tried, as the lab calls it. */
  case: string;
  /** In one word or number what came of it. */
  outcome: string | number;
  /** Mount options that were in effect; null where there is no mount to ask. */
  options: readonly string[] | null;
  /** What the program said, then what the kernel said. */
  says: readonly string[];
  /** What was counted. */
  numbers: Readonly<Record<string, number>>;
  /** What became of a container that was started afterwards; null where none was. */
  then: string | null;
}

/** The parts of a case's name; a page names each of them in its language. */
export const CASE_PARTS = '; ';

const parts = (...all: string[]): string => all.filter((part) => part !== '').join(CASE_PARTS);

const way = (options: readonly string[]): string =>
  options.includes('volatile') ? 'volatile' : 'plain';

const started = (yes: boolean): string => (yes ? 'starts' : 'does-not-start');

/** Everything that one experiment tried, one row a case. */
export function triedIn(result: RuntimeResult): Tried[] {
  const row = (
    name: string,
    outcome: string | number,
    options: readonly string[] | null = null,
    says: readonly string[] = [],
    more: Partial<Pick<Tried, 'numbers' | 'then'>> = {},
  ): Tried => ({ result, case: name, outcome, options, says, numbers: {}, then: null, ...more });
  switch (result.experiment) {
    case 'forms':
      return result.findings.map((one) => row(one.form, one.outcome, one.options, one.says));
    case 'config-commands': {
      const { dumpLine, defaultLine, migrate } = result.findings;
      return [
        row('config dump', dumpLine ?? 'absent'),
        row('config default', defaultLine ?? 'absent'),
        row(
          'config migrate',
          migrate.version === null ? 'refused' : `version ${migrate.version}`,
          migrate.mountOptions,
          migrate.says,
        ),
      ];
    }
    case 'drop-ins':
      return result.findings.map((one) =>
        row(
          one.case,
          one.inEffect === null
            ? 'refused'
            : one.inEffect.upperdirLabel
              ? 'label-kept'
              : 'label-not-set',
          one.inEffect?.options ?? null,
          one.says,
        ),
      );
    case 'mounts':
      return [...result.findings.snapshots, result.findings.inContainer].map((one) =>
        row(one.of, one.volatile ? 'volatile' : 'not-volatile', [one.type, ...one.options]),
      );
    case 'unpack':
      return result.findings.map((one) =>
        row(
          parts(one.by, one.setting === 'none' ? '' : one.setting),
          one.refused === null ? one.syncfs : 'refused',
          null,
          one.refused === null ? one.says : [one.refused],
        ),
      );
    case 'restart':
      return result.findings.map((one, index) =>
        row(parts(String(index + 1), one.after), started(one.starts), one.options, [
          ...one.says,
          ...one.kernel,
        ]),
      );
    case 'mistyped': {
      const { options, containerStarts, says, kernel } = result.findings;
      return [row('a container', started(containerStarts), options, [...says, ...kernel])];
    }
    case 'stop':
      return result.findings.map((one) =>
        row(parts(one.step, way(one.options)), one.neighbour, one.options, [], {
          numbers: { writtenKiB: one.writtenKiB, flushes: one.flushes },
        }),
      );
    case 'power-cut':
      return result.findings.map((one) =>
        row(
          parts(one.after, way(one.options), one.syncOnPull ? 'sync on pull' : ''),
          [...new Set(one.layers)].join(', '),
          one.options,
          [],
          { then: started(one.runs) },
        ),
      );
    case 'storage': {
      const { containers, again } = result.findings;
      const asked = (mountopt: string | null): string => `mountopt ${mountopt ?? 'not set'}`;
      return [
        ...containers.map((one) =>
          row(
            parts(one.by, asked(one.mountopt)),
            one.volatile ? 'volatile' : 'not-volatile',
            one.options,
          ),
        ),
        ...again.map((one) =>
          row(
            parts(one.by, 'again', asked(one.mountopt)),
            one.works ? 'works' : 'refused',
            null,
            one.says,
          ),
        ),
      ];
    }
  }
}

/** Everything that was tried on container runtimes, one case a row. */
export function runtimeTable({ results }: RuntimeBehaviour): Table {
  const columns: Column<Tried>[] = [
    column('runtime', 'program', ({ result }) => result.runtime),
    column('version', 'of the program', ({ result }) => result.version),
    column('experiment', 'what --experiment chooses by', ({ result }) => result.experiment),
    column('case', 'what was tried', (tried) => tried.case),
    column('outcome', 'in one word; for unpack: calls of syncfs(2)', ({ outcome }) => outcome),
    column('options', 'mount options, commas between', ({ options }) => options?.join() ?? null),
    column('then', 'of a container that was started afterwards', ({ then }) => then),
    column('numbers', 'one a line: name, value', ({ numbers }) =>
      lines(Object.entries(numbers).map(([name, value]) => `${name} ${value}`)),
    ),
    column('says', 'lines of the program and of the kernel', ({ says }) => lines(says)),
    column('host_kernel', 'of the machine', ({ result }) => result.provenance.kernel),
    column('command', 'makes the results again', ({ result }) => result.provenance.command),
    column('date', 'UTC', ({ result }) => result.provenance.date),
  ];
  return table('runtime-behaviour', columns, results.flatMap(triedIn));
}

/**
 * The sentence of a claim; a number that nobody has measured yet stands as three dots. English is
 * what decides whether there is one.
 */
export function claimSentence(judgement: Judgement, locale: 'en' | 'zh-cn'): string {
  try {
    return sentence(judgement, locale);
  } catch (error) {
    if (judgement.outcome === 'holds') throw error;
    return judgement.claim[locale].replace(/\{\w+\}/g, '…');
  }
}

/** Every claim with everything that its observations looked at, one thing a row. */
export function claimsTable(judgements: readonly Judgement[]): Table {
  const rows = judgements.flatMap((judgement) =>
    judgement.observations.flatMap((observed) =>
      // An observation that found nothing to look at has a row, too.
      (observed.rows.length === 0 ? [undefined] : observed.rows).map((row) => ({
        judgement,
        observed,
        row,
      })),
    ),
  );
  type Row = { judgement: Judgement; observed: ObservationJudgement; row: EvidenceRow | undefined };
  const kernel = ({ row }: Row) => (row !== undefined && 'kernel' in row.on ? row.on : undefined);
  const columns: Column<Row>[] = [
    column('claim', 'its id', ({ judgement }) => judgement.claim.id),
    column('outcome', 'holds, fails or no-evidence', ({ judgement }) => judgement.outcome),
    column('en', 'the sentence', ({ judgement }) => claimSentence(judgement, 'en')),
    column('zh_cn', 'the sentence', ({ judgement }) => claimSentence(judgement, 'zh-cn')),
    column('wants', 'what is asked of each', ({ observed }) => question(observed.observation)),
    column('holds', 'whether it is so; empty: not measured', ({ row }) => row?.holds ?? null),
    column('kernel', 'version', (row) => kernel(row)?.kernel ?? null),
    column('filesystem', 'of the upper layer', (row) => kernel(row)?.filesystem ?? null),
    column('runtime', 'program and version', ({ row }) =>
      row !== undefined && 'runtime' in row.on ? `${row.on.runtime} ${row.on.version}` : null,
    ),
    column('runs', 'names of runs, or the experiment', ({ row }) => row?.runs.join(' ') ?? null),
    column('what', 'function, probe, file or case', ({ row }) => row?.what ?? null),
    column('words', 'lines', ({ row }) => (row === undefined ? null : lines(row.words))),
    column('numbers', 'one a line: which run, name, value', ({ row }) =>
      row === undefined
        ? null
        : lines(
            row.numbers.map(({ name, variant, value }) =>
              [variant, name, value].filter((part) => part !== undefined).join(' '),
            ),
          ),
    ),
    column('command', 'makes it again', ({ row }) => row?.command ?? null),
  ];
  return table('claims', columns, rows);
}
