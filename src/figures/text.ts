/**
 * Sentences one behind the other, as a language writes them; empty ones are left out.
 *
 * @param follows how one follows another: `{first} {next}`
 */
export function sentences(parts: readonly (string | undefined)[], follows: string): string {
  const [opening = '', ...rest] = parts.filter((part) => part !== undefined && part !== '');
  return rest.reduce<string>((first, next = '') => fill(follows, { first, next }), opening);
}

/**
 * Puts values into a string of content/ui: `fill('{n} calls', { n: 3 })`. A name without a value is
 * left standing, so that a missing one shows instead of disappearing.
 */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
