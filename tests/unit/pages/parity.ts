/** What a page is built of, so that its two languages can be held side by side. */
import { findFigures } from '../../../src/build/figures.node.ts';
import { pagePath } from '../../../src/i18n.ts';
import { attribute, nodes, proseOf } from './page.ts';
import type { Node, Page } from './page.ts';

/** A part of a page from one heading to the next; the first one has no heading. */
export interface Section {
  id: string;
  depth: 1 | 2 | 3;
  title: string;
  /** What stands in it, in order, headings excluded. */
  content: Node[];
}

const isHeading = (node: Node): boolean => node.name === 'H2' || node.name === 'H3';

/** A page cut at its headings. */
export function sections(page: Page): Section[] {
  const found: Section[] = [{ id: '', depth: 1, title: '', content: [] }];
  for (const node of page.tree.children ?? []) {
    if (isHeading(node)) {
      found.push({
        id: attribute(node, 'id') ?? '',
        depth: node.name === 'H2' ? 2 : 3,
        title: plain(node),
        content: [],
      });
    } else if (node.type !== 'yaml') {
      found.at(-1)?.content.push(node);
    }
  }
  return found;
}

/** The text of a node as a reader sees it, code included. */
export function plain(node: Node): string {
  if (node.type === 'inlineCode') return node.value ?? '';
  if (node.type === 'text') return node.value ?? '';
  return (node.children ?? []).map(plain).join('');
}

/** A component that holds no text of the page, by itself in its line. */
const isBlockComponent = (node: Node): boolean =>
  node.type === 'mdxJsxFlowElement' && node.name !== 'Claim';

/**
 * The skeleton of a page: headings by id, components with what they show, tables by their size, code
 * by its language, lists by their length. Paragraphs may differ: a language splits them as it reads.
 */
export function skeleton(page: Page): string[] {
  return [...nodes(page.tree)].flatMap((node) => {
    if (isHeading(node)) return [`${node.name ?? ''} ${attribute(node, 'id') ?? ''}`];
    if (isBlockComponent(node)) return [`<${[node.name, ...plainAttributes(node)].join(' ')}>`];
    if (node.type === 'code') return ['code'];
    if (node.type === 'list') return [`list of ${String(node.children?.length)}`];
    if (node.type === 'table') {
      return [`table of ${node.children?.map((row) => row.children?.length).join(' ') ?? ''}`];
    }
    return [];
  });
}

const EVIDENCE = new Set(['Cite', 'Fact', 'Claim', 'Measured', 'Term']);

/** What each section rests on, each as often as it says so, and where its links lead. */
export function evidence(page: Page): Record<string, string[]> {
  return Object.fromEntries(
    sections(page).map(({ id, content }) => [
      id,
      content
        .flatMap((node) => [...nodes(node)])
        .flatMap((node) => {
          if (EVIDENCE.has(node.name ?? '')) {
            return [[node.name, ...plainAttributes(node)].join(' ')];
          }
          if (node.type === 'link') return [`link ${withoutLocale(node.url ?? '', page)}`];
          return [];
        })
        .sort(),
    ]),
  );
}

/** The figures of a page, in their order. */
export function figures(page: Page): string[] {
  const known = new Set(findFigures().keys());
  return [...nodes(page.tree)].map(({ name }) => name ?? '').filter((name) => known.has(name));
}

/** Attributes as text; words for readers, such as the place in a source, may be translated. */
function plainAttributes(node: Node): string[] {
  return (node.attributes ?? [])
    .filter(({ name }) => name !== 'at')
    .map(({ name, value }) => (typeof value === 'string' ? `${name ?? ''}=${value}` : (name ?? '')))
    .sort();
}

function withoutLocale(url: string, page: Page): string {
  return page.locale === 'en' ? url : url.replace(`/${page.locale}/`, '/');
}

/** Links of a page's text that lead to the wrong language of this site. */
export function strayLinks(page: Page): string[] {
  return [...nodes(page.tree, 'link')]
    .map(({ url = '' }) => url)
    .filter((url) => url.startsWith('/') && !url.startsWith('/recordings/'))
    .filter((url) => url.startsWith('/zh-cn/') !== (page.locale === 'zh-cn'));
}

/**
 * Links of a page's text to pages and sections that are not there. Fragments that a component may
 * render are left to the browser test of the built site, which sees every link.
 */
export function deadLinks(page: Page, pages: readonly Page[]): string[] {
  return [...nodes(page.tree, 'link')]
    .map(({ url = '' }) => url)
    .filter((url) => /^[/#]/.test(url) && !isServedFile(url))
    .filter((url) => {
      const [path = '', fragment = ''] = url.replace(/\?[^#]*/, '').split('#');
      const target =
        path === '' ? page : pages.find(({ locale, slug }) => pagePath(locale, slug) === path);
      if (target === undefined) return true;
      const rendersRows = [...nodes(target.tree)].some(
        ({ type, children }) => type === 'mdxJsxFlowElement' && children?.length === 0,
      );
      return fragment !== '' && !rendersRows && !sections(target).some(({ id }) => id === fragment);
    });
}

/** What the build serves beside pages: data, feeds, plain text. */
const isServedFile = (url: string): boolean =>
  /^\/(?:recordings|targets|lab)\/./.test(url) || /\.\w+$/.test(url);

/** The pages of this site that the section `next` at a page's end leads to, the page itself excluded. */
export function leadsTo(page: Page): string[] {
  const all = sections(page);
  const last = all.findLastIndex(({ depth }) => depth === 2);
  const own = new RegExp(
    `^/(?:${page.locale}/)?${page.slug === '' ? '' : `${page.slug}/`}(?:[#?]|$)`,
  );
  return (all[last]?.id === 'next' ? all.slice(last) : [])
    .flatMap(({ content }) => content)
    .flatMap((node) => [...nodes(node, 'link')])
    .map(({ url = '' }) => url)
    .filter((url) => url.startsWith('/') && !own.test(url));
}

/** How many sentences a text has. */
export function sentences(text: string): number {
  return text
    .split(/(?<=[.!?]["”)]?)\s+|(?<=[。！？][”）]?)(?![”）])/u)
    .filter((part) => part.trim() !== '').length;
}

/** Text that somebody meant to replace. */
export function placeholders(page: Page): string[] {
  const text = [page.source, ...[...proseOf(page.tree)].map((piece) => piece.text)].join('\n');
  return [
    ...new Set(
      text.match(/\b(?:TODO|TBD|FIXME|XXX|lorem|ipsum|coming soon)\b|待补|待写|占位|敬请期待/giu),
    ),
  ];
}
