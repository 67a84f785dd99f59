import { defaultLocale } from '../i18n.ts';
import type { Locale } from '../i18n.ts';
import type { Library, References } from './references.ts';

/** The page a component is rendered in. */
export interface PageContext {
  locale: Locale;
  /** The page's file, for messages and links: `content/pages/en/umount.mdx`. */
  file: string;
  library: Library;
  references: References;
}

/** The page of a component, which must stand in the text of one. */
export function pageOf(locals: App.Locals): PageContext {
  if (locals.page === undefined) throw new Error('This component stands in no page');
  return locals.page;
}

/** The language of the page a component stands in, the default outside the pages of the text. */
export function localeOf(locals: App.Locals): Locale {
  return locals.page?.locale ?? defaultLocale;
}
