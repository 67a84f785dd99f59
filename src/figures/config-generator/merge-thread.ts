/** The page's side of merge.worker.ts: started when it is first needed, asked one thing at a time. */
import type { Question } from '../../generate/answer.ts';
import type { Rules } from '../../generate/targets/rules.ts';
import type { Found, Reply, Request, ShownMerge } from './merge.worker.ts';
import type { MergeData } from './props.ts';

export class MergeThread {
  #worker: Worker | undefined;
  #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #last = 0;
  /** What the worker goes by. */
  #rules: Rules | undefined;
  #data: MergeData | undefined;

  /** @throws Error where the browser starts no worker, or the reading itself fails */
  async read(text: string): Promise<Found> {
    const reply = await this.#ask((id) => ({ id, do: 'read', text }));
    if ('found' in reply) return reply.found;
    throw new Error('failed' in reply ? reply.failed : 'an answer to another question');
  }

  /** @throws Error as {@link read} does */
  async merge(
    text: string,
    question: Question,
    rules: Rules,
    data: MergeData,
  ): Promise<ShownMerge> {
    if (rules !== this.#rules || data !== this.#data) {
      [this.#rules, this.#data] = [rules, data];
      // The page's facts may be proxies of its framework, which cannot be posted.
      const copy = JSON.parse(JSON.stringify({ rules, data })) as { rules: Rules; data: MergeData };
      this.#ask((id) => ({ id, do: 'learn', ...copy })).catch(() => undefined);
    }
    const reply = await this.#ask((id) => ({ id, do: 'merge', text, question }));
    if ('merged' in reply) return reply.merged;
    throw new Error('failed' in reply ? reply.failed : 'an answer to another question');
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = this.#rules = undefined;
    for (const { reject } of this.#waiting.values()) reject(new Error('stopped'));
    this.#waiting.clear();
  }

  #ask(request: (id: number) => Request): Promise<Reply> {
    const worker = (this.#worker ??= this.#start());
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage(request(id));
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./merge.worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data: reply }: MessageEvent<Reply>) => {
      this.#waiting.get(reply.id)?.resolve(reply);
      this.#waiting.delete(reply.id);
    });
    worker.addEventListener('error', (event) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(event.message));
      this.#waiting.clear();
      worker.terminate();
      this.#worker = this.#rules = undefined;
    });
    return worker;
  }
}
