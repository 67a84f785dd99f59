/**
 * The edits that set one key of one plugin, each in the form that the file already has: under a
 * header, dotted, inline, as an element of a list on one line or many.
 */
import type { AST } from 'toml-eslint-parser';
import {
  keysOf,
  lineAt,
  locate,
  rootEntries,
  startsWith,
  type Entry,
  type Path,
  type Table,
  type TomlDocument,
} from './document.ts';
import type { Edit } from './edit.ts';
import {
  endOfLine,
  equals,
  indentBefore,
  keyIndent,
  keyText,
  lineEnd,
  mostCommon,
  nameQuote,
  opensLine,
  quoted,
  valueQuote,
} from './style.ts';

/** A key that is to be added: its name and its value, as it will be written. */
export interface NewKey {
  name: string;
  value: string;
}

/**
 * Adds keys to the table `plugins.<plugin>`, which may not be there yet. The keys themselves may
 * not be there: see `addElements` and `replace` for those that are.
 *
 * @param earlier the edits that were already made to this document
 */
export function addKeys(
  document: TomlDocument,
  plugin: string,
  keys: readonly NewKey[],
  why: string,
  earlier: readonly Edit[] = [],
): Edit[] {
  const path = ['plugins', plugin];
  const place = locate(document, path);
  switch (place?.kind) {
    case 'header':
      return [underHeader(document, place.table, keys, why)];
    case 'dotted':
      return dotted(document, place.entry, place.depth, [], keys, why);
    case 'value':
      return place.node.type === 'TOMLInlineTable'
        ? inline(document, place.node, keys.map(line(document)), why)
        : [];
    case 'implicit':
      return [beforeTable(document, place.table, plugin, keys, why)];
    case 'array':
    case 'blocked':
      return [];
    case undefined:
      return newTable(document, plugin, keys, why, earlier);
  }
}

function newTable(
  document: TomlDocument,
  plugin: string,
  keys: readonly NewKey[],
  why: string,
  earlier: readonly Edit[],
): Edit[] {
  const all = locate(document, ['plugins']);
  if (all?.kind === 'value' && all.node.type === 'TOMLInlineTable') {
    const name = keyText(plugin, nameQuoteOf(document, all.node.body));
    const inner = keys.map(line(document)).join(', ');
    return inline(document, all.node, [`${name}${equals(document)}{ ${inner} }`], why, earlier);
  }
  const tables = document.tables.filter((table) => table.resolvedKey[0] === 'plugins');
  if (!tables.some((table) => table.resolvedKey.length > 1)) {
    // The plugins that are there are written as dotted keys, so this one is as well.
    const like = [...(tables[0]?.body ?? rootEntries(document))]
      .reverse()
      .find((entry) =>
        tables.length > 0
          ? entry.key.keys.length > 1
          : entry.key.keys.length > 2 && keysOf(entry.key)[0] === 'plugins',
      );
    if (like !== undefined) {
      const name = keyText(plugin, nameQuoteOf(document, [like]));
      return dotted(document, like, tables.length > 0 ? 0 : 1, [name], keys, why);
    }
  }
  const next = placeAmong(document, tables, plugin);
  return [
    next === undefined
      ? atEnd(document, plugin, keys, why, earlier)
      : beforeTable(document, next, plugin, keys, why),
  ];
}

/** The table before which this plugin's belongs; undefined: at the end of the file. */
function placeAmong(
  document: TomlDocument,
  plugins: readonly Table[],
  name: string,
): Table | undefined {
  const last = plugins.at(-1);
  if (last === undefined) return undefined;
  const names = [...new Set(plugins.map((table) => table.resolvedKey[1]))].filter(
    (key) => typeof key === 'string',
  );
  // What containerd itself prints is in alphabetical order.
  const sorted = names.length > 1 && names.every((key, i) => i === 0 || (names[i - 1] ?? '') < key);
  if (sorted) {
    const after = plugins.find(({ resolvedKey: [, key] }) => typeof key === 'string' && key > name);
    if (after !== undefined) return after;
  }
  return document.tables[document.tables.indexOf(last) + 1];
}

function underHeader(
  document: TomlDocument,
  table: Table,
  keys: readonly NewKey[],
  why: string,
): Edit {
  const { text } = document;
  const last = table.body.at(-1);
  const at = endOfLine(text, last?.range[1] ?? table.key.range[1]);
  const indent =
    last !== undefined && opensLine(text, last.range[0])
      ? indentBefore(text, last.range[0])
      : indentBefore(text, table.range[0]) + usualKeyIndent(document);
  const feed = lineEndAt(text, at);
  const added = keys.map((key) => `${feed}${indent}${line(document, last)(key)}`).join('');
  return { from: at, to: at, text: added, why };
}

function dotted(
  document: TomlDocument,
  like: Entry,
  depth: number,
  names: readonly string[],
  keys: readonly NewKey[],
  why: string,
): Edit[] {
  const { text } = document;
  const [first] = like.key.keys;
  const last = like.key.keys[depth - 1];
  const start =
    first === undefined || last === undefined ? '' : text.slice(first.range[0], last.range[1]);
  const written = keys.map(
    (key) =>
      [...(start === '' ? [] : [start]), ...names, keyText(key.name, '"')].join('.') +
      equals(document, like) +
      key.value,
  );
  if (like.parent.type === 'TOMLInlineTable') return inline(document, like.parent, written, why);
  const at = endOfLine(text, like.range[1]);
  const feed = lineEndAt(text, at);
  const indent = indentBefore(text, like.range[0]);
  return [{ from: at, to: at, text: written.map((one) => feed + indent + one).join(''), why }];
}

function inline(
  document: TomlDocument,
  table: AST.TOMLInlineTable,
  written: readonly string[],
  why: string,
  earlier: readonly Edit[] = [],
): Edit[] {
  const { text } = document;
  const last = table.body.at(-1);
  const [from, to] = table.range;
  if (last === undefined) {
    const at = from + 1;
    if (earlier.some((edit) => edit.from === at))
      return [{ from: at, to: at, text: written.map((one) => `, ${one}`).join(''), why }];
    return [
      { from: at, to: at, text: ` ${written.join(', ')}`, why },
      ...(to - from > 2 ? [] : [{ from: at, to: at, text: ' ', why, order: 2 as const }]),
    ];
  }
  const at = last.range[1];
  const comma = text.slice(from, to).includes(', ') || table.body.length < 2 ? ', ' : ',';
  return [{ from: at, to: at, text: written.map((one) => comma + one).join(''), why }];
}

function beforeTable(
  document: TomlDocument,
  next: Table,
  plugin: string,
  keys: readonly NewKey[],
  why: string,
): Edit {
  const at = startWithComments(document, next);
  const feed = lineEndAt(document.text, endOfLine(document.text, next.range[0]));
  const block = tableLines(document, plugin, keys).map((one) => one + feed);
  // An empty line above means that tables stand apart here.
  const apart = blankBefore(document.text, at) ? feed : '';
  return { from: at, to: at, text: block.join('') + apart, why, order: 1 };
}

function atEnd(
  document: TomlDocument,
  plugin: string,
  keys: readonly NewKey[],
  why: string,
  earlier: readonly Edit[],
): Edit {
  const { text } = document;
  const feed = lineEnd(text);
  const follows = earlier.some((edit) => edit.from === text.length && edit.order === 1);
  const block = tableLines(document, plugin, keys);
  const ends = text === '' || text.endsWith('\n');
  const apart = (!follows && blankBefore(text, text.length)) || !standApart(document) ? '' : feed;
  const added = ends
    ? apart + block.map((one) => one + feed).join('')
    : feed + apart + block.join(feed);
  return { from: text.length, to: text.length, text: added, why, order: 1 };
}

function tableLines(document: TomlDocument, plugin: string, keys: readonly NewKey[]): string[] {
  const siblings = document.tables.filter(
    ({ resolvedKey }) => resolvedKey[0] === 'plugins' && resolvedKey.length === 2,
  );
  const below = document.tables.filter(
    ({ resolvedKey }) => resolvedKey[0] === 'plugins' && resolvedKey.length > 2,
  );
  const indent =
    mostCommon(
      (siblings.length > 0 ? siblings : below.slice(0, 1)).map((table) =>
        indentBefore(document.text, table.range[0]),
      ),
    ) ?? '';
  return [
    `${indent}[plugins.${keyText(plugin, nameQuote(document))}]`,
    ...keys.map((key) => indent + usualKeyIndent(document) + line(document)(key)),
  ];
}

/** How far keys stand in from their header in this file, plugins first. */
function usualKeyIndent(document: TomlDocument): string {
  const of = (tables: readonly Table[]): string | undefined =>
    mostCommon(
      tables.map((table) => keyIndent(document, table)).filter((one) => one !== undefined),
    );
  return (
    of(document.tables.filter((t) => t.resolvedKey[0] === 'plugins')) ?? of(document.tables) ?? '  '
  );
}

const line =
  (document: TomlDocument, like?: Entry) =>
  ({ name, value }: NewKey): string =>
    `${keyText(name, '"')}${equals(document, like)}${value}`;

/** Where a table's block begins: the comment lines right above its header, at its own indent. */
function startWithComments(document: TomlDocument, table: Table): number {
  const { text, starts } = document;
  const indent = indentBefore(text, table.range[0]);
  const comments = commentLines(document);
  let first = lineAt(starts, table.range[0]);
  while (comments.get(first - 1) === indent) first -= 1;
  return starts[first - 1] ?? 0;
}

/** Asked for every table of a file: a long one would be searched as often as it has tables. */
const commentsOf = new WeakMap<TomlDocument, ReadonlyMap<number, string>>();

/** The lines that hold a comment alone, with how far it stands in. */
function commentLines(document: TomlDocument): ReadonlyMap<number, string> {
  const { text, starts } = document;
  const known = commentsOf.get(document);
  if (known !== undefined) return known;
  const lines = new Map(
    document.program.comments
      .filter(({ range: [at] }) => opensLine(text, at))
      .map(({ range: [at] }) => [lineAt(starts, at), indentBefore(text, at)]),
  );
  commentsOf.set(document, lines);
  return lines;
}

function blankBefore(text: string, at: number): boolean {
  return at === 0 || /\n[\t ]*\r?\n$/.test(text.slice(Math.max(0, at - 200), at));
}

/** Whether an empty line stands before most headers; so it is where there is one header or none. */
function standApart(document: TomlDocument): boolean {
  const later = document.tables.filter((table) => startWithComments(document, table) > 0);
  const apart = later.filter((table) =>
    blankBefore(document.text, startWithComments(document, table)),
  );
  return later.length < 2 || apart.length * 2 >= later.length;
}

function nameQuoteOf(document: TomlDocument, entries: readonly Entry[]): '"' | "'" {
  const marks = entries
    .flatMap((entry) => entry.key.keys)
    .filter((part) => part.type === 'TOMLQuoted')
    .map((part) => document.text[part.range[0]] ?? '"');
  return mostCommon(marks) === "'" ? "'" : '"';
}

function lineEndAt(text: string, end: number): string {
  if (end >= text.length) return lineEnd(text);
  return text[end] === '\r' ? '\r\n' : '\n';
}

/** Adds strings to the end of a list that is there. */
export function addElements(
  document: TomlDocument,
  array: AST.TOMLArray,
  values: readonly string[],
  why: string,
): Edit[] {
  const { text } = document;
  const [from, to] = array.range;
  const last = array.elements.at(-1);
  const written = values.map((value) => quoted(value, quoteNear(document, array)));
  const tokens = document.program.tokens.filter(({ range: [at] }) => at > from && at < to);
  if (last === undefined) {
    if (!text.slice(from, to).includes('\n'))
      return [{ from: from + 1, to: from + 1, text: written.join(', '), why }];
    // A list of nothing on several lines: the words go on a line of their own, before the bracket.
    const close = to - 1;
    const start = text.lastIndexOf('\n', close) + 1;
    const feed = lineEndAt(text, endOfLine(text, from));
    const indent = indentBefore(text, array.parent.range[0]);
    if (!opensLine(text, close)) return [{ from: close, to: close, text: written.join(', '), why }];
    const lines = written.map((one) => `${indent}  ${one},${feed}`).join('');
    return [{ from: start, to: start, text: lines, why }];
  }
  const comma = tokens.findLast(
    (token) =>
      token.value === ',' && token.type === 'Punctuator' && token.range[0] >= last.range[1],
  );
  const spread = opensLine(text, last.range[0]) && text.slice(from, last.range[0]).includes('\n');
  if (!spread) {
    const at = comma?.range[1] ?? last.range[1];
    const added =
      comma === undefined
        ? written.map((one) => `, ${one}`).join('')
        : written.map((one) => ` ${one},`).join('');
    return [{ from: at, to: at, text: added, why }];
  }
  const indent = indentBefore(text, last.range[0]);
  const end = endOfLine(text, comma?.range[1] ?? last.range[1]);
  const feed = lineEndAt(text, end);
  if (comma !== undefined)
    return [
      { from: end, to: end, text: written.map((o) => `${feed}${indent}${o},`).join(''), why },
    ];
  const tail = written.join(`,${feed}${indent}`);
  // A bracket on the same line closes the list there; a comment there keeps its place.
  if (to <= end)
    return [{ from: last.range[1], to: last.range[1], text: `,${feed}${indent}${tail}`, why }];
  return [
    { from: last.range[1], to: last.range[1], text: ',', why },
    { from: end, to: end, text: `${feed}${indent}${tail}`, why },
  ];
}

/** Puts another value in place of one that is there. */
export function replace(
  node: { range: readonly [number, number] },
  text: string,
  why: string,
): Edit {
  return { from: node.range[0], to: node.range[1], text, why };
}

/** Writes a list of strings for a key that is to be added. */
export function listText(document: TomlDocument, values: readonly string[]): string {
  const mark = valueQuote(document);
  return `[${values.map((value) => quoted(value, mark)).join(', ')}]`;
}

function quoteNear(document: TomlDocument, array: AST.TOMLArray): '"' | "'" {
  const marks = array.elements.map((element) => document.text[element.range[0]] ?? '"');
  if (marks.length === 0) return valueQuote(document);
  return mostCommon(marks) === "'" ? "'" : '"';
}

/** Whether any table or key of the file lies at or below this path. */
export function mentions(document: TomlDocument, path: Path): boolean {
  return (
    locate(document, path) !== undefined ||
    document.tables.some((table) => startsWith(table.resolvedKey, path))
  );
}
