/** What the build hands to the figure: replays from recordings, words from facts. */
import en from '../../../content/ui/en.json' with { type: 'json' };
import zhCn from '../../../content/ui/zh-cn.json' with { type: 'json' };
import { loadFunctions, loadIncidentStack } from '../../facts/load.ts';
import type { Text } from '../../facts/schema.ts';
import type { Locale } from '../../format.ts';
import { loadRecording } from '../../recording/load.ts';
import { buildReplay, type Folding, type Replay } from '../../recording/replay.ts';
import { RECORDED, SCENARIOS, SERIES, type ScenarioChoice, type Series } from './link.ts';
import type { Explained, Glosses, PrintedFrame, Words } from './props.ts';

/** The filesystem under every replay of the site. */
const FILESYSTEM = 'ext4';

/** Every replay by its name, `<series>-<scenario choice>`. */
export const REPLAYS: { name: string; series: Series; scenario: ScenarioChoice }[] = SERIES.flatMap(
  (series) => SCENARIOS.map((scenario) => ({ name: `${series}-${scenario}`, series, scenario })),
);

function folding(): Folding {
  const named = (how: 'closed' | 'hidden' | 'first'): Set<string> =>
    new Set(
      loadFunctions()
        .filter(({ replay }) => replay === how)
        .map(({ name }) => name),
    );
  return { closed: named('closed'), hidden: named('hidden'), first: named('first') };
}

/** The replay of a kernel and a scenario, from its two recordings. */
export async function loadReplay(series: Series, scenario: ScenarioChoice): Promise<Replay> {
  const id = `${series}-${FILESYSTEM}-${RECORDED[scenario]}`;
  const [plain, volatile] = await Promise.all([
    loadRecording(`${id}-plain`),
    loadRecording(`${id}-volatile`),
  ]);
  return buildReplay(plain, volatile, folding());
}

/** The facts' words on every function that a replay shows, in one language. */
export function explain(replays: readonly Replay[], locale: Locale): Record<string, Explained> {
  const shown = new Set(replays.flatMap(({ rows }) => rows.map(({ fn }) => fn)));
  const explained: Record<string, Explained> = {};
  for (const about of loadFunctions()) {
    if (!shown.delete(about.name)) continue;
    const say = (text: Text): string => text[locale];
    const { gloss } = about;
    explained[about.name] = {
      does: say(about.does),
      ...(about.note && { note: say(about.note) }),
      ...(gloss !== undefined && {
        gloss:
          gloss === 'superblock'
            ? gloss
            : Array.isArray(gloss)
              ? gloss.map(say)
              : { plain: say(gloss.plain), volatile: say(gloss.volatile) },
      }),
      files: [...(about.files ?? []).toReversed(), { from: '0', file: about.file }],
    };
  }
  const [missing] = shown;
  if (missing !== undefined)
    throw new Error(
      `content/facts/functions.yaml says nothing of ${missing}, which a replay shows: add a row`,
    );
  return explained;
}

/** The words beside calls, which stand there from the beginning. */
export function glossesOf(functions: Record<string, Explained>): Glosses {
  return Object.fromEntries(
    Object.entries(functions).flatMap(([name, { gloss }]) =>
      gloss === undefined ? [] : [[name, gloss]],
    ),
  );
}

/** Everything that the figure says once it is used. */
export async function loadWords(locale: Locale): Promise<Words> {
  const all = await Promise.all(
    REPLAYS.map(({ series, scenario }) => loadReplay(series, scenario)),
  );
  const { stack } = { en, 'zh-cn': zhCn }[locale].umountReplay;
  return { functions: explain(all, locale), incident: incidentFrames(locale), stack };
}

/** The incident's frames in one language. */
function incidentFrames(locale: Locale): PrintedFrame[] {
  return loadIncidentStack().frames.map(({ printed, name, note }) => ({
    printed,
    name,
    ...(note && { note: note[locale] }),
  }));
}
