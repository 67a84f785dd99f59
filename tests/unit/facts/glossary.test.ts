import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadGlossary } from '../../../src/facts/load.ts';
import { sortTerms } from '../../../src/facts/terms.ts';
import { locales } from '../../../src/i18n.ts';

const terms = loadGlossary();

/** The faults that reading such a file reports, without its path. */
function faults(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'glossary-'));
  try {
    writeFileSync(join(folder, 'glossary.yaml'), text);
    loadGlossary(folder);
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const row = (more = ''): string =>
  `- { id: a, term: { en: A, zh-cn: 甲 }, says: { en: E., zh-cn: 中。 }, source: s, status: read${more} }\n`;

describe('a row', () => {
  test('needs both languages', () => {
    expect(faults(row().replace(', zh-cn: 中。', ''))).toContain('field says.zh-cn is missing');
    expect(faults(row().replace('zh-cn: 甲', 'zh-cn: ""'))).toContain('field term.zh-cn is empty');
  });

  test('leads to terms that exist, and not to itself', () => {
    expect(faults(row(', see: [b]'))).toContain('names "b", which is no term');
    expect(faults(row(', see: [a]'))).toContain('names itself');
    expect(faults(row(', see: [b]') + row().replace('id: a', 'id: b'))).toBe('');
  });

  test('has an id of its own', () => {
    expect(faults(row() + row())).toContain('is taken by an earlier row');
  });

  test('leads to a page as English has it', () => {
    expect(faults(row(', page: umount'))).toContain('is not a page of this site');
    expect(faults(row(', page: /umount/#lazy-umount'))).toBe('');
  });
});

describe('the glossary', () => {
  test.each(locales)('explains in one to three sentences, %s', (locale) => {
    const ends = locale === 'en' ? /[.](?=\s|$)/g : /。/g;
    const wrong = terms.filter(({ says }) => {
      const sentences = says[locale].match(ends)?.length ?? 0;
      return sentences < 1 || sentences > 3;
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test('has the entry of every term that a page names', () => {
    const known = new Set(terms.map(({ id }) => id));
    const missing = globSync('content/pages/**/*.mdx').flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/<Term id="([^"]*)"/g)]
        .map(([, id = '']) => id)
        .filter((id) => !known.has(id))
        .map((id) => `${file}: ${id}`),
    );
    expect(missing).toEqual([]);
  });

  test('leads to sections that exist', () => {
    const missing = terms.flatMap(({ id, page }) => {
      if (page === undefined) return [];
      const [, slug = '', section = ''] = /^\/([^/]+)\/(?:#(.+))?$/.exec(page) ?? [];
      const text = readFileSync(`content/pages/en/${slug}.mdx`, 'utf8');
      return section === '' || text.includes(` id="${section}"`) ? [] : [`${id}: ${page}`];
    });
    expect(missing).toEqual([]);
  });
});

describe('the order', () => {
  const named = (words: string[]) =>
    words.map((word) => ({
      id: word,
      term: { en: word, 'zh-cn': word },
      says: { en: '', 'zh-cn': '' },
      source: [],
      status: 'read' as const,
    }));
  const order = (words: string[], locale: 'en' | 'zh-cn') =>
    sortTerms(named(words), locale).map(({ id }) => id);

  test('of English is the alphabet, whatever the case and the sign before a word', () => {
    expect(order(['shim', 'PLEG', '/proc', 'overlayfs'], 'en')).toEqual([
      'overlayfs',
      'PLEG',
      '/proc',
      'shim',
    ]);
  });

  test('of Chinese has Latin letters first, then pronunciation', () => {
    expect(order(['脏页', 'shim', '回写', 'CRI', '超级块'], 'zh-cn')).toEqual([
      'CRI',
      'shim',
      '超级块',
      '回写',
      '脏页',
    ]);
  });
});
