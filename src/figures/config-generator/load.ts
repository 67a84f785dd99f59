/** What the figure needs of the facts, in one language and no more. */
import { describeSource, localAddress } from '../../build/evidence.ts';
import { loadContainerd, loadKernels, loadSources, loadTargets } from '../../facts/load.ts';
import { localise } from '../../facts/localise.ts';
import type { Source } from '../../facts/schema.ts';
import type { Locale } from '../../format.ts';
import { ui } from '../../i18n.ts';
import type { Props } from './props.ts';

export function loadProps(locale: Locale): Props {
  const strings = ui('configGenerator', locale);
  const { minimum, unreadable, named, probe, vendors, series } = localise(loadKernels(), locale);
  const { targets, ...rest } = localise(loadTargets(), locale);
  const rules = {
    containerd: localise(loadContainerd(), locale),
    kernels: { minimum, unreadable, named, probe, vendors },
    targets: { ...rest, rollouts: [], targets: targets.filter(({ id }) => id === 'containerd') },
  };
  const cited = new Set(citedBy(rules));
  const sources = loadSources().filter((source) => cited.has(source.id));
  return {
    ui: strings,
    rules,
    evidence: {
      sources: Object.fromEntries(
        sources.map((source) => [
          source.id,
          {
            label: shortName(source, strings.measurement),
            title: describeSource(source, locale),
            url: localAddress(source.url, locale),
          },
        ]),
      ),
      status: ui('frame', locale).status,
      colon: strings.colon,
      comma: strings.comma,
    },
    kernels: series.map((row) => row.id),
  };
}

/** Every id of a source anywhere in a piece of facts. */
function citedBy(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === 'source' ? (child as string[]) : citedBy(child),
  );
}

/** A source in a word or two: where people discuss or keep it tells more than its title. */
export function shortName(source: Source, measurement: string): string {
  if (source.kind === 'measurement') return measurement;
  const thread = /^https:\/\/github\.com\/[^/]+\/([^/]+)\/(?:pull|issues)\/(\d+)/.exec(source.url);
  if (thread !== null) return `${String(thread[1])}#${String(thread[2])}`;
  const file = /^https:\/\/github\.com\/[^/]+\/[^/]+\/blob\/[^/]+\/(?:.*\/)?([^/#]+)/.exec(
    source.url,
  );
  if (file !== null) return String(file[1]);
  const commit = /\/commit\/\?id=([0-9a-f]{12})/.exec(source.url);
  return commit === null ? source.title : `commit ${String(commit[1])}`;
}
