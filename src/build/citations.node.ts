/**
 * Where the site rests on each source: read off the outlines of all pages and the facts, so that the
 * list of references cannot differ from what cites them.
 */
import { render } from 'astro:content';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadGlossary, loadValues } from '../facts/load.ts';
import type { Locale } from '../i18n.ts';
import { libraryFor } from './library.node.ts';
import type { OutlineHeading, OutlineItem } from './outline.ts';
import type { SitePage } from './pages.node.ts';
import { References, rowMarkId } from './references.ts';

/** One page that cites a source, with the sections that do; none where it stands before the first. */
export interface CitingPage {
  page: SitePage;
  sections: Section[];
}
type Section = Pick<OutlineHeading, 'id' | 'text'>;

export interface Citations {
  pages: CitingPage[];
  /** Ids of rows of values.yaml. */
  facts: string[];
}

/** Facts that a figure or the generator shows, which no outline lists, and the section it stands in. */
const SHOWN_IN: Readonly<Record<string, readonly [slug: string, section: string]>> = {
  'functions.yaml': ['umount', 'the-replay'],
  'sync-paths.yaml': ['volatile', 'what-it-skips'],
  'sync-chains.yaml': ['volatile', 'what-it-skips'],
  'sync-tools.yaml': ['volatile', 'what-it-skips'],
  'kernels.yaml': ['configure', 'generate'],
  'containerd.yaml': ['configure', 'generate'],
  'containerd-merge.yaml': ['configure', 'generate'],
  'targets.yaml': ['configure', 'generate'],
};

/** The citations of every source in one language, by the source's id. */
export async function citations(
  pages: readonly SitePage[],
  locale: Locale,
): Promise<ReadonlyMap<string, Citations>> {
  const found = new Map<string, Citations>();
  const of = (source: string): Citations => {
    const citations = found.get(source) ?? { pages: [], facts: [] };
    found.set(source, citations);
    return citations;
  };
  const add = (source: string, page: SitePage, section: Section | undefined): void => {
    const citing = of(source).pages;
    let place = citing.find((known) => known.page === page);
    if (place === undefined) citing.push((place = { page, sections: [] }));
    if (section !== undefined && !place.sections.includes(section)) place.sections.push(section);
  };

  // An entry of the glossary is closer than the one section that all of them stand in. A row of
  // another page may have the id of a term.
  const terms = new Map(
    loadGlossary().flatMap(({ id, term, source }) => {
      const entry = { id, text: term[locale] };
      return source.map((one) => [rowMarkId(id, one), entry] as const);
    }),
  );

  for (const page of pages.filter((one) => one.locale === locale)) {
    const { remarkPluginFrontmatter } = await render(page.entry);
    const outline = remarkPluginFrontmatter['outline'] as OutlineItem[];
    const references = new References(outline, libraryFor(page.file));
    for (const { evidence, uses } of references.list) {
      if (!('source' in evidence)) continue;
      for (const use of uses) {
        const term = page.slug === 'glossary' ? terms.get(use) : undefined;
        add(evidence.source.id, page, term ?? references.sectionOf(use));
      }
    }
    for (const [file, [slug, id]] of Object.entries(SHOWN_IN)) {
      if (page.slug !== slug) continue;
      const section = outline.find((item) => item.kind === 'heading' && item.id === id);
      if (section?.kind !== 'heading') {
        throw new Error(`${page.file} has no section "${id}", which shows content/facts/${file}`);
      }
      for (const source of sourcesIn(file)) add(source, page, section);
    }
  }
  for (const { id, source } of loadValues()) for (const one of source) of(one).facts.push(id);
  return found;
}

const known = new Map<string, ReadonlySet<string>>();

/** Every source that some row of a facts file names, at any depth. */
function sourcesIn(file: string): ReadonlySet<string> {
  const read = known.get(file);
  if (read !== undefined) return read;
  const sources = new Set<string>();
  const walk = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    for (const [key, child] of Object.entries(value)) {
      if (key !== 'source') walk(child);
      else for (const id of [child].flat()) sources.add(String(id));
    }
  };
  walk(parse(readFileSync(`content/facts/${file}`, 'utf8')));
  known.set(file, sources);
  return sources;
}
