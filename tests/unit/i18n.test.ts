import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
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
    expect(longDate(day, 'zh-cn')).toBe('2026 年 11 月 23 日');
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
