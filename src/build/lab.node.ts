/** The lab's evidence as the page and its downloads use it, read once for a build. */
import { readdir } from 'node:fs/promises';
import { loadClaims, loadEvidence as loadAll } from '../evidence/claims.node.ts';
import { judge, type Judgement } from '../evidence/judge.ts';
import type { Measured } from '../evidence/measured.ts';
import type { RuntimeBehaviour } from '../evidence/runtime-behaviour.ts';
import {
  claimsTable,
  powerCutsTable,
  probesTable,
  runsTable,
  runtimeTable,
  tableCsv,
  tableJson,
  umountSeriesTable,
  verdictsTable,
  type Table,
} from '../evidence/tables.ts';
import { RECORDINGS } from '../recording/load.ts';

export interface LabEvidence {
  measured: Measured;
  behaviour: RuntimeBehaviour;
  /** Every claim of the site, held against this evidence. */
  judgements: Judgement[];
  /** Runs whose calls and stacks are kept, by id: they have data of their own. */
  recorded: ReadonlySet<string>;
}

let evidence: Promise<LabEvidence> | undefined;

/**
 * What was measured.
 *
 * @throws Error where a file of it is absent or not what the lab writes, with the way out
 */
export function loadEvidence(): Promise<LabEvidence> {
  evidence ??= Promise.all([loadAll(), readdir(RECORDINGS)]).then(([all, files]) => ({
    measured: all.measured,
    behaviour: all.runtimes,
    judgements: loadClaims().map((claim) => judge(claim, all)),
    recorded: new Set(files.map((file) => file.replace(/\.json$/, ''))),
  }));
  return evidence;
}

/**
 * Rows that a page is about to show.
 *
 * @throws Error where there are none: the page names what the lab does not know, or the evidence
 *   has lost it
 */
export function needed<T>(rows: readonly T[], what: string): readonly T[] {
  if (rows.length > 0) return rows;
  throw new Error(`A page shows ${what}, and nothing of it is among what the lab measured.`);
}

/** Files that hold one part of the evidence, at addresses that stay. */
export const DOWNLOADS = [
  'verdicts',
  'umount-series',
  'power-cuts',
  'probes',
  'runtime-behaviour',
  'claims',
  'measured',
] as const;

export type DownloadName = (typeof DOWNLOADS)[number];

export interface Download {
  csv: string;
  json: string;
}

let downloads: Promise<Record<DownloadName, Download>> | undefined;

/** The text of every file that the page offers. */
export function loadDownloads(): Promise<Record<DownloadName, Download>> {
  downloads ??= loadEvidence().then(({ measured, behaviour, judgements }) => ({
    // As the lab wrote them: everything else is derived from these two.
    measured: { ...both(runsTable(measured)), json: asWritten(measured) },
    'runtime-behaviour': { ...both(runtimeTable(behaviour)), json: asWritten(behaviour) },
    verdicts: both(verdictsTable(measured)),
    'umount-series': both(umountSeriesTable(measured)),
    probes: both(probesTable(measured)),
    'power-cuts': both(powerCutsTable(measured)),
    claims: both(claimsTable(judgements)),
  }));
  return downloads;
}

const both = (table: Table): Download => ({ csv: tableCsv(table), json: tableJson(table) });

const asWritten = (data: unknown): string => `${JSON.stringify(data, null, 1)}\n`;

/** The address of a file. */
export const downloadAddress = (name: DownloadName, ending: keyof Download): string =>
  `/lab/${name}.${ending}`;
