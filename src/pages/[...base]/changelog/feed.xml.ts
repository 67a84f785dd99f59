import rss from '@astrojs/rss';
import type { APIRoute, GetStaticPaths } from 'astro';
import { loadChangelog } from '../../../build/changelog.node.ts';
import { defaultLocale, languageTag, locales, pagePath, ui } from '../../../i18n.ts';
import type { Locale } from '../../../i18n.ts';
import { SITE_NAME } from '../../../site.ts';

export const getStaticPaths = (() =>
  locales.map((locale) => ({
    params: { base: locale === defaultLocale ? undefined : locale },
    props: { locale },
  }))) satisfies GetStaticPaths;

/** The changelog of one language as RSS; each item leads to its entry on the page. */
export const GET: APIRoute<{ locale: Locale }> = ({ props: { locale }, site, url }) => {
  const strings = ui('frame', locale).changelog;
  const page = pagePath(locale, 'changelog');
  return rss({
    title: `${SITE_NAME}: ${strings.title}`,
    description: strings.description,
    site: new URL(page, site),
    xmlns: { atom: 'http://www.w3.org/2005/Atom' },
    customData: [
      `<language>${languageTag(locale)}</language>`,
      `<atom:link href="${new URL(url.pathname, site).href}" rel="self" type="application/rss+xml"/>`,
    ].join(''),
    items: loadChangelog().map(({ id, date, kind, says }) => ({
      // The first sentence.
      title: says[locale].split(/(?<=[.。])/, 1).join(''),
      description: says[locale],
      pubDate: new Date(date),
      link: new URL(`${page}#${id}`, site).href,
      categories: [strings.kinds[kind]],
    })),
  });
};
