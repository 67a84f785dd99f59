import type { APIRoute, GetStaticPaths } from 'astro';
import { loadFigureData } from '../../figures/sync-paths/load.ts';
import type { Locale } from '../../format.ts';
import { locales } from '../../i18n.ts';

export const getStaticPaths = (() =>
  locales.map((locale) => ({ params: { locale }, props: { locale } }))) satisfies GetStaticPaths;

/** The model and its words in one language: the figure loads them when it is used. */
export const GET: APIRoute<{ locale: Locale }> = ({ props }) =>
  Response.json(loadFigureData(props.locale));
