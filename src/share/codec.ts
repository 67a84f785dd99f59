/**
 * State of a figure <-> query of a link, one codec for the whole site.
 *
 * A figure declares its keys once, as a {@link Schema}: the keys are its whitelist, each with a
 * parser, a formatter and a default. Defaults never appear in a link, so a link says only what its
 * sender chose, and a default may not change without a new key (published links must keep their
 * meaning).
 */

/** How one key of a query is read and written. */
export interface Key<T> {
  /** The value behind the text of a link; undefined when the text is not one of this key's. */
  parse(raw: string): T | undefined;
  /** The text that {@link parse} reads back as this value. */
  format(value: T): string;
  /** What holds when the key is absent or unreadable. */
  fallback: T;
}

/** The keys of one figure, in the order in which its links carry them. */
export type Schema<S> = { readonly [K in keyof S]: Key<S[K]> };

/** A key of a link whose text could not be read. */
export interface Problem {
  key: string;
  /** What the link said. */
  raw: string;
  /** What holds instead, as a link would say it. */
  fallback: string;
}

/** A choice among fixed words. */
export function oneOf<const V extends string>(values: readonly V[], fallback: NoInfer<V>): Key<V> {
  return {
    parse: (raw) => values.find((value) => value === raw),
    format: (value) => value,
    fallback,
  };
}

/** A switch, `on` or `off`. */
export function flag(fallback: boolean): Key<boolean> {
  return {
    parse: (raw) => (raw === 'on' ? true : raw === 'off' ? false : undefined),
    format: (value) => (value ? 'on' : 'off'),
    fallback,
  };
}

/** A whole number from `min` to `max`, both included. */
export function integer(options: { min: number; max: number; fallback: number }): Key<number> {
  const { min, max, fallback } = options;
  return {
    parse: (raw) => {
      if (!/^-?\d{1,15}$/.test(raw)) return undefined;
      const value = Number(raw) + 0; // -0 + 0 is 0: a link cannot tell them apart
      return value >= min && value <= max ? value : undefined;
    },
    format: (value) => String(value),
    fallback,
  };
}

/** A number from `min` to `max`, both included, kept to `digits` places after the point. */
export function decimal(options: {
  min: number;
  max: number;
  digits: number;
  fallback: number;
}): Key<number> {
  const { min, max, digits, fallback } = options;
  // toFixed and not String: String writes small numbers as 1e-7.
  const round = (value: number): string => {
    const text = value.toFixed(digits);
    const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
    return short === '-0' ? '0' : short;
  };
  return {
    parse: (raw) => {
      if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(raw)) return undefined;
      const value = Number(round(Number(raw)));
      return value >= min && value <= max ? value : undefined;
    },
    format: round,
    fallback,
  };
}

/**
 * Free text of a known form; the expression must match the whole text, whether or not it is
 * anchored. The fallback need not match: an empty one stands for "not chosen".
 */
export function pattern(expression: RegExp, fallback: string): Key<string> {
  // A global or sticky expression would remember where its last match ended.
  const whole = new RegExp(`^(?:${expression.source})$`, expression.flags.replace(/[gy]/g, ''));
  return {
    parse: (raw) => (raw === fallback || whole.test(raw) ? raw : undefined),
    format: (value) => value,
    fallback,
  };
}

/** The keys of a schema with their types, in order. */
function entries<S extends object>(schema: Schema<S>): [keyof S & string, Key<S[keyof S]>][] {
  return Object.entries(schema) as [keyof S & string, Key<S[keyof S]>][];
}

/**
 * The state a query describes. Keys of others are ignored; where a key is there twice, the first
 * counts; a text that cannot be read falls back and is reported.
 *
 * @param search a query with or without its question mark, as `location.search` gives it
 */
export function decode<S extends object>(
  schema: Schema<S>,
  search: string,
): { state: S; problems: Problem[] } {
  const query = new URLSearchParams(search);
  const problems: Problem[] = [];
  const pairs = entries(schema).map(([name, key]) => {
    const raw = query.get(name);
    if (raw === null) return [name, key.fallback] as const;
    const value = key.parse(raw);
    if (value !== undefined) return [name, value] as const;
    problems.push({ key: name, raw, fallback: key.format(key.fallback) });
    return [name, key.fallback] as const;
  });
  return { state: Object.fromEntries(pairs) as S, problems };
}

/**
 * The query that describes a state: `?kernel=6.12&volatile=on`, or `''` when every key has its
 * default. A value that its own key could not read back (text still being typed) is left out, so
 * that no link is ever written that {@link decode} would report.
 */
export function encode<S extends object>(schema: Schema<S>, state: S): string {
  return merge(schema, state, '');
}

/**
 * The page's query with this schema's keys replaced by the state's; the keys of others stay first
 * and letter for letter, because several figures of a page share one address.
 */
export function merge<S extends object>(schema: Schema<S>, state: S, search: string): string {
  const foreign = search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => {
      if (part === '') return false;
      const name = [...new URLSearchParams(part).keys()][0];
      return name === undefined || !Object.hasOwn(schema, name);
    });
  const own = new URLSearchParams();
  for (const [name, key] of entries(schema)) {
    const text = key.format(state[name]);
    if (text !== key.format(key.fallback) && key.parse(text) !== undefined) own.set(name, text);
  }
  const parts = [...foreign, ...(own.size > 0 ? [own.toString()] : [])];
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}
