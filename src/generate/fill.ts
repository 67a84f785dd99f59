/**
 * Puts values into the `{placeholders}` of a fact's text or command. A placeholder that has no
 * value is a fault of the facts file and stops the generator.
 */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for ${whole} in: ${text}`);
    return value;
  });
}
