import type { APIRoute, GetStaticPaths } from 'astro';
import { libraryFor } from '../../../build/library.node.ts';
import { checklistText, risksOf } from '../../../build/risks.node.ts';
import { defaultLocale, locales } from '../../../i18n.ts';
import type { Locale } from '../../../i18n.ts';

export const getStaticPaths = (() =>
  locales.map((locale) => ({
    params: { base: locale === defaultLocale ? undefined : locale },
    props: { locale },
  }))) satisfies GetStaticPaths;

/** The list to sign off as text, in one language: what a ticket can hold. */
export const GET: APIRoute<{ locale: Locale }> = ({ props: { locale } }) =>
  new Response(
    checklistText(risksOf('check'), locale, libraryFor(`content/pages/${locale}/risks.mdx`)),
    { headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
  );
