import type { APIRoute, GetStaticPaths } from 'astro';
import type { ScenarioChoice, Series } from '../../figures/umount-replay/link.ts';
import { loadReplay, REPLAYS } from '../../figures/umount-replay/load.ts';

export const getStaticPaths = (() =>
  REPLAYS.map(({ name, series, scenario }) => ({
    params: { name },
    props: { series, scenario },
  }))) satisfies GetStaticPaths;

/** One replay of the figure: a page loads one kernel at a time. */
export const GET: APIRoute<{ series: Series; scenario: ScenarioChoice }> = async ({ props }) =>
  Response.json(await loadReplay(props.series, props.scenario));
