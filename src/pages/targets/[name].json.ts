import type { APIRoute, GetStaticPaths } from 'astro';
import { loadTargets } from '../../facts/load.ts';
import { loadMergeData, loadTarget } from '../../figures/config-generator/load.ts';
import { locales } from '../../i18n.ts';

export const getStaticPaths = (() =>
  locales.flatMap((locale) => [
    { params: { name: `merge-${locale}` }, props: { data: loadMergeData(locale) } },
    ...loadTargets().targets.map(({ id }) => ({
      params: { name: `${id}-${locale}` },
      props: { data: loadTarget(id, locale) },
    })),
  ])) satisfies GetStaticPaths;

/** The rules of one target in one language: the configuration generator loads them when it is chosen. */
export const GET: APIRoute<{ data: unknown }> = ({ props }) => Response.json(props.data);
