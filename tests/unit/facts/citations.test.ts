/** No row of sources and values lies idle. Both languages use the same: tests/unit/pages. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { loadSources, loadValues } from '../../../src/facts/load.ts';

test('every source and every value is used', () => {
  const cited = globSync('content/pages/en/**/*.mdx')
    .map((page) => readFileSync(page, 'utf8'))
    .flatMap((text) => [...text.matchAll(/<(Cite|Fact) id="([^"]+)"/g)])
    .map(([, kind = '', id = '']) => `${kind} id ${id}`);
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
  // A row that tells something in words has a place for a value, too: {hung-task-warnings}.
  const placed = new Set(
    facts.flatMap((text) => [...text.matchAll(/\{([\w.-]+)\}/g)]).map(([, id]) => id),
  );
  const values = loadValues().map(({ id }) => id);
  expect(values.filter((id) => !placed.has(id) && !cited.includes(`Fact id ${id}`))).toEqual([]);
});
