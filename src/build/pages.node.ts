import type { CollectionEntry } from 'astro:content';
import { getCollection } from 'astro:content';
import { locales, pagePath, parsePageId, ui } from '../i18n.ts';
import type { Locale } from '../i18n.ts';
import { lastChanges } from './git-dates.node.ts';

/** A page of the site in one language. */
export interface SitePage {
  entry: CollectionEntry<'pages'>;
  locale: Locale;
  /** What names the page in every language; `''` is the home page. */
  slug: string;
  path: string;
  /** Its file from the repository's root. */
  file: string;
  /** Its name in menus, shorter than its title. */
  label: string;
  /** Place in the story, if it has one. */
  part: number | undefined;
  /** Day of the last commit that changed the file, where the repository knows. */
  updated: Date | undefined;
  /** The page in every language that has it, itself included. */
  translations: readonly { locale: Locale; path: string }[];
}

const FOLDER = 'content/pages';

/** Every page in every language: the home page, the story, the pages beside it. */
export async function sitePages(): Promise<SitePage[]> {
  const entries = await getCollection('pages');
  const dates = lastChanges(FOLDER);
  const known = new Set(entries.map((entry) => entry.id));
  const pages = entries.map((entry): SitePage => {
    const { locale, slug } = parsePageId(entry.id);
    const name = slug === '' ? 'index' : slug;
    const labels: Partial<Record<string, string>> = ui('frame', locale).pages;
    const file = `${FOLDER}/${entry.id}.mdx`;
    return {
      entry,
      locale,
      slug,
      path: pagePath(locale, slug),
      file,
      label: labels[name] ?? entry.data.title,
      part: entry.data.part,
      updated: dates.get(file),
      translations: locales
        .filter((other) => known.has(`${other}/${name}`))
        .map((other) => ({ locale: other, path: pagePath(other, slug) })),
    };
  });
  const rank = (page: SitePage): number => (page.slug === '' ? 0 : (page.part ?? Infinity));
  return pages.sort(
    (a, b) =>
      locales.indexOf(a.locale) - locales.indexOf(b.locale) ||
      (rank(a) === rank(b) ? a.slug.localeCompare(b.slug, 'en') : rank(a) - rank(b)),
  );
}

/** The pages of the story in one language, in their order. */
export function story(pages: readonly SitePage[], locale: Locale): SitePage[] {
  return pages
    .filter((page) => page.locale === locale && page.part !== undefined)
    .sort((a, b) => (a.part ?? 0) - (b.part ?? 0));
}

/** The page for somebody with the incident at hand: menus lead to it from everywhere. */
const FIRST_AID = 'diagnose';
/** The pages beside the story, in the order of menus; others follow by name. */
const BESIDE = [FIRST_AID, 'compatibility', 'lab', 'faq', 'glossary', 'references', 'changelog'];

/** The pages beside the story in one language, for reference. */
export function besideStory(pages: readonly SitePage[], locale: Locale): SitePage[] {
  const place = ({ slug }: SitePage): number => {
    const index = BESIDE.indexOf(slug);
    return index < 0 ? BESIDE.length : index;
  };
  return pages
    .filter((page) => page.locale === locale && page.part === undefined && page.slug !== '')
    .sort((a, b) => place(a) - place(b) || a.slug.localeCompare(b.slug, 'en'));
}

/** The field guide in one language, where it exists. */
export function firstAid(pages: readonly SitePage[], locale: Locale): SitePage | undefined {
  return pages.find((page) => page.locale === locale && page.slug === FIRST_AID);
}

/** The pages before and after a page; the home page stands before the first part. */
export function neighbours(
  pages: readonly SitePage[],
  page: SitePage,
): { previous: SitePage | undefined; next: SitePage | undefined } {
  const home = pages.filter((other) => other.locale === page.locale && other.slug === '');
  const sequence = [...home, ...story(pages, page.locale)];
  const place = sequence.indexOf(page);
  if (place < 0) return { previous: undefined, next: undefined };
  return { previous: sequence[place - 1], next: sequence[place + 1] };
}
