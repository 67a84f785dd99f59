/** The languages of the site, their addresses and their strings. */
import en from '../content/ui/en.json' with { type: 'json' };
import zhCn from '../content/ui/zh-cn.json' with { type: 'json' };
import type { Locale } from './format.ts';

export type { Locale };

/** Every language, the default first. */
export const locales: readonly Locale[] = ['en', 'zh-cn'];

/** The language whose pages stand at the root, and that a visitor of an unknown language gets. */
export const defaultLocale: Locale = 'en';

/** Strings of every component, one key per component; English decides which keys there are. */
export type Strings = typeof en;

const strings: Record<Locale, Strings> = { en, 'zh-cn': zhCn };

/** The strings of one component: `ui('frame', locale).skip`. */
export function ui<K extends keyof Strings>(component: K, locale: Locale): Strings[K] {
  return strings[locale][component];
}

/** Fills `{name}` in a string; a name without a value is a mistake and says so. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`"${text}" needs a value for {${name}}`);
    return String(value);
  });
}

/** The language as BCP 47 spells it, for `lang`, `hreflang` and Intl. */
export function languageTag(locale: Locale): string {
  return locale === 'zh-cn' ? 'zh-CN' : 'en';
}

/** The path of a page: slug `''` is the home page. `pagePath('zh-cn', 'umount')` is `/zh-cn/umount/`. */
export function pagePath(locale: Locale, slug = ''): string {
  const parts = [locale === defaultLocale ? '' : locale, slug].filter((part) => part !== '');
  return parts.length === 0 ? '/' : `/${parts.join('/')}/`;
}

/**
 * Language and slug of an entry of the pages collection: `en/index` is the English home page.
 * The language goes first, so that `index` alone is left of a home page.
 */
export function parsePageId(id: string): { locale: Locale; slug: string } {
  const cut = id.indexOf('/');
  const locale = locales.find((known) => known === id.slice(0, cut));
  if (locale === undefined) throw new Error(`Page "${id}" lies in no language of the site`);
  const name = id.slice(cut + 1);
  return { locale, slug: name === 'index' ? '' : name.replace(/\/index$/, '') };
}

/** A day as the language writes it out: `23 November 2025`, `2025 年 11 月 23 日`. */
export function longDate(date: Date, locale: Locale): string {
  const tag = locale === 'en' ? 'en-GB' : languageTag(locale);
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' }).format(date);
  // The text sets a space between Han and digits, and so do its dates.
  return day.replace(/(?<=\d)(?=\p{Script=Han})|(?<=\p{Script=Han})(?=\d)/gu, ' ');
}
