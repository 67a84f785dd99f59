import type { AstroIntegration } from 'astro';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const POLICY = /<meta http-equiv="content-security-policy" content="([^"]*)">/;

/**
 * Narrows the policy of every built page to what that page holds. Astro lists the hash of every
 * script and sheet of the site on every page and puts the list behind the elements in front of it;
 * here a page keeps the hashes of its own inline scripts and sheets, and its policy comes first,
 * since a policy in a document binds only what follows it.
 */
export function tidyPolicy(): AstroIntegration {
  return {
    name: 'tidy-policy',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const root = fileURLToPath(dir);
        for (const file of globSync('**/*.html', { cwd: root })) {
          const path = `${root}/${file}`;
          writeFileSync(path, tidyPage(readFileSync(path, 'utf8'), file));
        }
      },
    },
  };
}

/**
 * One page with its policy narrowed; throws where the page has no policy, or a script inside it that
 * the build did not announce. Sheets are taken as they stand: Astro inlines those of a page's figures
 * without putting their hashes into the policy.
 */
export function tidyPage(html: string, name: string): string {
  const found = POLICY.exec(html);
  if (found === null) throw new Error(`${name} has no content security policy`);
  const allowed = new Set(unescape(found[1] ?? '').match(/'sha256-[^']+'/g));
  const own = { script: inlineHashes(html, 'script'), style: inlineHashes(html, 'style') };
  for (const hash of own.script) {
    if (!allowed.has(hash)) throw new Error(`${name} has an inline script its policy forbids`);
  }
  const policy = unescape(found[1] ?? '')
    .split(';')
    .map((directive) => directive.trim().replace(/ 'sha256-[^']+'/g, ''))
    .filter((directive) => directive !== '')
    .map((directive) => {
      if (directive.startsWith('script-src ')) return [directive, ...own.script].join(' ');
      if (directive.startsWith('style-src ')) return [directive, ...own.style].join(' ');
      return directive;
    })
    .join('; ');
  const charset = /<meta charset="utf-8">/i;
  if (!charset.test(html)) throw new Error(`${name} does not say its character set`);
  const meta = `<meta http-equiv="content-security-policy" content="${policy}">`;
  return html.replace(POLICY, '').replace(charset, (first) => first + meta);
}

function inlineHashes(html: string, element: 'script' | 'style'): Set<string> {
  const pattern = new RegExp(`<${element}([^>]*)>([\\s\\S]*?)</${element}>`, 'g');
  const hashes = new Set<string>();
  for (const [, attributes = '', content = ''] of html.matchAll(pattern)) {
    if (/\ssrc=/.test(attributes)) continue;
    // Data blocks are not run, and the policy does not ask about them.
    if (/\stype="application\//.test(attributes)) continue;
    hashes.add(`'sha256-${createHash('sha256').update(content).digest('base64')}'`);
  }
  return hashes;
}

function unescape(attribute: string): string {
  return attribute.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
