import { expect, test } from 'vitest';
import { dropIns, forms } from '../../../lab/runtimes/forms.ts';
import { tabulate, type Result } from '../../../lab/runtimes/results.ts';

const result = (version: string, experiment: 'mistyped' | 'restart'): Result =>
  ({ runtime: 'containerd', version, experiment, provenance: {}, findings: [] }) as never;

test('results become one row per version, in the order of versions', () => {
  const rows = tabulate([
    result('1.10.0', 'mistyped'),
    result('1.9.1', 'restart'),
    result('1.10.0', 'restart'),
  ]);
  expect(rows.map(({ version }) => version)).toEqual(['1.9.1', '1.10.0']);
  expect(Object.keys(rows[1] ?? {})).toEqual(['runtime', 'version', 'mistyped', 'restart']);
});

test('forms and drop-ins have names of their own', () => {
  for (const rows of [forms, dropIns]) {
    const ids = rows.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  }
});
