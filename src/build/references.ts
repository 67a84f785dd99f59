/**
 * What a page rests on: its sources and recordings, numbered in the order in which the text first
 * uses them, each with the places that use it.
 */
import type {
  IncidentStack,
  KernelFunction,
  Source,
  SyncPath,
  Term,
  Value,
} from '../facts/schema.ts';
import type { Recording } from '../recording/types.ts';
import type { OutlineComponent, OutlineHeading, OutlineItem } from './outline.ts';

export interface Reference {
  number: number;
  evidence: { source: Source } | { recording: Recording };
  /** Ids of the elements that use it, in the order of the text. */
  uses: string[];
}

/** Where the rows behind an id come from; every function throws on an id it does not know. */
export interface Library {
  source(id: string): Source;
  value(id: string): Value;
  term(id: string): Term;
  recording(id: string): Recording;
  /** By the name of its row. */
  kernelFunction(name: string): KernelFunction;
  syncPaths(): readonly SyncPath[];
  incidentStack(): IncidentStack;
  /** Every term, in the order in which the page shows them. */
  glossary(): readonly Term[];
  /** The rows of a table that a component renders from the facts, as the reader sees them. */
  table(name: FactsTable, topic?: string): readonly FactsRow[];
}

/** Components that render a table of facts: each row carries the marks of its own sources. */
const factsTables = [
  'Timeline',
  'KernelChanges',
  'ContainerdMounts',
  'RiskAvoid',
  'RiskChecklist',
  'DiagnosisCommands',
  'DiagnosisCauses',
  'CompatTargets',
  'CompatContainerd',
  'CompatFormats',
  'CompatKernels',
  'CompatKernelRuns',
] as const;
export type FactsTable = (typeof factsTables)[number];

export interface FactsRow {
  id: string;
  source: readonly string[];
}

/** The sources and recordings of one page. */
export class References {
  readonly list: readonly Reference[];
  readonly #byKey: ReadonlyMap<string, Reference>;
  readonly #sections = new Map<string, OutlineHeading>();

  constructor(outline: readonly OutlineItem[], library: Library) {
    const byKey = new Map<string, Reference>();
    let section: OutlineHeading | undefined;
    for (const item of outline) {
      if (item.kind !== 'component') {
        section = item;
        continue;
      }
      for (const use of usesOf(item, library)) {
        const key = 'source' in use ? sourceKey(use.source) : runKey(use.run);
        let reference = byKey.get(key);
        if (reference === undefined) {
          const evidence =
            'source' in use
              ? { source: library.source(use.source) }
              : { recording: library.recording(use.run) };
          reference = { number: byKey.size + 1, evidence, uses: [] };
          byKey.set(key, reference);
        }
        reference.uses.push(use.at);
        if (section !== undefined) this.#sections.set(use.at, section);
      }
    }
    this.#byKey = byKey;
    this.list = [...byKey.values()];
  }

  /** The number of a source on this page; undefined where the text itself does not use it. */
  numberOf(sourceId: string): number | undefined {
    return this.#byKey.get(sourceKey(sourceId))?.number;
  }

  /** The heading that a use of the list stands under; undefined before the first one. */
  sectionOf(use: string): OutlineHeading | undefined {
    return this.#sections.get(use);
  }

  /** The number of a recording on this page. */
  numberOfRun(recordingId: string): number | undefined {
    return this.#byKey.get(runKey(recordingId))?.number;
  }
}

const sourceKey = (id: string): string => `source ${id}`;
const runKey = (id: string): string => `run ${id}`;

type Use = { at: string } & ({ source: string } | { run: string });

function usesOf(item: OutlineComponent, library: Library): Use[] {
  const at = markId(item.mark);
  switch (item.name) {
    case 'Cite':
      return [{ at, source: required(item, 'id') }];
    case 'Fact':
      return library
        .value(required(item, 'id'))
        .source.map((source, index) => ({ at: markId(item.mark, index), source }));
    case 'Measured':
      return [{ at, run: required(item, 'run') }];
    case 'SyncPaths':
      return (
        library
          .syncPaths()
          // The table is that of ext4: some operations need a file system that shares blocks.
          .filter(({ filesystems }) => filesystems?.includes('ext4') ?? true)
          .flatMap((row) => row.source.map((source) => ({ at: rowMarkId(row.id, source), source })))
      );
    case 'IncidentStack':
      return library
        .incidentStack()
        .source.map((source) => ({ at: rowMarkId('incident-stack', source), source }));
    case 'Glossary':
      return library
        .glossary()
        .flatMap((row) => row.source.map((source) => ({ at: rowMarkId(row.id, source), source })));
    default:
      return tableUses(item, library);
  }
}

function tableUses(item: OutlineComponent, library: Library): Use[] {
  const name = factsTables.find((known) => known === item.name);
  if (name === undefined) return [];
  return library
    .table(name, item.attributes['topic'])
    .flatMap((row) => row.source.map((source) => ({ at: rowMarkId(row.id, source), source })));
}

function required(item: OutlineComponent, attribute: string): string {
  const value = item.attributes[attribute];
  if (value !== undefined) return value;
  throw new Error(`<${item.name}> needs the attribute ${attribute}="..." as plain text`);
}

/** The id of the element that carries a mark; a fact with several sources has several. */
export function markId(mark: number | string, index = 0): string {
  return index === 0 ? `use-${String(mark)}` : `use-${String(mark)}-${String(index + 1)}`;
}

/** The id of a mark inside a table, by row and source. */
export function rowMarkId(row: string, source: string): string {
  return `use-${row}-${source}`;
}
