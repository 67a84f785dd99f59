/** Links once published keep working: every form ever written decodes to what it meant then. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configureLink } from '../../../src/figures/config-generator/link.ts';
import { dirtyPagesLink } from '../../../src/figures/dirty-pages/link.ts';
import { pathsLink } from '../../../src/figures/sync-paths/link.ts';
import { replayLink } from '../../../src/figures/umount-replay/link.ts';
import { decode, encode, type Schema } from '../../../src/share/codec.ts';

interface Published {
  figure: string;
  link: string;
  state: Record<string, unknown>;
}

/** The figures by the names of their folders. */
const schemas: Record<string, unknown> = {
  'config-generator': configureLink,
  'dirty-pages': dirtyPagesLink,
  'sync-paths': pathsLink,
  'umount-replay': replayLink,
};

const published = JSON.parse(
  readFileSync('tests/fixtures/published-links.json', 'utf8'),
) as Published[];

describe.each(published)('$link', ({ figure, link, state }) => {
  const schema = schemas[figure] as Schema<Record<string, unknown>>;
  const { search } = new URL(link, 'https://example.org');

  test('means what it meant, without a complaint', () => {
    expect(decode(schema, search)).toEqual({ state, problems: [] });
  });

  test('is written again as a link of the same meaning', () => {
    expect(decode(schema, encode(schema, state)).state).toEqual(state);
  });
});
