/**
 * The `_headers` file of static hosts: a path pattern on a line of its own, below it indented
 * `Name: value` lines. Format as Netlify and Cloudflare Pages document it; of their extensions
 * only `*` and `:placeholder` are known here.
 *
 * @typedef {{ pattern: RegExp, headers: [string, string][] }} HeaderRule
 */

/**
 * @param {string} text
 * @returns {HeaderRule[]}
 */
export function parseHeaders(text) {
  const rules = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    if (!/^\s/.test(line)) {
      rules.push({ pattern: toPattern(content), headers: [] });
      continue;
    }
    const [, name, value] = /^([\w-]+)\s*:\s*(.+)$/.exec(content) ?? [];
    const rule = rules.at(-1);
    if (name === undefined || rule === undefined) {
      throw new Error(
        `_headers, line ${index + 1}: expected "Name: value" below a path: ${content}`,
      );
    }
    rule.headers.push([name, value]);
  }
  return rules;
}

function toPattern(path) {
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/:[A-Za-z]\w*/g, '[^/]+');
  return new RegExp(`^${source}$`);
}

/**
 * The headers for one path, names in lower case. A header that several rules give is joined with
 * a comma, as the hosts do.
 *
 * @param {HeaderRule[]} rules
 * @param {string} path
 * @returns {Record<string, string>}
 */
export function headersFor(rules, path) {
  const found = {};
  for (const { pattern, headers } of rules) {
    if (!pattern.test(path)) continue;
    for (const [name, value] of headers) {
      const key = name.toLowerCase();
      found[key] = key in found ? `${found[key]}, ${value}` : value;
    }
  }
  return found;
}
