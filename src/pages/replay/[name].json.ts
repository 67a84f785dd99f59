import type { APIRoute, GetStaticPaths } from 'astro';
import { loadReplay, loadWords, REPLAYS } from '../../figures/umount-replay/load.ts';
import type { Words } from '../../figures/umount-replay/props.ts';
import { locales } from '../../i18n.ts';
import type { Replay } from '../../recording/replay.ts';

interface Props {
  load: () => Promise<Replay | Words>;
}

export const getStaticPaths = (() => [
  ...REPLAYS.map(({ name, series, scenario }) => ({
    params: { name },
    props: { load: () => loadReplay(series, scenario) } satisfies Props,
  })),
  ...locales.map((locale) => ({
    params: { name: `words-${locale}` },
    props: { load: () => loadWords(locale) } satisfies Props,
  })),
]) satisfies GetStaticPaths;

/** What the figure loads when it is asked for: a kernel, or its words in one language. */
export const GET: APIRoute<Props> = async ({ props }) => Response.json(await props.load());
