/**
 * The same value as `next`, made of the parts of `previous` wherever they say the same. A figure
 * redraws what is another object; with every key of a version the answer is a new one, and hardly
 * a word of it is.
 *
 * @param next plain data: objects, arrays, strings, numbers, switches, undefined
 */
export function keep<T>(previous: unknown, next: T): T {
  if (Object.is(previous, next)) return next;
  if (Array.isArray(previous) && Array.isArray(next)) {
    const items = next.map((item: unknown, index) => keep<unknown>(previous[index], item));
    return items.length === previous.length && items.every((item, at) => item === previous[at])
      ? (previous as T)
      : (items as T);
  }
  if (isRecord(previous) && isRecord(next)) {
    const keys = Object.keys(next);
    const parts = Object.fromEntries(keys.map((key) => [key, keep(previous[key], next[key])]));
    return keys.length === Object.keys(previous).length &&
      keys.every((key) => key in previous && parts[key] === previous[key])
      ? (previous as T)
      : (parts as T);
  }
  return next;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
