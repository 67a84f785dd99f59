import { readFileSync, readdirSync } from 'node:fs';
import { satteri } from '@astrojs/markdown-satteri';
import { describe, expect, test } from 'vitest';
import { findFigures } from '../../src/build/figures.node.ts';
import { outlinePlugin } from '../../src/build/outline.ts';
import type { OutlineItem } from '../../src/build/outline.ts';
import { fill, languageTag, locales, longDate, pagePath, parsePageId } from '../../src/i18n.ts';

describe('addresses', () => {
  test.each([
    ['en', '', '/'],
    ['en', 'umount', '/umount/'],
    ['zh-cn', '', '/zh-cn/'],
    ['zh-cn', 'umount', '/zh-cn/umount/'],
  ] as const)('%s "%s" stands at %s', (locale, slug, path) => {
    expect(pagePath(locale, slug)).toBe(path);
  });

  test.each([
    ['en/index', { locale: 'en', slug: '' }],
    ['zh-cn/index', { locale: 'zh-cn', slug: '' }],
    ['zh-cn/umount', { locale: 'zh-cn', slug: 'umount' }],
    ['en/kernel/index', { locale: 'en', slug: 'kernel' }],
  ])('the file %s is a page of its language', (id, page) => {
    expect(parsePageId(id)).toEqual(page);
  });

  test('a file outside the languages is refused', () => {
    expect(() => parsePageId('fr/index')).toThrow('"fr/index"');
    expect(() => parsePageId('index')).toThrow('"index"');
  });
});

describe('strings', () => {
  test('a value fills its place', () => {
    expect(fill('{n} of {all}', { n: 1, all: 'two' })).toBe('1 of two');
  });

  test('a place without a value is an error', () => {
    expect(() => fill('{n} of {all}', { n: 1 })).toThrow('{all}');
  });

  test('dates are written out as each language does', () => {
    const day = new Date('2026-11-23T23:30:00Z');
    expect(longDate(day, 'en')).toBe('23 November 2026');
    expect(longDate(day, 'zh-cn')).toBe('2026年11月23日');
    expect(languageTag('zh-cn')).toBe('zh-CN');
  });

  test('are the same in every language: keys, places for values, none empty', () => {
    const [first, ...others] = locales.map((locale) => {
      const text = readFileSync(`content/ui/${locale}.json`, 'utf8');
      return { locale, strings: leaves(JSON.parse(text)) };
    });
    for (const other of others) {
      expect([...other.strings.keys()].sort(), other.locale).toEqual(
        [...(first?.strings.keys() ?? [])].sort(),
      );
    }
    for (const { locale, strings } of [first, ...others].filter((side) => side !== undefined)) {
      for (const [key, text] of strings) {
        expect(text.trim(), `${locale} ${key}`).not.toBe('');
        expect(places(text), `${locale} ${key}`).toEqual(places(first?.strings.get(key) ?? ''));
      }
    }
  });
});

describe('pages', () => {
  const [original = 'en', ...translations] = locales;
  const names = readdirSync(`content/pages/${original}`, { recursive: true, encoding: 'utf8' });
  const pages = names.filter((name) => name.endsWith('.mdx')).sort();

  test('there are some', () => {
    expect(pages).toContain('index.mdx');
  });

  test.each(translations)('%s mirrors them file by file', (locale) => {
    const mirrored = readdirSync(`content/pages/${locale}`, { recursive: true, encoding: 'utf8' });
    expect(mirrored.filter((name) => name.endsWith('.mdx')).sort()).toEqual(pages);
  });

  describe.each(translations)('%s', (locale) => {
    test.each(pages)('%s has the same sections, figures and tables', async (name) => {
      const [here, there] = await Promise.all(
        [locale, original].map((side) => structure(`content/pages/${side}/${name}`)),
      );
      expect(here).toEqual(there);
    });
  });
});

function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]]);
  return new Map(
    Object.entries(value as Record<string, unknown>).flatMap(([key, child]) => [
      ...leaves(child, path === '' ? key : `${path}.${key}`),
    ]),
  );
}

function places(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([place]) => place).sort();
}

const renderer = satteri({ hastPlugins: [outlinePlugin(new Map())] }).createMdxRenderer?.(
  { syntaxHighlight: false },
  { optimize: false },
);
const shown = new Set([...findFigures().keys(), 'IncidentStack']);

/** What both languages share: the ids of the headings, and figures and tables, in their order. */
async function structure(path: string): Promise<string[]> {
  const text = readFileSync(path, 'utf8').replace(/^---\n[\s\S]*?\n---\n/, '');
  const frontmatter: { outline?: OutlineItem[] } = {};
  await (await renderer)?.process(text, `${process.cwd()}/${path}`, frontmatter);
  return (frontmatter.outline ?? []).flatMap((item) => {
    if (item.kind === 'heading') return [`${'#'.repeat(item.depth)} ${item.id}`];
    return shown.has(item.name) ? [`<${item.name} />`] : [];
  });
}
