/** Numbers and places of the lab's evidence as its page words them. */
import { namePlaces, type Place, type Range } from '../evidence/summary.ts';
import { duration, kibibytes } from '../format.ts';
import { fill, ui } from '../i18n.ts';
import type { Locale } from '../i18n.ts';

const NO_BREAK = '\u00a0';

/** `3.27–4.47 s`; one value where both ends read the same, both units where they differ. */
export const durations = (range: Range, locale: Locale): string =>
  ends(range, (seconds) => duration(seconds, locale));

/** KiB as `64–256 MiB`. */
export const sizes = (range: Range): string => ends(range, kibibytes);

/** `2–8`, or `2`. */
export const counts = (range: Range): string => ends(range, String);

function ends([least, most]: Range, say: (value: number) => string): string {
  const [from, to] = [say(least), say(most)];
  if (from === to) return from;
  const [value = '', unit] = from.split(NO_BREAK);
  if (unit === undefined) return `${from}–${to}`;
  return to.endsWith(`${NO_BREAK}${unit}`) ? `${value}–${to}` : `${from} – ${to}`;
}

/** Length of a text as it is served, in kB (1000 bytes). */
export const kilobytes = (text: string): string =>
  `${String(Math.ceil(new TextEncoder().encode(text).length / 1000))}${NO_BREAK}kB`;

/** Places, or the word for all of them. */
export const somewhere = (
  places: readonly Place[],
  among: readonly Place[],
  locale: Locale,
): string => namePlaces(places, among) || ui('lab', locale).probes.everywhere;

/** What was seen, and where, if that is not everywhere. */
export function whereSeen(
  words: string,
  places: readonly Place[],
  among: readonly Place[],
  locale: Locale,
): string {
  const named = namePlaces(places, among);
  return named === '' ? words : fill(ui('lab', locale).on, { verdict: words, places: named });
}

/** A string by a name that the data brings; the name itself where nobody has put it into words yet. */
export const named = (names: Readonly<Record<string, string>>, name: string): string =>
  names[name] ?? name;
