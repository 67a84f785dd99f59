/** Command lines: what is known is read, and what is not is answered with the nearest known word. */
import { parseArgs } from 'node:util';

/** Something is wrong with the command line; the message is one line for a person. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export type OptionTypes = Readonly<Record<string, 'string' | 'boolean'>>;

export type Options<T extends OptionTypes> = {
  [K in keyof T]: (T[K] extends 'string' ? string : true) | undefined;
};

/** Reads `--name value`, `--name=value` and `--switch`; each at most once, and nothing else. */
export function readOptions<const T extends OptionTypes>(
  args: readonly string[],
  types: T,
): Options<T> {
  // Not strict: parseArgs would stop at the first surprise with several lines of its own.
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind === 'positional') throw new UsageError(`unexpected argument "${token.value}"`);
    if (token.kind === 'option-terminator') continue;
    const type = Object.hasOwn(types, token.name) ? types[token.name] : undefined;
    if (type === undefined)
      throw new UsageError(
        `unknown option ${token.rawName}${didYouMean(
          token.rawName,
          Object.keys(types).map((name) => `--${name}`),
        )}`,
      );
    if (Object.hasOwn(values, token.name)) throw new UsageError(`${token.rawName} is given twice`);
    if (type === 'boolean') {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
      values[token.name] = true;
    } else {
      // `--runtime --kernel 6.12` lacks a value: what follows is the next option. A dash alone is
      // the usual word for standard input.
      if (token.value === undefined || (/^-./.test(token.value) && !token.inlineValue))
        throw new UsageError(`${token.rawName} needs a value`);
      values[token.name] = token.value;
    }
  }
  return values as Options<T>;
}

/**
 * ` (did you mean --kernel?)`, or nothing where no known word is near. A word that others begin
 * with means one of those: `eks` is `eks-al2`, and not `aks`.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const longer = known.filter((candidate) => candidate.startsWith(`${word}-`));
  if (longer.length > 0) return ` (did you mean ${longer.join(' or ')}?)`;
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  // More than a third of the letters wrong is another word.
  return best !== undefined && best.distance <= Math.max(2, word.length / 3)
    ? ` (did you mean ${best.candidate}?)`
    : '';
}

/** Levenshtein's: how many letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + (same ? 0 : 1),
        ),
      );
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
