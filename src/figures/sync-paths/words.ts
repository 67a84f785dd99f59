/** What the figure says of a path, in the keys of its strings. */
import type { Operation, Path, State } from '../../sync-paths/types.ts';
import { fill } from '../text.ts';
import type { Strings } from './props.ts';

/**
 * What becomes of an operation as it is mounted: with volatile its verdict, otherwise whether it
 * reaches the disk. The shapes are those of the verdicts, so that a flip changes what it changes.
 */
export function outcomeOf(path: Path): { shape: State; word: keyof Strings['states'] } {
  if (path.setting === 'volatile') return { shape: path.state, word: path.state };
  return path.state === 'not-affected'
    ? { shape: 'not-affected', word: 'stays' }
    : { shape: 'kept', word: 'reaches' };
}

/** What volatile makes of the operation, as a sentence. */
export function sentenceOf(path: Path, ui: Strings): string {
  const sentences = path.setting === 'strict' ? ui.strictSentence : ui.sentence;
  const overruled = path.state === 'kept' && path.setting === 'volatile' && path.gate?.overruled;
  return fill(sentences[overruled ? 'overruled' : path.state], {
    gate: `\`${path.gate?.name ?? ''}\``,
  });
}

/** The short name of an operation, without the marks of code. */
export const plainName = (short: string): string => short.replaceAll('`', '');

/** The system calls of an operation, names between backticks. */
export const callsOf = ({ calls }: Operation): string[] =>
  calls.map((call) => (call.includes('`') ? call : `\`${call}\``));
