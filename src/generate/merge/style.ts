/** How a file is written, so that what is added looks like the rest of it. */
import { everyEntry, type Entry, type Table, type TomlDocument } from './document.ts';

/** The line end that most lines have. */
export function lineEnd(text: string): string {
  const all = text.split('\n').length - 1;
  const windows = text.split('\r\n').length - 1;
  return windows * 2 > all ? '\r\n' : '\n';
}

/** The white space in front of what begins at this place, empty where something else stands there. */
export function indentBefore(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  return /^[\t ]*$/.test(before) ? before : '';
}

/** Whether nothing but white space stands before this place on its line. */
export function opensLine(text: string, offset: number): boolean {
  return /^[\t ]*$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset));
}

/** The place where the line of this one ends, before its line end. */
export function endOfLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return text[feed - 1] === '\r' && feed - 1 >= offset ? feed - 1 : feed;
}

/** What most of these are; the first one where it is a tie. */
export function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: [string, number] | undefined;
  for (const pair of counts) if (best === undefined || pair[1] > best[1]) best = pair;
  return best?.[0];
}

/** The quotation mark that the values of a file mostly have. */
export function valueQuote(document: TomlDocument): '"' | "'" {
  const values = everyEntry(document).flatMap(({ entry: { value } }) =>
    value.type === 'TOMLArray' ? value.elements : [value],
  );
  const strings = values.filter(
    (value) => value.type === 'TOMLValue' && value.kind === 'string' && !value.multiline,
  );
  // Where no value is a string, names may be.
  const names = [...document.tables, ...everyEntry(document).map(({ entry }) => entry)]
    .flatMap(({ key }) => key.keys)
    .filter((part) => part.type === 'TOMLQuoted');
  return quoteOf(strings.length > 0 ? strings : names, document);
}

/** The quotation mark that the names of plugins mostly have. */
export function nameQuote(document: TomlDocument): '"' | "'" {
  const names = document.tables.flatMap((table) => table.key.keys);
  const quoted = names.filter((part) => part.type === 'TOMLQuoted');
  return quoted.length > 0 ? quoteOf(quoted, document) : valueQuote(document);
}

function quoteOf(
  pieces: readonly { range: readonly [number, number] }[],
  { text }: TomlDocument,
): '"' | "'" {
  const marks = pieces.map(({ range }) => (text[range[0]] === "'" ? "'" : '"'));
  return mostCommon(marks) === "'" ? "'" : '"';
}

/** What stands between key and value: ` = ` mostly, `=` in some files. */
export function equals(document: TomlDocument, like?: Entry): string {
  const between = (entry: Entry): string =>
    document.text.slice(entry.key.range[1], entry.value.range[0]);
  // A file that lines its equals signs up has as many widths as keys: those are no pattern.
  const plain = (found: string): string => (/^\s*=$/.test(found) ? '=' : found);
  if (like !== undefined) return /^ {2,}/.test(between(like)) ? ' = ' : plain(between(like));
  const all = document.root.body
    .flatMap((node) => (node.type === 'TOMLTable' ? node.body : [node]))
    .map(between)
    .filter((found) => /^( ?= ?)$/.test(found));
  return mostCommon(all) ?? ' = ';
}

/** How far the keys of a table stand in from its header. */
export function keyIndent(document: TomlDocument, table: Table): string | undefined {
  const [first] = table.body;
  if (first === undefined || !opensLine(document.text, first.range[0])) return undefined;
  const header = indentBefore(document.text, table.range[0]);
  const key = indentBefore(document.text, first.range[0]);
  return key.startsWith(header) ? key.slice(header.length) : undefined;
}

/** Writes a string with this mark; the name of an option or a plugin needs no escape in either. */
export function quoted(value: string, mark: '"' | "'"): string {
  return mark === "'" && !/['\p{Cc}]/u.test(value)
    ? `'${value}'`
    : JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}

/** A key as TOML wants it: bare where it may be. */
export function keyText(name: string, mark: '"' | "'"): string {
  return /^[\w-]+$/.test(name) ? name : quoted(name, mark);
}
