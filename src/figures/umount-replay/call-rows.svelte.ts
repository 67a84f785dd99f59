import { duration, type Locale } from '../../format.ts';
import type { Frame, LaneName, Replay, Row, RowState } from '../../recording/replay.ts';
import { fill } from '../text.ts';
import type { Explained, Strings } from './props.ts';

/** Seconds from which a time is part of the wait and set in full ink. */
const LONG = 1;

const LANES: LaneName[] = ['plain', 'volatile'];

/** What one run says of one call at one moment. */
class Cell {
  state = $state.raw<RowState>('pending');
  text = $state.raw('');
}

/**
 * A call as the table draws it. Only what a step changes is reactive, one signal each: a step
 * touches two or three rows, and the others must cost nothing.
 */
export class CallRow {
  readonly row: Row;
  readonly gloss: Record<LaneName, string>;
  /** Whether the two runs get different answers here: then the answer is more than the time. */
  readonly answers: boolean;
  readonly long: Record<LaneName, boolean>;
  readonly cells: Record<LaneName, Cell> = { plain: new Cell(), volatile: new Cell() };
  selected = $state.raw(false);
  /** The one row that the Tab key reaches; the arrow keys go on from there. */
  reachable = $state.raw(false);

  readonly #times: Record<LaneName, string>;

  constructor(row: Row, replay: Replay, word: Explained['gloss'], ui: Strings, locale: Locale) {
    this.row = row;
    const each = <T>(of: (lane: LaneName) => T): Record<LaneName, T> => ({
      plain: of('plain'),
      volatile: of('volatile'),
    });
    this.gloss = each((lane) => gloss(row, replay, word, ui, lane));
    this.answers = typeof word === 'object' && !Array.isArray(word);
    this.long = each((lane) => (row[lane]?.[1] ?? 0) > LONG);
    this.#times = each((lane) => {
      const span = row[lane];
      return span ? duration(span[1], locale) : ui.table.never;
    });
  }

  /** Shows a moment. Signals that do not change wake nobody. */
  show(index: number, now: Frame, ui: Strings, locale: Locale): void {
    for (const lane of LANES) {
      const at = now[lane];
      const state = at?.states[index];
      if (!at || state === undefined) continue;
      const cell = this.cells[lane];
      cell.state = state;
      cell.text = this.#text(lane, state, at.clock, ui, locale);
    }
  }

  #text(lane: LaneName, state: RowState, clock: number, ui: Strings, locale: Locale): string {
    if (state === 'pending') return ui.table.ahead;
    if (state === 'active') return '…';
    const span = this.row[lane];
    if (state !== 'current' || !span) return this.#times[lane];
    return duration(Math.min(Math.max(clock - span[0], 0), span[1]), locale);
  }
}

function gloss(
  row: Row,
  replay: Replay,
  word: Explained['gloss'],
  ui: Strings,
  lane: LaneName,
): string {
  if (word === undefined) return '';
  if (word === 'superblock') {
    if (row.superblock === null) return '';
    return row.superblock === 'upper'
      ? fill(ui.table.upperGloss, { filesystem: replay.filesystem })
      : ui.table.overlayGloss;
  }
  if (Array.isArray(word)) return word[row.nth - 1] ?? '';
  return word[lane];
}
