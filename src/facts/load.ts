/**
 * Reads content/facts/*.yaml and checks it. For the build, the command line and tests: this file
 * touches the disk, and no browser code imports it.
 */
import { readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import {
  containerdSchema,
  functionSchema,
  glossarySchema,
  incidentStackSchema,
  kernelsSchema,
  sourceSchema,
  syncChainsSchema,
  syncPathSchema,
  syncToolSchema,
  targetsSchema,
  valueSchema,
} from './schema.ts';
import type {
  Containerd,
  IncidentStack,
  KernelFunction,
  Kernels,
  Source,
  SyncChains,
  SyncPath,
  SyncTool,
  Targets,
  Term,
  Value,
} from './schema.ts';

/** What is wrong in a facts file, one line per fault: file, line, row, field, reason. */
export class FactsError extends Error {
  override name = 'FactsError';
}

/** Where the facts are when nothing else is said: builds, tests and commands run at the root. */
const defaultFolder = 'content/facts';

interface Row {
  /** What names a row of this file: `id`, or `name` where rows are known by a function. */
  key: string;
}

/** How one file is read: a list of rows with a name each, or one object. */
interface Kind<T> {
  file: string;
  schema: z.ZodType<T>;
  rows?: Row;
  /** Lists inside the object whose rows carry an `id` of their own. */
  lists?: readonly string[];
}

const kinds = {
  sources: { file: 'sources.yaml', schema: z.array(sourceSchema), rows: { key: 'id' } },
  values: { file: 'values.yaml', schema: z.array(valueSchema), rows: { key: 'id' } },
  glossary: { file: 'glossary.yaml', schema: glossarySchema, rows: { key: 'id' } },
  kernels: { file: 'kernels.yaml', schema: kernelsSchema, lists: ['series', 'changes', 'vendors'] },
  syncPaths: { file: 'sync-paths.yaml', schema: z.array(syncPathSchema), rows: { key: 'id' } },
  syncChains: {
    file: 'sync-chains.yaml',
    schema: syncChainsSchema,
    lists: ['trunks', 'kernels'],
  },
  syncTools: { file: 'sync-tools.yaml', schema: z.array(syncToolSchema), rows: { key: 'id' } },
  functions: { file: 'functions.yaml', schema: z.array(functionSchema), rows: { key: 'name' } },
  incidentStack: { file: 'incident-stack.yaml', schema: incidentStackSchema },
  containerd: {
    file: 'containerd.yaml',
    schema: containerdSchema,
    lists: ['notable', 'support', 'formats', 'settings', 'warnings', 'steps'],
  },
  targets: {
    file: 'targets.yaml',
    schema: targetsSchema,
    lists: ['instead', 'rollouts', 'targets'],
  },
} satisfies Record<string, Kind<unknown>>;

export const loadSources = (folder?: string): Source[] => load(kinds.sources, folder);
export const loadValues = (folder?: string): Value[] => load(kinds.values, folder);
export const loadGlossary = (folder?: string): Term[] => load(kinds.glossary, folder);
export const loadKernels = (folder?: string): Kernels => load(kinds.kernels, folder);
export const loadSyncPaths = (folder?: string): SyncPath[] => load(kinds.syncPaths, folder);
export const loadSyncChains = (folder?: string): SyncChains => load(kinds.syncChains, folder);
export const loadSyncTools = (folder?: string): SyncTool[] => load(kinds.syncTools, folder);
export const loadFunctions = (folder?: string): KernelFunction[] => load(kinds.functions, folder);
export const loadContainerd = (folder?: string): Containerd => load(kinds.containerd, folder);
export const loadTargets = (folder?: string): Targets => load(kinds.targets, folder);
export const loadIncidentStack = (folder?: string): IncidentStack =>
  load(kinds.incidentStack, folder);

/** Rows of a file that another part of the site keeps its schema of, each with an `id`. */
export const loadRows = <T>(file: string, schema: z.ZodType<T[]>, folder?: string): T[] =>
  load({ file, schema, rows: { key: 'id' } }, folder);

/** Files already read, by path; a file that changed since is read again, so that `dev` follows. */
const cache = new Map<string, { stamp: string; data: unknown }>();

function load<T>(kind: Kind<T>, folder = defaultFolder): T {
  const path = resolve(folder, kind.file);
  const sources = resolve(folder, kinds.sources.file);
  const stamp = `${modified(path)} ${modified(sources)}`;
  const known = cache.get(path);
  if (known?.stamp === stamp) return known.data as T;
  const data = read(kind, path, path === sources ? undefined : sources);
  cache.set(path, { stamp, data });
  return data;
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function read<T>(kind: Kind<T>, path: string, sources: string | undefined): T {
  const shown = relative(process.cwd(), path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new FactsError(
      `${shown}: cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(
    (error) => `${shown}:${String(lines.linePos(error.pos[0]).line)}: ${error.message}`,
  );
  if (broken.length > 0) throw new FactsError(broken.join('\n'));

  const raw: unknown = document.toJS();
  const at = (place: readonly PropertyKey[]): string => {
    // The deepest node that exists: a field that is missing has no line, its row has.
    for (let depth = place.length; depth >= 0; depth -= 1) {
      const node: unknown = document.getIn(place.slice(0, depth), true);
      const range = (node as { range?: readonly number[] } | undefined)?.range;
      if (range?.[0] !== undefined) return `${shown}:${String(lines.linePos(range[0]).line)}`;
    }
    return shown;
  };
  const faults: string[] = [];
  const fault = (place: readonly PropertyKey[], message: string): void => {
    const line = `${at(place)}: ${name(raw, place)}${message}`;
    if (!faults.includes(line)) faults.push(line);
  };

  const result = kind.schema.safeParse(raw, { reportInput: true });
  if (!result.success) {
    for (const issue of result.error.issues) fault(issue.path, explain(issue));
  } else {
    checkNames(kind, result.data, fault);
    if (sources !== undefined && modified(sources) > 0) {
      const known = new Set(load(kinds.sources, join(sources, '..')).map((source) => source.id));
      checkSources(result.data, [], known, fault);
    }
  }
  if (!result.success || faults.length > 0) throw new FactsError(faults.join('\n'));
  return result.data;
}

type Fault = (place: readonly PropertyKey[], message: string) => void;

function checkNames<T>(kind: Kind<T>, data: T, fault: Fault): void {
  const lists: [PropertyKey[], string, unknown][] =
    kind.rows === undefined
      ? (kind.lists ?? []).map((list) => [[list], 'id', (data as Record<string, unknown>)[list]])
      : [[[], kind.rows.key, data]];
  for (const [place, key, rows] of lists) {
    const seen = new Set<unknown>();
    (rows as Record<string, unknown>[]).forEach((row, index) => {
      if (seen.has(row[key])) fault([...place, index, key], 'is taken by an earlier row');
      seen.add(row[key]);
    });
  }
}

/** Walks to every `source` list, wherever a file keeps its rows. */
function checkSources(
  value: unknown,
  place: readonly PropertyKey[],
  known: ReadonlySet<string>,
  fault: Fault,
): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, child] of Object.entries(value)) {
    const here = [...place, Array.isArray(value) ? Number(key) : key];
    if (key === 'source' && Array.isArray(child)) {
      for (const id of child as string[])
        if (!known.has(id)) fault(here, `names "${id}", which sources.yaml does not have`);
    } else checkSources(child, here, known, fault);
  }
}

/** `row 3 (some-id), field text.en: `, or as much of it as there is. */
function name(raw: unknown, place: readonly PropertyKey[]): string {
  const index = place.findIndex((step) => typeof step === 'number');
  if (index < 0) return place.length > 0 ? `field ${place.map(String).join('.')} ` : '';
  const row = place
    .slice(0, index + 1)
    .reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown>)[step], raw);
  const fields = row as { id?: unknown; name?: unknown; printed?: unknown } | null | undefined;
  const label = fields?.id ?? fields?.name ?? fields?.printed;
  const list = place.slice(0, index).map(String).join('.');
  const field = place
    .slice(index + 1)
    .map(String)
    .join('.');
  return [
    `${list === '' ? '' : `${list} `}row ${String(Number(place[index]) + 1)}`,
    typeof label === 'string' ? ` (${label})` : '',
    field === '' ? ': ' : `, field ${field} `,
  ].join('');
}

/** One fault in a person's words. */
function explain(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing';
  if (issue.code === 'unrecognized_keys') return `has unknown fields: ${issue.keys.join(', ')}`;
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat()[0];
    if (issue.input === undefined) return 'is missing';
    return inner === undefined ? issue.message : explain(inner);
  }
  return issue.message;
}
