/**
 * A TOML file as its reader wrote it: what it says, and where each piece of it stands. Strict
 * TOML 1.0, which is what containerd 1.x reads.
 */
import { getStaticTOMLValue, parseTOML, type AST, type ParseError } from 'toml-eslint-parser';

export type Content = AST.TOMLContentNode;
export type Entry = AST.TOMLKeyValue;
export type Table = AST.TOMLTable;
/** Names from the root down; a number is a place in an array of tables. */
export type Path = readonly (string | number)[];

export interface TomlDocument {
  text: string;
  program: AST.TOMLProgram;
  root: AST.TOMLTopLevelTable;
  /** Every `[header]` with what stands under it, in the file's order. */
  tables: readonly Table[];
  /** What it says, as plain values. */
  value: Readonly<Record<string, unknown>>;
  /** Where each line begins. */
  starts: readonly number[];
}

/** Where the text stops being TOML 1.0, lines and columns from 1. */
export interface Fault {
  line: number;
  column: number;
  /** The parser's own words, in English. */
  message: string;
}

export type Parsed = { ok: true; document: TomlDocument } | { ok: false; fault: Fault };

export function parseDocument(text: string, version: '1.0' | '1.1' = '1.0'): Parsed {
  // The parser takes a carriage return alone inside a string of many lines; TOML does not.
  const alone = /\r(?!\n)/.exec(text);
  if (alone !== null) {
    const before = text.slice(0, alone.index).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    const message = 'A carriage return without a line feed';
    return { ok: false, fault: { line: before.length, column, message } };
  }
  let program;
  try {
    program = parseTOML(text, { tomlVersion: version });
  } catch (error) {
    const { lineNumber = 1, column = 0, message } = error as Partial<ParseError> & Error;
    // What is missing at the end of a line is noticed on the next one.
    const lines = text.split('\n').slice(0, lineNumber);
    while (lines.length > 1 && lines.at(-1)?.trim() === '') lines.pop();
    return lines.length < lineNumber
      ? {
          ok: false,
          fault: { line: lines.length, column: (lines.at(-1) ?? '').length + 1, message },
        }
      : { ok: false, fault: { line: lineNumber, column: column + 1, message } };
  }
  const [root] = program.body;
  return {
    ok: true,
    document: {
      text,
      program,
      root,
      tables: root.body.filter((node) => node.type === 'TOMLTable'),
      value: getStaticTOMLValue(program),
      starts: lineStarts(text),
    },
  };
}

export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The line, from 1, that a place in the text belongs to. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

export function lineOf(document: TomlDocument, node: { range: readonly [number, number] }): number {
  return lineAt(document.starts, node.range[0]);
}

export function keysOf(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

/** The keys and values that stand at the top of the file, before any header. */
export function rootEntries(document: TomlDocument): Entry[] {
  return document.root.body.filter((node) => node.type === 'TOMLKeyValue');
}

/** How a file writes the thing at a path. */
export type Place =
  | { kind: 'value'; entry: Entry; node: Content }
  /** `[the.path]` */
  | { kind: 'header'; table: Table }
  /** `[[the.path]]` */
  | { kind: 'array'; table: Table }
  /** `path.key = ...`: the last of such entries; the first `depth` parts of its key name the path. */
  | { kind: 'dotted'; entry: Entry; depth: number }
  /** Only `[the.path.below]`: the first of those headers. */
  | { kind: 'implicit'; table: Table }
  /** Something on the way is a value and no table. */
  | { kind: 'blocked'; entry: Entry };

interface Body {
  base: Path;
  entries: readonly Entry[];
}

/** Every group of entries: the top of the file, and what stands under each header. */
function bodies(document: TomlDocument): Body[] {
  return [
    { base: [], entries: rootEntries(document) },
    ...document.tables.map((table) => ({ base: table.resolvedKey, entries: table.body })),
  ];
}

export function locate(document: TomlDocument, path: Path): Place | undefined {
  let dotted: Place | undefined;
  for (const body of bodies(document)) {
    if (body.base.length >= path.length || !startsWith(path, body.base)) continue;
    const found = within(body, path);
    if (found !== undefined && found.kind !== 'dotted') return found;
    dotted = found ?? dotted;
  }
  const exact = document.tables.find((table) => samePath(table.resolvedKey, path));
  if (exact !== undefined) return { kind: 'header', table: exact };
  const array = document.tables.find(
    (table) => table.kind === 'array' && samePath(table.resolvedKey.slice(0, -1), path),
  );
  if (array !== undefined) return { kind: 'array', table: array };
  if (dotted !== undefined) return dotted;
  const below = document.tables.find((table) => startsWith(table.resolvedKey, path));
  return below === undefined ? undefined : { kind: 'implicit', table: below };
}

function within({ base, entries }: Body, path: Path): Place | undefined {
  let dotted: Place | undefined;
  for (const entry of entries) {
    const full = [...base, ...keysOf(entry.key)];
    if (samePath(full, path)) return { kind: 'value', entry, node: entry.value };
    if (startsWith(path, full)) {
      if (entry.value.type !== 'TOMLInlineTable') return { kind: 'blocked', entry };
      const found = within({ base: full, entries: entry.value.body }, path);
      if (found !== undefined) return found;
    } else if (startsWith(full, path)) {
      dotted = { kind: 'dotted', entry, depth: path.length - base.length };
    }
  }
  return dotted;
}

/** Every `key = value` of a file, those inside inline tables too, with its path. */
export function everyEntry(document: TomlDocument): { path: Path; entry: Entry }[] {
  const found: { path: Path; entry: Entry }[] = [];
  const walk = ({ base, entries }: Body): void => {
    for (const entry of entries) {
      const path = [...base, ...keysOf(entry.key)];
      found.push({ path, entry });
      if (entry.value.type === 'TOMLInlineTable') walk({ base: path, entries: entry.value.body });
    }
  };
  for (const body of bodies(document)) walk(body);
  return found;
}

export function startsWith(path: Path, start: Path): boolean {
  return start.length <= path.length && start.every((part, index) => part === path[index]);
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** The table at a path among plain values; undefined where there is none. */
export function tableAt(
  value: Readonly<Record<string, unknown>>,
  path: readonly string[],
): Record<string, unknown> | undefined {
  let at: unknown = value;
  for (const part of path) at = isTable(at) && Object.hasOwn(at, part) ? at[part] : undefined;
  return isTable(at) ? at : undefined;
}

export function isTable(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

/** Whether two plain values of TOML are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isTable(a) || !isTable(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}
