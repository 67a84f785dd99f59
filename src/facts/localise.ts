/** One language of the facts. */
import type { Text } from './schema.ts';

export type Locale = keyof Text;

/** A row as one language reads it: every text is a plain string. */
export type Localised<T> = T extends Text
  ? string
  : T extends readonly (infer Item)[]
    ? Localised<Item>[]
    : T extends object
      ? { [Key in keyof T]: Localised<T[Key]> }
      : T;

/**
 * Takes one language out of any piece of facts, so that code that works on texts works on strings
 * and a page carries the words of its own language alone.
 */
export function localise<T>(value: T, locale: Locale): Localised<T> {
  return pick(value, locale) as Localised<T>;
}

function pick(value: unknown, locale: Locale): unknown {
  if (Array.isArray(value)) return value.map((item) => pick(item, locale));
  if (value === null || typeof value !== 'object') return value;
  if (isText(value)) return value[locale];
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pick(item, locale)]));
}

function isText(value: object): value is Text {
  return 'en' in value && 'zh-cn' in value;
}
