/**
 * The rule of sources: no block of a page claims anything without saying why it may.
 *
 * A block is a paragraph, an item of a list or a row of a table. It carries evidence when it holds a
 * mark (`<Cite>`, `<Fact>`, `<Claim>`, `<Measured>`), a link to a section of this site that has some,
 * or a figure directly before or after it. Without, it is an unsourced claim, unless
 *
 * - its list or table is introduced by a block that carries evidence, or says that it is reasoning;
 * - it only introduces: it ends with a colon, and code, a list, a table or a component follows;
 * - it is a title, bold alone, and the block after it carries evidence;
 * - it leads on: it links to a page, in the last section of a page or among the doors of the first;
 * - it is a short connecting sentence without code, names of products and words such as "never";
 * - it says that it is our reasoning, in words of content/words/evidence.yaml;
 * - its page or section is exempt there, with a reason.
 *
 * And a sentence that says always, never, by default and the like has its evidence at its end
 * or after it in its block: a mark somewhere before it does not carry it.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { pagePath } from '../../../src/i18n.ts';
import type { Finding } from './numbers.ts';
import { attribute, nodes } from './page.ts';
import type { Node, Page } from './page.ts';

const words = z.strictObject({ en: z.array(z.string()), 'zh-cn': z.array(z.string()) });
const schema = z.strictObject({
  reasoning: words,
  conclusions: words,
  absolutes: words,
  names: words,
  exempt: z.array(
    z.strictObject({ slug: z.string(), section: z.string().optional(), reason: z.string() }),
  ),
});

/** The words and exemptions of content/words/evidence.yaml. */
export type EvidenceWords = z.infer<typeof schema>;

export function loadEvidenceWords(): EvidenceWords {
  return schema.parse(parse(readFileSync('content/words/evidence.yaml', 'utf8')));
}

const MARKS = new Set(['Cite', 'Fact', 'Claim', 'Measured']);
const isMark = ({ name }: Node): boolean => MARKS.has(name ?? '');
/** A component that stands by itself and holds no text of the page renders rows, and shows their sources. */
const isFigure = (node: Node): boolean =>
  node.type === 'mdxJsxFlowElement' && node.children?.length === 0 && !isMark(node);

/** Stands for a mark in the text of a block. */
const MARK = '\u0001';
const STOP = { en: '. ', 'zh-cn': '。' } as const;
/** A connecting sentence has no more letters than this. */
const SHORT = { en: 60, 'zh-cn': 30 } as const;

/** A paragraph, item or row, with what stands around it. */
interface Block {
  node: Node;
  section: Node | undefined;
  /** What stands before and after it, or before and after its list or table. */
  before: Node | undefined;
  after: Node | undefined;
  /** Whether it is an item or a row. */
  listed: boolean;
  /** Whether it stands among the doors of the first page. */
  door: boolean;
}

/** Every claim of a page that says no source. `pages` are those that links may lead to. */
export function unsourced(page: Page, pages: readonly Page[], rule: EvidenceWords): Finding[] {
  const isExempt = (section: string | undefined): boolean =>
    rule.exempt.some(
      (row) => row.slug === page.slug && (row.section === undefined || row.section === section),
    );
  const isCarried = (text: string): boolean =>
    text.includes(MARK) || saysReasoning(text, page, rule);
  const last = [...nodes(page.tree)].filter(({ name }) => name === 'H2').at(-1);
  const found: Finding[] = [];
  for (const block of blocks(page.tree)) {
    const { node, section } = block;
    if (isExempt(section && attribute(section, 'id'))) continue;
    const text = textOf(node, page, pages).trim();
    if (saysReasoning(text, page, rule)) continue;
    const line = node.position?.start.line ?? 0;
    if (text.includes(MARK)) {
      found.push(...lateAbsolutes(text, page, rule).map((sentence) => ({ line, text: sentence })));
      continue;
    }
    const leadsOn =
      (block.door || (section !== undefined && section === last)) &&
      [...nodes(node, 'link')].length > 0;
    if (
      leadsOn ||
      [block.before, block.after].some((beside) => beside && isFigure(beside)) ||
      (block.listed && block.before && isCarried(textOf(block.before, page, pages))) ||
      introduces(block, text) ||
      (isTitle(block) && textOf(block.after ?? node, page, pages).includes(MARK)) ||
      isConnecting(text, page, rule)
    ) {
      continue;
    }
    found.push({ line, text: cut(text) });
  }
  return found;
}

/** Blocks in the order of the text, those inside notes and items included. */
function* blocks(
  parent: Node,
  around: { section: Node | undefined; door: boolean } = { section: undefined, door: false },
): Generator<Block> {
  const children = parent.children ?? [];
  for (const [index, node] of children.entries()) {
    if (/^H[23]$/.test(node.name ?? '')) around.section = node;
    const { section, door } = around;
    const [before, after] = [children[index - 1], children[index + 1]];
    if (node.type === 'paragraph') {
      yield { node, section, before, after, listed: false, door };
    } else if (node.type === 'list' || node.type === 'table') {
      const items = node.type === 'table' ? (node.children ?? []).slice(1) : (node.children ?? []);
      for (const item of items) yield { node: item, section, before, after, listed: true, door };
    } else {
      const inside = { section, door: door || node.name === 'Doors' };
      yield* blocks(node, inside);
      around.section = inside.section;
    }
  }
}

/** A block as text: code in backticks, and a mark for everything that carries evidence. */
function textOf(node: Node, page: Page, pages: readonly Page[]): string {
  // A claim of the lab is a sentence of its own.
  if (node.name === 'Claim') return `${MARK}${STOP[page.locale]}`;
  if (isMark(node)) return MARK;
  if (node.type === 'text') return (node.value ?? '').replaceAll('\n', ' ');
  if (node.type === 'inlineCode') return `\`${node.value ?? ''}\``;
  const gap = node.type === 'tableCell' || node.type === 'paragraph' ? ' ' : '';
  const inside = (node.children ?? []).map((child) => textOf(child, page, pages)).join('') + gap;
  return node.type === 'link' && leadsToEvidence(node.url ?? '', page, pages)
    ? inside + MARK
    : inside;
}

/** Whether a link leads to a section of this site that has a mark or a figure. */
function leadsToEvidence(url: string, page: Page, pages: readonly Page[]): boolean {
  const [path = '', fragment] = url.replace(/\?[^#]*/, '').split('#');
  if (fragment === undefined || fragment === '') return false;
  const target =
    path === ''
      ? page
      : pages.find(({ locale, slug }) => locale === page.locale && pagePath(locale, slug) === path);
  if (target === undefined) return false;
  const all = [...nodes(target.tree)];
  const start = all.findIndex(
    (node) => /^H[23]$/.test(node.name ?? '') && attribute(node, 'id') === fragment,
  );
  // Not a heading: a figure, one of its states, or a claim of the lab.
  if (start < 0) return all.some(isFigure);
  const deeper = all[start]?.name === 'H2' ? /^H2$/ : /^H[23]$/;
  const length = all.slice(start + 1).findIndex((node) => deeper.test(node.name ?? ''));
  const section = length < 0 ? all.slice(start) : all.slice(start, start + 1 + length);
  return section.some((node) => isMark(node) || isFigure(node));
}

function saysReasoning(text: string, page: Page, rule: EvidenceWords): boolean {
  return rule.reasoning[page.locale].some((phrase) => text.toLowerCase().includes(phrase));
}

function introduces({ after }: Block, text: string): boolean {
  return (
    /[:：]$/.test(text) &&
    after !== undefined &&
    (['code', 'list', 'table'].includes(after.type) ||
      (after.type === 'mdxJsxFlowElement' && !/^H[23]$/.test(after.name ?? '')))
  );
}

function isTitle({ node }: Block): boolean {
  return node.type === 'paragraph' && (node.children ?? []).every(({ type }) => type === 'strong');
}

function isConnecting(text: string, page: Page, rule: EvidenceWords): boolean {
  return (
    text.length <= SHORT[page.locale] &&
    !text.includes('`') &&
    !saysOneOf(text, [...rule.names[page.locale], ...rule.absolutes[page.locale]], page)
  );
}

const SENTENCE_END = new RegExp(`(?<=[.?]${MARK}*\\s)|(?<=[。？])`, 'u');

/** Sentences after the last one with a mark that say always, never and the like. */
function lateAbsolutes(text: string, page: Page, rule: EvidenceWords): string[] {
  // A mark behind the full stop belongs to the sentence before it.
  const sentences = text.split(SENTENCE_END).map((piece) => piece.trim());
  return sentences
    .slice(sentences.findLastIndex((sentence) => sentence.includes(MARK)) + 1)
    .filter(
      (sentence) =>
        saysOneOf(sentence, rule.absolutes[page.locale], page) &&
        !rule.conclusions[page.locale].some((word) => sentence.startsWith(word)),
    )
    .map(cut);
}

function saysOneOf(text: string, candidates: readonly string[], page: Page): boolean {
  return candidates.some((word) =>
    page.locale === 'en' ? new RegExp(`\\b${word}\\b`, 'i').test(text) : text.includes(word),
  );
}

const cut = (text: string): string => (text.length > 90 ? `${text.slice(0, 90)}…` : text);
