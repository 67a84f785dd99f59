/** The few forms of TOML 1.0 that the generator writes. */

/** `[plugins."io.containerd..."]`: a plugin's name has dots, so it has to be quoted. */
export function pluginHeader(plugin: string): string {
  return `[plugins.${tomlString(plugin)}]`;
}

/** A switch or a list of words. */
export function tomlValue(value: boolean | readonly string[]): string {
  return typeof value === 'boolean' ? String(value) : `[${value.map(tomlString).join(', ')}]`;
}

/** JSON writes strings as TOML reads them, but for DEL, which TOML wants escaped. */
function tomlString(value: string): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}
