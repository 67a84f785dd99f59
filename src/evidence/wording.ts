/** The sentence of a claim with its numbers filled in from what was observed. */
import { duration, factor, kibibytes, type Locale } from '../format.ts';
import { placeholders } from './claims.ts';
import type { Judgement } from './judge.ts';
import type { EvidenceRow } from './observe.ts';

const WORDS: Record<Locale, { to: string; and: string; comma: string }> = {
  en: { to: ' to ', and: ' and ', comma: ', ' },
  // Chinese units end without a space before the next character.
  'zh-cn': { to: '到 ', and: ' 和 ', comma: '、' },
};

/**
 * A claim's sentence in a language. Placeholders:
 *
 * - `{plain}`, `{volatile}`: how long the runs took, from the shortest to the longest;
 *   `{plainLeast}`, `{volatileMost}` and so on: one end of that.
 * - `{ratio}`: how many times longer plain takes than volatile, at least.
 * - `{dirty}`: how much was dirty before.
 * - `{kernels}`, `{filesystems}`, `{versions}`: what was looked at.
 * - any other name: the number of that name, of a run (`{flushes}`) or a runtime's case (`{layers}`).
 *
 * A number comes from the first observation that has it.
 *
 * @throws Error where the evidence does not hold what the sentence needs
 */
export function sentence(judgement: Judgement, locale: Locale): string {
  const { claim, observations } = judgement;
  const groups = observations.map(({ rows }) => rows);
  const values = new Map(
    placeholders(claim.en).map((name) => [name, valueOf(name, groups, locale)]),
  );
  return claim[locale].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`claim ${claim.id}: nothing observed for {${name}}`);
    return value;
  });
}

function valueOf(
  name: string,
  groups: readonly EvidenceRow[][],
  locale: Locale,
): string | undefined {
  const rows = groups.flat();
  if (name === 'kernels') return list(kernelsOf(rows), locale);
  if (name === 'filesystems') return list(filesystemsOf(rows), locale);
  if (name === 'versions') return list(versionsOf(rows), locale);
  if (name === 'dirty') return range(quantities(groups, 'dirtyMiB'), mebibytes, locale);
  if (name === 'ratio') {
    const ratios = ratiosOf(groups);
    return ratios.length === 0 ? undefined : factor(Math.min(...ratios));
  }
  const [, variant, end] = /^(plain|volatile)(Least|Most)?$/.exec(name) ?? [];
  const numbers =
    variant === undefined ? quantities(groups, name) : quantities(groups, 'seconds', variant);
  if (numbers.length === 0) return undefined;
  const say = variant === undefined ? sayerOf(name) : duration;
  if (end === undefined) return range(numbers, say, locale);
  return say(end === 'Least' ? Math.min(...numbers) : Math.max(...numbers), locale);
}

type Sayer = (value: number, locale: Locale) => string;

const mebibytes: Sayer = (value) => kibibytes(value * 1024);

function sayerOf(name: string): Sayer {
  if (/seconds$/i.test(name)) return duration;
  return name.startsWith('dirty') ? kibibytes : String;
}

/** The numbers of a name, of the first observation that has them of one kind of run alone. */
function quantities(groups: readonly EvidenceRow[][], name: string, variant?: string): number[] {
  const found = groups.map((rows) =>
    rows.flatMap(({ numbers }) =>
      numbers.filter((one) => one.name === name && (variant ?? one.variant) === one.variant),
    ),
  );
  const alike = found.find(
    (numbers) => new Set(numbers.map((number) => number.variant)).size === 1,
  );
  return (alike ?? []).map(({ value }) => value);
}

function ratiosOf(groups: readonly EvidenceRow[][]): number[] {
  const seconds = ({ numbers }: EvidenceRow, variant: string) =>
    numbers.find((one) => one.name === 'seconds' && one.variant === variant)?.value;
  const found = groups.map((rows) =>
    rows.flatMap((row) => {
      const [plain, volatile] = [seconds(row, 'plain'), seconds(row, 'volatile')];
      return plain === undefined || volatile === undefined ? [] : [plain / volatile];
    }),
  );
  return found.find((ratios) => ratios.length > 0) ?? [];
}

function range(numbers: readonly number[], say: Sayer, locale: Locale): string | undefined {
  if (numbers.length === 0) return undefined;
  const least = say(Math.min(...numbers), locale);
  const most = say(Math.max(...numbers), locale);
  if (least === most) return least;
  const gap = /\w$/.test(least) && locale === 'zh-cn' ? ' ' : '';
  return `${least}${gap}${WORDS[locale].to}${most}`;
}

/** The versions of kernels that rows are of, oldest first. */
export const kernelsOf = (rows: readonly EvidenceRow[]): string[] =>
  distinct(rows.flatMap(({ on }) => ('kernel' in on ? [on.kernel] : [])));

export const filesystemsOf = (rows: readonly EvidenceRow[]): string[] => {
  const found = new Set(rows.flatMap(({ on }) => ('kernel' in on ? [on.filesystem] : [])));
  return ['ext4', 'xfs', 'btrfs'].filter((name) => found.has(name));
};

/** The versions of runtimes that rows are of, oldest first. */
export const versionsOf = (rows: readonly EvidenceRow[]): string[] =>
  distinct(rows.flatMap(({ on }) => ('runtime' in on ? [on.version] : [])));

const distinct = (versions: readonly string[]): string[] =>
  [...new Set(versions)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

function list(names: readonly string[], locale: Locale): string | undefined {
  const last = names.at(-1);
  if (last === undefined) return undefined;
  const { and, comma } = WORDS[locale];
  return names.length === 1 ? last : `${names.slice(0, -1).join(comma)}${and}${last}`;
}

/** A sentence cut at its backticks: every second part is code. */
export const codeParts = (text: string): string[] => text.split('`');
