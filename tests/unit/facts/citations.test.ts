/** Both languages rest on the same sources, values and recordings, and no row of them lies idle. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadSources, loadValues } from '../../../src/facts/load.ts';
import { locales } from '../../../src/i18n.ts';

/** What a page rests on, each as often as it says so. */
function evidence(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/<(Cite id|Fact id|Measured run)="([^"]+)"(?: value="([^"]+)")?/g)]
    .map(([, kind = '', id = '', value = '']) => `${kind} ${id} ${value}`.trim())
    .sort();
}

const [original = 'en', ...translations] = locales;
const pages = globSync(`content/pages/${original}/**/*.mdx`);

describe.each(translations)('%s', (locale) => {
  test.each(pages)('rests on what %s rests on', (page) => {
    const translated = page.replace(`/${original}/`, `/${locale}/`);
    expect(evidence(translated), basename(page)).toEqual(evidence(page));
  });
});

test('every source and every value is used', () => {
  const cited = pages.flatMap(evidence);
  const facts = globSync('content/facts/*.yaml')
    .filter((file) => basename(file) !== 'sources.yaml')
    .map((file) => readFileSync(file, 'utf8'));
  const rests = new Set(
    facts
      .flatMap((text) => [...text.matchAll(/\bsource:\s*(?:\[([^\]]+)\]|(\S+))/g)])
      .flatMap(([, list, one]) => (list ?? one ?? '').split(',').map((id) => id.trim())),
  );
  const sources = loadSources().map(({ id }) => id);
  expect(sources.filter((id) => !rests.has(id) && !cited.includes(`Cite id ${id}`))).toEqual([]);
  const values = loadValues().map(({ id }) => id);
  expect(values.filter((id) => !cited.includes(`Fact id ${id}`))).toEqual([]);
});
