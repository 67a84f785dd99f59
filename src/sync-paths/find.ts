/** From what a reader types, a call, a flag or a program, to the operations it ends in. */
import type { SyncModel, Words } from './types.ts';
import { wordsOf } from './words.ts';

/** An operation or a program that fits what was typed. */
export interface Found {
  kind: 'operation' | 'tool';
  id: string;
  /** Ids of the operations it ends in; for an operation its own. */
  operations: string[];
  /** How well it fits; larger is better, and results come best first. */
  score: number;
}

/** Words that say nothing about which call is meant. */
const FILLERS = new Set(
  'a an and by call calls file for from i in into it my of on or the to use uses using with'.split(
    ' ',
  ),
);

/** The same in Chinese, which has no spaces: what stands between them is what is meant. */
const FILLERS_BETWEEN = /我们?|调用|使用|[用的在对和与]/u;

const NONE: Words = { names: [], others: [] };

const isHan = (word: string): boolean => /\p{Script=Han}/u.test(word);

/** How well a typed word fits a known one: the whole, its beginning, or a part of it. */
function fit(typed: string, known: string): number {
  if (typed === known) return 10;
  const han = isHan(typed);
  if (typed.length < 3 && !han) return 0;
  if (known.startsWith(typed)) return 4;
  // `fsync` inside `aio_fsync`, a Chinese word inside a phrase.
  if (known.includes(typed)) return han ? 4 : 1;
  return han && typed.length > 1 && typed.includes(known) && isHan(known) ? 3 : 0;
}

/** `name=value` as one word where a row has it so, and as two otherwise. */
function asKnown({ words }: SyncModel, typed: string): string[] {
  if (!typed.includes('=')) return [typed];
  const known = [...Object.values(words.operations), ...Object.values(words.tools)].some(
    ({ names, others }) => names.includes(typed) || others.includes(typed),
  );
  return known ? [typed] : typed.split('=').filter((part) => part !== '');
}

/**
 * What fits a typed text, best first; empty where nothing does. Case, parentheses and the numbers
 * of manual pages do not matter: `fsync`, `FSYNC()` and `fsync(2)` are the same. Where something
 * fits all the words that were typed, what fits only some of them is left out.
 */
export function find(model: SyncModel, query: string): Found[] {
  const all = wordsOf(query)
    .flatMap((word) => (isHan(word) ? word.split(FILLERS_BETWEEN) : asKnown(model, word)))
    .filter((word) => word !== '');
  const telling = all.filter((word) => !FILLERS.has(word));
  const typed = telling.length > 0 ? telling : all;
  if (typed.length === 0) return [];

  const candidates = [
    ...model.operations.map(({ id }) => ({
      kind: 'operation' as const,
      id,
      operations: [id],
      words: model.words.operations[id] ?? NONE,
    })),
    ...model.tools.map(({ id, operations }) => ({
      kind: 'tool' as const,
      id,
      operations,
      words: model.words.tools[id] ?? NONE,
    })),
  ];
  const scored = candidates.flatMap(({ words, ...candidate }) => {
    const best = (word: string, known: readonly string[]): number =>
      Math.max(0, ...known.map((each) => fit(word, each)));
    const fits = typed.map((word) =>
      Math.max(2 * best(word, words.names), best(word, words.others)),
    );
    const hits = fits.filter((points) => points > 0).length;
    const score = fits.reduce((sum, points) => sum + points, 0);
    return hits === 0 ? [] : [{ ...candidate, hits, score }];
  });
  const most = Math.max(0, ...scored.map(({ hits }) => hits));
  return (
    scored
      .filter(({ hits }) => hits === most)
      // Array.sort keeps the order of the model among equals.
      .sort((a, b) => b.score - a.score)
      .map(({ kind, id, operations, score }) => ({ kind, id, operations, score }))
  );
}
