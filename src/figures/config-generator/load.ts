/** What the figure needs of the facts, in one language and no more. */
import { localAddress } from '../../build/evidence.ts';
import { loadContainerd, loadKernels, loadSources, loadTargets } from '../../facts/load.ts';
import { localise } from '../../facts/localise.ts';
import type { Source } from '../../facts/schema.ts';
import type { Locale } from '../../format.ts';
import { loadRemarks } from '../../generate/merge/load.ts';
import { ui } from '../../i18n.ts';
import { FIRST_TARGET } from './link.ts';
import type { MergeData, Props, SourceLinks, TargetData } from './props.ts';

export function loadProps(locale: Locale): Props {
  const strings = ui('configGenerator', locale);
  const { minimum, unreadable, named, probe, vendors, series } = localise(loadKernels(), locale);
  const { texts, targets } = localise(loadTargets(), locale);
  const first = loadTarget(FIRST_TARGET, locale);
  const rules = {
    containerd: localise(loadContainerd(), locale),
    kernels: { minimum, unreadable, named, probe, vendors },
    targets: { texts, targets: [first.row], rollouts: first.rollouts, instead: first.instead },
  };
  return {
    ui: strings,
    rules,
    targets: targets.map(({ id, name, group }) => ({ id, name, group })),
    evidence: {
      sources: linksOf(rules, locale),
      status: ui('frame', locale).status,
      colon: strings.colon,
      comma: strings.comma,
    },
    kernels: series.map((row) => row.id),
    targetAddress: `/targets/{id}-${locale}.json`,
    mergeAddress: `/targets/merge-${locale}.json`,
    snippetIndex: '/snippets/index.json',
  };
}

/** @throws Error on an id that is not in targets.yaml */
export function loadTarget(id: string, locale: Locale): TargetData {
  const { targets, rollouts, instead } = localise(loadTargets(), locale);
  const row = targets.find((target) => target.id === id);
  if (row === undefined) throw new Error(`targets.yaml has no target "${id}"`);
  const data = {
    row,
    rollouts: rollouts.filter((rollout) => row.rollouts.includes(rollout.id)),
    instead: instead.filter((help) => row.instead.includes(help.id)),
  };
  return { ...data, sources: linksOf(data, locale) };
}

export function loadMergeData(locale: Locale): MergeData {
  const remarks = localise(loadRemarks(), locale);
  return { remarks, spelling: loadKernels().spelling, sources: linksOf(remarks, locale) };
}

function linksOf(facts: unknown, locale: Locale): SourceLinks {
  const cited = new Set(citedBy(facts));
  const { measurement } = ui('configGenerator', locale);
  return Object.fromEntries(
    loadSources()
      .filter((source) => cited.has(source.id))
      .map((source) => [
        source.id,
        {
          label: shortName(source, measurement),
          url: localAddress(source.url, locale),
        },
      ]),
  );
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
