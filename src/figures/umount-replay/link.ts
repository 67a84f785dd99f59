import { oneOf, pattern, type Schema } from '../../share/codec.ts';
import type { Mode } from '../../recording/replay.ts';

/** The kernels a reader can choose, oldest first: the series of the recordings. */
export const SERIES = ['5.10', '6.1', '6.12', '7.2', '7.3'] as const;
export type Series = (typeof SERIES)[number];

/** What was dirty when the overlay was unmounted. */
export const SCENARIOS = ['own', 'neighbour'] as const;
export type ScenarioChoice = (typeof SCENARIOS)[number];

/** Recorded scenario behind each choice. */
export const RECORDED: Record<ScenarioChoice, string> = {
  own: 'umount-256-shallow-queue',
  neighbour: 'umount-clean-64-shallow-queue',
};

/** How a link writes what is shown: the option off, on, or both runs as a race. */
export const SHOWN = ['race', 'off', 'on'] as const;
export type Shown = (typeof SHOWN)[number];

export const MODES: Record<Shown, Mode> = { race: 'both', off: 'plain', on: 'volatile' };

/** The two views of one event: the trace and the sampled stack. */
export const VIEWS = ['calls', 'stack'] as const;

export interface ReplayLink {
  kernel: Series;
  volatile: Shown;
  scenario: ScenarioChoice;
  view: (typeof VIEWS)[number];
  /** Address of the row the replay stands at; empty at the end of the operation. */
  frame: string;
}

/**
 * The keys of a replay link: `/umount/?kernel=6.12&volatile=on&frame=ovl_sync_fs#replay`.
 * Defaults may not change: published links leave them out.
 */
export const replayLink: Schema<ReplayLink> = {
  kernel: oneOf(SERIES, '6.12'),
  volatile: oneOf(SHOWN, 'race'),
  scenario: oneOf(SCENARIOS, 'own'),
  view: oneOf(VIEWS, 'calls'),
  frame: pattern(/^\w+(?:\.\d+)?$/, ''),
};

/**
 * Where a replay is fetched from, by its name `<series>-<scenario choice>`; and what the
 * figure says, `words-<locale>`.
 */
export function replayAddress(name: string): string {
  return `/replay/${name}.json`;
}
