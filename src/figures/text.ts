/**
 * Puts values into a string of content/ui: `fill('{n} calls', { n: 3 })`. A name without a value is
 * left standing, so that a missing one shows instead of disappearing.
 */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}
