/** Pages as the lints see them: the tree of the parser that builds the site, and its prose. */
import { globSync, readFileSync } from 'node:fs';
import { mdxToMdast } from 'satteri';
import { parse } from 'yaml';
import { locales, parsePageId } from '../../../src/i18n.ts';
import type { Locale } from '../../../src/i18n.ts';

/** What the lints read of a node; the parser's own types are a union of all there is. */
export interface Node {
  type: string;
  value?: string;
  /** Of a component. */
  name?: string | null;
  url?: string;
  alt?: string | null;
  attributes?: readonly { type: string; name?: string; value?: unknown }[];
  children?: readonly Node[];
  position?: { start: { line: number; column: number }; end: { line: number; column: number } };
}

export interface Page {
  /** From the repository's root: `content/pages/en/umount.mdx`. */
  file: string;
  locale: Locale;
  /** `''` is the home page. */
  slug: string;
  source: string;
  frontmatter: Readonly<Record<string, unknown>>;
  tree: Node;
}

/** A piece of prose: text that a reader sees and that is neither code nor an attribute. */
export interface Prose {
  text: string;
  /** Line of the file on which it starts. */
  line: number;
  /** Whether it is the text of a link. */
  linked: boolean;
}

/** Fields of the front matter that readers see. */
const SHOWN = ['title', 'description', 'lead'];

/** Every page in every language. */
export function readPages(): Page[] {
  return locales.flatMap((locale) =>
    globSync(`content/pages/${locale}/**/*.mdx`)
      .map((file) => file.replaceAll('\\', '/'))
      .sort()
      .map((file) => parsePage(readFileSync(file, 'utf8'), file)),
  );
}

/** A page's text as a tree. `file` says which language it is in. */
export function parsePage(source: string, file = 'content/pages/en/sample.mdx'): Page {
  const tree = mdxToMdast(source) as Node;
  const matter = tree.children?.find(({ type }) => type === 'yaml')?.value ?? '';
  return {
    file,
    ...parsePageId(file.replace(/^content\/pages\//, '').replace(/\.mdx$/, '')),
    source,
    frontmatter: (parse(matter) ?? {}) as Record<string, unknown>,
    tree,
  };
}

/** Everything a reader reads as text: the front matter, then the body in its order. */
export function* prose(page: Page): Generator<Prose> {
  for (const field of SHOWN) {
    const text = page.frontmatter[field];
    if (typeof text === 'string') yield { text, line: lineOfField(page, field), linked: false };
  }
  yield* proseOf(page.tree);
}

/** The prose below a node. An expression in braces counts, unless it is a comment. */
export function* proseOf(node: Node, linked = false): Generator<Prose> {
  const line = node.position?.start.line ?? 0;
  if (node.type === 'text') yield { text: node.value ?? '', line, linked };
  if (node.type === 'image') yield { text: node.alt ?? '', line, linked };
  if (/^mdx(Flow|Text)Expression$/.test(node.type) && !/^\s*\/\*/.test(node.value ?? '')) {
    yield { text: node.value ?? '', line, linked };
  }
  for (const child of node.children ?? []) yield* proseOf(child, linked || node.type === 'link');
}

/** The line on which a field of the front matter stands. */
export function lineOfField(page: Page, field: string): number {
  return page.source.split('\n').findIndex((line) => line.startsWith(`${field}:`)) + 1;
}

/** A component's attribute, where it is plain text. */
export function attribute(node: Node, name: string): string | undefined {
  const value = node.attributes?.find((candidate) => candidate.name === name)?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Every node of a tree, or those of one type, parents first. */
export function* nodes(node: Node, type?: string): Generator<Node> {
  if (type === undefined || node.type === type) yield node;
  for (const child of node.children ?? []) yield* nodes(child, type);
}
