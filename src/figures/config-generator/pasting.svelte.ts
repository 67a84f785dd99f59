/** What the reader pasted or dropped, and what became of it. Nothing of it leaves the page. */
import type { Question } from '../../generate/answer.ts';
import type { Rules } from '../../generate/targets/rules.ts';
import { MergeThread } from './merge-thread.ts';
import type { Found, ShownMerge } from './merge.worker.ts';
import type { MergeData, SourceLinks } from './props.ts';

export class Pasting {
  draft = $state('');
  found = $state.raw<Found | undefined>(undefined);
  /** The configuration that is merged; '' where none was given. */
  existing = $state('');
  merged = $state.raw<ShownMerge | undefined>(undefined);
  sources = $state.raw<SourceLinks>({});

  #thread = new MergeThread();
  #data: Promise<MergeData> | undefined;
  #address: () => string;
  #words: MergeData | undefined;
  #asked = 0;
  #last: { question: Question; rules: Rules; existing: string } | undefined;

  /** @param address where the words of the merge are */
  constructor(address: () => string) {
    this.#address = address;
  }

  /** Reads a text; an empty one forgets the last. Resolves to what it was once it is known. */
  async take(text: string): Promise<Found | undefined> {
    this.draft = text;
    this.existing = '';
    this.merged = undefined;
    this.found = undefined;
    if (text.trim() === '') return undefined;
    let found: Found;
    try {
      found = await this.#thread.read(text);
    } catch {
      found = { kind: 'failed' };
    }
    // What was typed in the meantime is another text.
    if (this.draft !== text) return undefined;
    this.found = found;
    if (found.kind === 'config') this.existing = text;
    return found;
  }

  /**
   * Merges the file that was given for a question; the last question wins, and the same one is
   * asked once. Where the words are there already, the worker has it before this returns, so that
   * it works while the page is drawn.
   */
  async merge(question: Question, rules: Rules): Promise<void> {
    const existing = this.existing;
    const last = this.#last;
    if (last?.question === question && last.rules === rules && last.existing === existing) return;
    this.#last = { question, rules, existing };
    const asked = (this.#asked += 1);
    if (existing === '') return;
    try {
      const data = this.#words ?? (await (this.#data ??= this.#load()));
      this.#words = data;
      const merged = await this.#thread.merge(existing, question, rules, data);
      if (asked !== this.#asked || existing !== this.existing) return;
      this.sources = data.sources;
      this.merged = merged;
    } catch {
      if (asked !== this.#asked) return;
      this.#data = this.#words = this.#last = undefined;
      this.merged = undefined;
      this.found = { kind: 'failed' };
    }
  }

  forget(): void {
    void this.take('');
  }

  stop(): void {
    this.#thread.stop();
  }

  async #load(): Promise<MergeData> {
    const address = this.#address();
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${String(response.status)}`);
    return (await response.json()) as MergeData;
  }
}
