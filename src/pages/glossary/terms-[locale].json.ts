import type { APIRoute, GetStaticPaths } from 'astro';
import { loadGlossary } from '../../facts/load.ts';
import type { Locale } from '../../format.ts';
import { locales, ui } from '../../i18n.ts';
import type { TermCards } from '../../scripts/term-card.ts';

export const getStaticPaths = (() =>
  locales.map((locale) => ({ params: { locale }, props: { locale } }))) satisfies GetStaticPaths;

/** What the card of a term shows, in one language: pages load it when a reader first asks. */
export const GET: APIRoute<{ locale: Locale }> = ({ props: { locale } }) =>
  Response.json({
    more: ui('frame', locale).term.more,
    terms: Object.fromEntries(
      loadGlossary().map(({ id, term, says }) => [id, [term[locale], says[locale]]]),
    ),
  } satisfies TermCards);
