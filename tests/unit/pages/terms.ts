/**
 * The words of the site: one word for one thing. The list is content/words/terms.yaml; it holds for
 * the prose of pages, for the texts in content/facts and for the strings of content/ui.
 */
import { globSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { locales } from '../../../src/i18n.ts';
import type { Locale } from '../../../src/i18n.ts';
import { lineOfField, nodes } from './page.ts';
import type { Node, Page } from './page.ts';

const row = z.strictObject({
  avoid: z.string(),
  /** Upper and lower case differ. */
  case: z.boolean().optional(),
  use: z.string(),
  bad: z.string(),
});
const schema = z.strictObject({ en: z.array(row), 'zh-cn': z.array(row) });

/** A word to avoid in one language. */
export interface Term {
  avoid: RegExp;
  /** What to write, as a hint. */
  use: string;
  /** A sample with the word. */
  bad: string;
}

/** The list of each language. */
export function loadTerms(): Record<Locale, Term[]> {
  const rows = schema.parse(parse(readFileSync('content/words/terms.yaml', 'utf8')));
  const compile = (list: z.infer<typeof row>[]): Term[] =>
    list.map(({ avoid, use, bad, ...flags }) => ({
      avoid: new RegExp(avoid, flags.case === true ? 'gu' : 'giu'),
      use,
      bad,
    }));
  return { en: compile(rows.en), 'zh-cn': compile(rows['zh-cn']) };
}

/** A text that readers see, in one language, with its place. Code stands in backticks. */
export interface Piece {
  place: string;
  locale: Locale;
  text: string;
}

/** What a page says: its front matter, headings, paragraphs and cells. */
export function piecesOfPage(page: Page): Piece[] {
  const piece = (line: number, text: string): Piece => ({
    place: `${page.file}:${String(line)}`,
    locale: page.locale,
    text,
  });
  const matter = ['title', 'description', 'lead'].flatMap((field) => {
    const text = page.frontmatter[field];
    return typeof text === 'string' ? [piece(lineOfField(page, field), text)] : [];
  });
  const body = [...nodes(page.tree)]
    .filter(({ type, name }) => /^(paragraph|tableCell)$/.test(type) || /^H[23]$/.test(name ?? ''))
    .map((node) => piece(node.position?.start.line ?? 0, flat(node)));
  return [...matter, ...body];
}

/** A block as a line of text; what a component renders is a space of its own. */
function flat(node: Node): string {
  if (node.type === 'text') return (node.value ?? '').replaceAll('\n', ' ');
  if (node.type === 'inlineCode') return `\`${node.value ?? ''}\``;
  if (node.type === 'mdxJsxTextElement' && node.children?.length === 0) return '\u0001';
  return (node.children ?? []).map(flat).join('');
}

/** The texts of content/facts: whatever stands under the name of a language. */
export function piecesOfFacts(): Piece[] {
  return globSync('content/facts/*.yaml').flatMap((file) =>
    texts(parse(readFileSync(file, 'utf8')), file.replaceAll('\\', '/')),
  );
}

/** The strings of frame and figures. */
export function piecesOfUi(): Piece[] {
  return locales.flatMap((locale) => {
    const file = `content/ui/${locale}.json`;
    return texts({ [locale]: JSON.parse(readFileSync(file, 'utf8')) as unknown }, file);
  });
}

function texts(value: unknown, place: string, locale?: Locale): Piece[] {
  if (typeof value === 'string')
    return locale === undefined ? [] : [{ place, locale, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  const rowId = (value as { id?: unknown }).id;
  const here = typeof rowId === 'string' ? `${place} ${rowId}` : place;
  return Object.entries(value).flatMap(([key, child]) => {
    const language = locales.find((known) => known === key);
    // A list has no names worth telling.
    const there = language !== undefined || Array.isArray(value) ? here : `${here} ${key}`;
    return texts(child, there, locale ?? language);
  });
}

/** Every avoided word of a text, each as `word: what to write`. */
export function avoided(piece: Piece, terms: Record<Locale, Term[]>): string[] {
  // Code keeps its backticks, which the rules about spaces look at, and loses its content; so does a
  // place for a value.
  const text = piece.text
    .replace(/`[^`]*`/g, (code) => `\`${' '.repeat(code.length - 2)}\``)
    .replace(/\{[\w.-]+\}/g, '{}');
  return terms[piece.locale].flatMap(({ avoid, use }) =>
    [...text.matchAll(avoid)].map(([word]) => `${piece.place}: ${word}: write ${use}`),
  );
}
