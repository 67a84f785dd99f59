import {
  buildTimeline,
  findRow,
  frame,
  longestLeaf,
  screenSeconds,
  stepOf,
  type Frame,
  type Replay,
  type Timeline,
} from '../../recording/replay.ts';
import { prefersReducedMotion } from '../motion.ts';
import { MODES, type ReplayLink, type Shown } from './link.ts';

/**
 * Where a reader stands in a replay. It holds two numbers, the step and the way to the next one;
 * everything on the screen is computed from them by `frame`.
 */
export class Player {
  replay = $state.raw() as Replay;
  shown = $state<Shown>('race');
  step = $state(0);
  /** Progress towards the next step, 0 to 1. */
  t = $state(0);
  playing = $state(false);
  /** The row whose explanation is open; -1 for none. */
  selected = $state(-1);

  readonly timeline: Timeline = $derived(buildTimeline(this.replay, MODES[this.shown]));
  readonly last: number = $derived(this.timeline.stops.length - 1);
  readonly frame: Frame = $derived(frame(this.replay, this.timeline, this.step, this.t));
  readonly atEnd: boolean = $derived(this.step >= this.last);

  #request = 0;
  #before = 0;

  readonly #ended: () => void;

  /** @param ended called when a replay has played to its end */
  constructor(replay: Replay, shown: Shown, ended: () => void) {
    this.#ended = ended;
    this.replay = replay;
    this.shown = shown;
    this.step = this.last;
    this.selected = longestLeaf(replay);
  }

  /** Stops at a step; the row entered there is explained. */
  go(step: number): void {
    this.pause();
    this.step = Math.min(Math.max(step, 0), this.last);
    this.t = 0;
    const row = this.timeline.stops[this.step]?.row ?? -1;
    if (row >= 0) this.selected = row;
  }

  next(): void {
    this.go(this.step + 1);
  }

  previous(): void {
    this.go(this.t > 0 ? this.step : this.step - 1);
  }

  /** Moves to any point of the slider: whole steps and the way between two. */
  scrub(position: number): void {
    this.pause();
    this.step = Math.min(Math.floor(position), this.last);
    this.t = this.step === this.last ? 0 : position - this.step;
    const row = this.timeline.stops[this.step]?.row ?? -1;
    if (row >= 0) this.selected = row;
  }

  /** Explains a row and, when the shown runs make the call, moves to its entry. */
  select(row: number): void {
    const step = stepOf(this.timeline, row);
    if (step >= 0) this.go(step);
    this.selected = row;
  }

  show(shown: Shown): void {
    if (shown === this.shown) return;
    const link = this.address();
    this.shown = shown;
    this.stand(link);
  }

  /** Swaps the recording and stays at the same call where the other one makes it too. */
  load(replay: Replay): void {
    const link = this.address();
    const selected = this.replay.rows[this.selected]?.key;
    this.replay = replay;
    this.stand(link);
    this.selected = selected === undefined ? -1 : findRow(replay, selected);
  }

  /** The address of the row the replay stands at, `''` at the end. */
  address(): string {
    const row = this.atEnd ? -1 : (this.timeline.stops[this.step]?.row ?? -1);
    return this.replay.rows[row]?.key ?? '';
  }

  /** Goes to the row of an address; false when this replay has none, and the end is shown instead. */
  stand(address: string): boolean {
    this.pause();
    this.t = 0;
    const row = address === '' ? -1 : findRow(this.replay, address);
    const step = row < 0 ? -1 : stepOf(this.timeline, row);
    this.step = step < 0 ? this.last : step;
    if (row >= 0) this.selected = row;
    return address === '' || step >= 0;
  }

  link(rest: Pick<ReplayLink, 'kernel' | 'scenario' | 'view'>): ReplayLink {
    return { ...rest, volatile: this.shown, frame: this.address() };
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.atEnd) {
      this.step = 0;
      this.t = 0;
    }
    this.playing = true;
    this.#before = 0;
    this.#request = requestAnimationFrame(this.#tick);
  }

  pause(): void {
    if (!this.playing) return;
    this.playing = false;
    cancelAnimationFrame(this.#request);
  }

  #tick = (now: number): void => {
    if (!this.playing) return;
    const passed = this.#before === 0 ? 0 : (now - this.#before) / 1000;
    this.#before = now;
    if (this.#advance(passed)) this.#request = requestAnimationFrame(this.#tick);
    else this.playing = false;
  };

  /** Under reduced motion the picture only changes from step to step, at the same pace. */
  #waited = 0;

  /** Moves on by so many seconds of screen; false when that reached the end. */
  #advance(passed: number): boolean {
    let left = passed;
    for (;;) {
      const here = this.timeline.stops[this.step];
      const next = this.timeline.stops[this.step + 1];
      if (!here || !next) return false;
      const length = screenSeconds(next.clock - here.clock);
      const still = prefersReducedMotion();
      const done = still ? this.#waited : this.t * length;
      if (done + left < length) {
        if (still) this.#waited = done + left;
        else this.t = (done + left) / length;
        return true;
      }
      left -= length - done;
      this.#waited = 0;
      this.step += 1;
      this.t = 0;
      const row = this.timeline.stops[this.step]?.row ?? -1;
      if (row >= 0) this.selected = row;
      if (this.step >= this.last) {
        this.#ended();
        return false;
      }
    }
  }
}
