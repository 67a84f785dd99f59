import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { tidyPage } from '../../../src/build/csp.node.ts';

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function page(policy: string, rest: string): string {
  return `<head><meta charset="utf-8"><title>x</title><meta http-equiv="content-security-policy" content="${policy}">${rest}</head>`;
}

describe('the policy of a page', () => {
  test('comes first and holds the hashes of its own scripts and sheets alone', () => {
    const html = tidyPage(
      page(
        `default-src 'none'; script-src 'self' ${hash('a()')} ${hash('b()')}; style-src 'self' ${hash('x{}')};`,
        '<script>a()</script><script type="module">b()</script><script src="/c.js"></script><style>y{}</style>',
      ).replace(hash('b()'), `${hash('b()')} ${hash('elsewhere()')}`),
      'page',
    );
    expect(html).toMatch(/^<head><meta charset="utf-8"><meta http-equiv="content-security-policy"/);
    expect(html).toContain(
      `content="default-src 'none'; script-src 'self' ${hash('a()')} ${hash('b()')}; style-src 'self' ${hash('y{}')}"`,
    );
    expect(html.match(/http-equiv/g)).toHaveLength(1);
  });

  test('refuses a script that the build did not announce', () => {
    const html = page(`script-src 'self' ${hash('a()')}`, '<script>b()</script>');
    expect(() => tidyPage(html, 'umount/index.html')).toThrow('umount/index.html');
  });

  test('must be there', () => {
    expect(() => tidyPage('<head><meta charset="utf-8"></head>', 'page')).toThrow('no content');
  });
});
