/** The rows about risks: what they name exists, and their commands are commands. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { libraryFor } from '../../../src/build/library.node.ts';
import { checklistText, loadRisks, risksOf, withValues } from '../../../src/build/risks.node.ts';
import { loadClaims } from '../../../src/evidence/claims.node.ts';
import { FactsError } from '../../../src/facts/load.ts';
import { locales } from '../../../src/i18n.ts';

const rows = loadRisks();
const library = libraryFor('content/pages/en/risks.mdx');
const placeholders = (text: string) => [...text.matchAll(/\{[^}]+\}/g)].map(String).sort();

test('there are reasons to leave it off, and things to check', () => {
  expect(risksOf('avoid').length).toBeGreaterThan(0);
  expect(risksOf('check').length).toBeGreaterThan(0);
  expect(risksOf('avoid').length + risksOf('check').length).toBe(rows.length);
});

describe.each(rows.map((row) => [row.id, row] as const))('%s', (_, row) => {
  test.each(locales)('leads to a section that the %s pages have', (locale) => {
    const [, slug = '', id = ''] = /^\/([a-z-]+)\/#(.+)$/.exec(row.see) ?? [];
    const file = `content/pages/${locale}/${slug}.mdx`;
    expect(existsSync(file), file).toBe(true);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`<H[23] id="${id}">`));
  });

  test('says the same values in every language', () => {
    const texts = row.kind === 'avoid' ? [row.where, row.why, row.instead] : [row.says, row.check];
    for (const text of texts) {
      const [first, ...others] = locales.map((locale) => placeholders(text[locale]));
      for (const other of others) expect(other).toEqual(first);
      for (const locale of locales) {
        expect(withValues(text[locale], locale, library)).not.toContain('{');
      }
    }
  });

  test('rests on a claim that exists, if on one', () => {
    if (row.claim === undefined) return;
    expect(loadClaims().map(({ id }) => id)).toContain(row.claim);
  });

  test('has a command that a shell can read, if one', () => {
    if (row.kind !== 'check' || row.command === undefined) return;
    execFileSync('bash', ['-n', '-c', row.command]);
  });
});

test('an unknown value is a mistake that names it', () => {
  expect(() => withValues('since {no-such-version}', 'en', library)).toThrow('no-such-version');
});

test('a row with an unknown field is a mistake that names file and row', () => {
  const folder = mkdtempSync(join(tmpdir(), 'risks-'));
  try {
    writeFileSync(
      join(folder, 'risks.yaml'),
      '- { id: one, kind: check, see: /risks/#one, source: x, status: read, whatever: 1 }\n',
    );
    expect(() => loadRisks(folder)).toThrow(FactsError);
    expect(() => loadRisks(folder)).toThrow(/risks\.yaml:1: row 1 \(one\)/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe.each(locales)('the list as text, %s', (locale) => {
  const text = checklistText(risksOf('check'), locale, library);

  test('has a box, a source and an address for each check, and every command as it is', () => {
    const checks = risksOf('check');
    expect(text.match(/^- \[ \] \S/gm)).toHaveLength(checks.length);
    expect(text.match(/^ {2}https:\/\//gm)).toHaveLength(checks.length);
    for (const { command } of checks) {
      if (command !== undefined) expect(text).toContain(`\n\n      ${command}\n\n`);
    }
  });

  test('leaves no placeholder and ends with one line end', () => {
    expect(text).not.toMatch(/\{[a-z]/);
    expect(text).toMatch(/\S\n$/);
  });
});
