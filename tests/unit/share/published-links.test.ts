/** Links once published keep working: every form ever written decodes to what it meant then. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linkSchema } from '../../../src/figures/config-generator/link.ts';
import { loadTargets } from '../../../src/facts/load.ts';
import { dirtyPagesLink } from '../../../src/figures/dirty-pages/link.ts';
import { pathsLink } from '../../../src/figures/sync-paths/link.ts';
import { replayLink } from '../../../src/figures/umount-replay/link.ts';
import { decode, encode, type Schema } from '../../../src/share/codec.ts';

interface Published {
  figure: string;
  link: string;
  state: Record<string, unknown>;
}

const targets = loadTargets().targets.map(({ id }) => id);

/** The figures by the names of their folders; a generator's link has the keys of its target. */
const schemas: Record<string, (state: Record<string, unknown>) => unknown> = {
  'config-generator': ({ target }) => linkSchema(String(target), targets),
  'dirty-pages': () => dirtyPagesLink,
  'sync-paths': () => pathsLink,
  'umount-replay': () => replayLink,
};

const published = JSON.parse(
  readFileSync('tests/fixtures/published-links.json', 'utf8'),
) as Published[];

describe.each(published)('$link', ({ figure, link, state }) => {
  const schema = schemas[figure]?.(state) as Schema<Record<string, unknown>>;
  const { search } = new URL(link, 'https://example.org');

  test('means what it meant, without a complaint', () => {
    expect(decode(schema, search)).toEqual({ state, problems: [] });
  });

  test('is written again as a link of the same meaning', () => {
    expect(decode(schema, encode(schema, state)).state).toEqual(state);
  });
});
