import type { APIRoute } from 'astro';
import { sitePages } from '../build/pages.node.ts';
import type { SitePage } from '../build/pages.node.ts';
import { languageTag } from '../i18n.ts';

/** Every page with its translations, for search engines. */
export const GET: APIRoute = async ({ site }) => {
  const address = (path: string): string => new URL(path, site).href;
  const entry = (page: SitePage): string =>
    [
      '<url>',
      `<loc>${address(page.path)}</loc>`,
      page.updated === undefined
        ? ''
        : `<lastmod>${page.updated.toISOString().slice(0, 10)}</lastmod>`,
      ...page.translations.map(
        ({ locale, path }) =>
          `<xhtml:link rel="alternate" hreflang="${languageTag(locale)}" href="${address(path)}"/>`,
      ),
      '</url>',
    ].join('');
  const pages = await sitePages();
  const body = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
    ...pages.map(entry),
    '</urlset>',
    '',
  ].join('\n');
  return new Response(body, { headers: { 'Content-Type': 'application/xml' } });
};
