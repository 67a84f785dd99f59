/** Numbers that prose renders from values.yaml and the generator takes from its rules are the same. */
import { expect, test } from 'vitest';
import { loadRuntimeBehaviour } from '../../../src/evidence/load.ts';
import { resultsOf } from '../../../src/evidence/runtime-behaviour.ts';
import { loadContainerd, loadKernels, loadSources, loadValues } from '../../../src/facts/load.ts';
import { compareVersions, factVersion, inRange } from '../../../src/facts/version.ts';
import { piecesOfFacts } from '../pages/terms.ts';

const values = new Map(loadValues().map((row) => [row.id, String(row.value)]));
const { notable, support, settings, warnings } = loadContainerd();

test.each([
  ['patch-date-linked', 'mail-volatile-v5'],
  ['patch-date-in-post', 'mail-volatile-v7'],
])('%s is the day of %s', (valueId, sourceId) => {
  expect(values.get(valueId)).toBe(loadSources().find(({ id }) => id === sourceId)?.date);
});

test('the year of the incident is that of the post', () => {
  const post = loadSources().find(({ id }) => id === 'incident-post');
  expect(values.get('incident-year')).toBe(post?.date.slice(0, 4));
});

/** A version that prose names, and the verdict of the generator's rules about it. */
function verdictOf(valueId: string): string | undefined {
  const version = factVersion(values.get(valueId) ?? '');
  return support.find((row) => inRange(version, row))?.verdict;
}

test('the first kernel with the option', () => {
  expect(values.get('kernel-minimum')).toBe(loadKernels().minimum.version);
});

test.each([
  ['containerd-option-1.6', 'containerd-volume-fault-1.6-last', 'containerd-volume-fixed-1.6'],
  ['containerd-option-1.7', 'containerd-volume-fault-1.7-last', 'containerd-volume-fixed-1.7'],
])('from %s to %s images with a VOLUME break, from %s on they do not', (first, last, fixed) => {
  const row = support.find(({ from }) => from === values.get(first));
  expect([row?.verdict, row?.before]).toEqual(['known-problem', values.get(fixed)]);
  expect(verdictOf(last)).toBe('known-problem');
  const [a, b] = [values.get(last), values.get(fixed)].map((text) => factVersion(text ?? ''));
  expect(a && b && compareVersions({ ...a, patch: (a.patch ?? 0) + 1 }, b)).toBe(0);
});

test('containerd 2 works from its first release', () => {
  expect(support.find(({ from }) => from === values.get('containerd-option-2'))?.verdict).toBe(
    'works',
  );
});

test('a version is refused where the lab saw it ignore the setting, and works where it took it', async () => {
  const forms = resultsOf(await loadRuntimeBehaviour(), 'forms');
  expect(forms.length).toBeGreaterThan(1);
  for (const { version, findings } of forms) {
    const outcome = findings.find(({ form }) => form === 'version-2')?.outcome;
    const row = support.find((rule) => inRange(factVersion(version), rule));
    const verdict = outcome === 'applied' ? 'works' : outcome === 'ignored' ? 'refused' : undefined;
    expect([version, row?.verdict]).toEqual([version, verdict]);
  }
});

test.each([
  ['sync-on-pull', 'containerd-sync-pull-1.7'],
  ['sync-on-unpack', 'containerd-diff-sync-1.7'],
])('%s begins where prose says', (setting, first) => {
  const tables = settings.find(({ id }) => id === setting)?.tables.map(({ from }) => from);
  expect(tables).toEqual([values.get(first), values.get('containerd-option-2')]);
});

test('versions inside a warning are those of the rules', () => {
  const says = new Map(warnings.map((row) => [row.id, row.says.en]));
  const newest = notable.find(({ id }) => id.startsWith('1.6.'))?.id;
  expect(says.get('end-of-life-1.6')).toContain(newest);
  expect(says.get('no-sync-before-1.7.14')).toContain(values.get('containerd-sync-pull-1.7'));
  expect(says.get('no-sync-in-1.6')).toContain(values.get('containerd-volume-fixed-1.7'));
  const transfer = factVersion(values.get('containerd-transfer-default') ?? '');
  expect(says.get('local-pull')).toContain(
    `Since ${String(transfer.major)}.${String(transfer.minor)} `,
  );
});

/** Rows that tell a story in words, and so repeat versions that values.yaml holds. */
const TOLD = /^content\/facts\/(?:containerd-mounts|diagnosis-\w+|glossary|risks|timeline)\.yaml/;

test('versions that rows tell in words are those of values.yaml', () => {
  const known = new Set([...values.values()].flatMap(versionsIn));
  const told = piecesOfFacts().filter(({ place }) => TOLD.test(place));
  expect(told.length).toBeGreaterThan(100);
  const stray = told.flatMap(({ place, text }) =>
    versionsIn(text.replace(/\{[^}]*\}/g, ''))
      .filter((version) => !known.has(version))
      .map((version) => `${place}: ${version}`),
  );
  expect(stray).toEqual([]);
});

/** `7.0`, `1.6.34`: what reads as a version, inside a sentence too. */
function versionsIn(text: string): string[] {
  return text.match(/(?<![\w.])\d+\.\d+(?:\.\d+)?(?![\w.]*\d|\s?(?:s|ms|MB|MiB|GB|%)\b)/gu) ?? [];
}
