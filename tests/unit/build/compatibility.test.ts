/** The tables of /compatibility/: nothing of the facts is missing, and the generator says the same. */
import { describe, expect, test } from 'vitest';
import {
  compatibilityTables,
  containerdSeries,
  formatLines,
  kernelLines,
  kernelRuns,
  targetLines,
} from '../../../src/build/compatibility.node.ts';
import { libraryFor } from '../../../src/build/library.node.ts';
import { loadContainerd, loadKernels, loadTargets } from '../../../src/facts/load.ts';
import { localise } from '../../../src/facts/localise.ts';
import { factVersion, inRange } from '../../../src/facts/version.ts';
import { readLink } from '../../../src/figures/config-generator/link.ts';
import type { Question } from '../../../src/generate/answer.ts';
import { judgeKernel } from '../../../src/generate/kernel.ts';
import { collectSnippets } from '../../../src/generate/snippets.ts';
import { generate } from '../../../src/generate/targets/generate.ts';
import { locales } from '../../../src/i18n.ts';

const facts = { containerd: loadContainerd(), kernels: loadKernels(), targets: loadTargets() };
const rules = localise(facts, 'en');
const { targets } = facts.targets;
const lines = targetLines('en');

describe('the targets', () => {
  test('are all there, in their order', () => {
    expect(lines.map(({ target }) => target)).toEqual(targets.map(({ id }) => id));
  });

  test.each(lines)('$target has the verdict of the generator', ({ target, question, verdict }) => {
    expect(question.target).toBe(target);
    expect(generate(question, rules).verdict).toBe(verdict);
    expect(verdict).not.toBe('unreadable');
  });

  test.each(lines)('$target is asked in its newest version', ({ target, question }) => {
    const notable = targets.find(({ id }) => id === target)?.notable ?? [];
    for (const { platform = '', runtime = '' } of notable) {
      const newest = factVersion(question.platform || question.runtime);
      expect(inRange(newest, { from: platform || runtime })).toBe(true);
    }
  });

  test.each(lines.filter(({ decides }) => decides === 'own'))(
    '$target turns where the generator does',
    ({ question, carrier, turns }) => {
      const ask = (version: string): string =>
        generate(
          { ...question, [carrier === '' ? 'runtime' : 'platform']: version } satisfies Question,
          rules,
        ).verdict;
      for (const [index, { from, verdict }] of turns.entries()) {
        if (from !== undefined) expect(ask(from), from).toBe(verdict);
        expect(verdict).not.toBe(turns[index - 1]?.verdict);
      }
    },
  );

  test('name the releases that a reader asks for', () => {
    const starts = (target: string) =>
      lines
        .find((line) => line.target === target)
        ?.turns.filter(({ verdict }) => verdict === 'works' || verdict === 'already-on')
        .map(({ from }) => from);
    expect(starts('containerd')).toEqual(['1.6.34', '1.7.19', '2.0.0']);
    expect(starts('cri-o')).toEqual(['1.22.0']);
    expect(starts('k0s')).toEqual(['1.27.1']);
  });

  test('are no surer than what they rest on', () => {
    expect(lines.find(({ target }) => target === 'openshift')?.status).toBe('inferred');
    expect(lines.find(({ target }) => target === 'talos')?.turnsStatus).toBe('unsure');
  });

  test.each(locales)('lead to the generator with them chosen, in %s', (locale) => {
    const ids = targets.map(({ id }) => id);
    for (const { target, link } of targetLines(locale)) {
      const { pathname, search, hash } = new URL(link, 'https://example.org');
      expect(pathname).toBe(locale === 'en' ? '/configure/' : `/${locale}/configure/`);
      expect(readLink(search, ids)).toMatchObject({ state: { target }, problems: [] });
      expect(hash).toBe('#configure');
    }
  });

  test('lead to raw files that there are, where there are files', () => {
    const newest = lines[0]?.question.kernel ?? '';
    const { texts } = collectSnippets(rules, { newest, minimum: '' }, (question) =>
      generate(question, rules),
    );
    for (const { target, group, places, question } of lines) {
      expect(places.length > 0, target).toBe(group !== 'not-possible');
      const [first] = generate(question, rules).files;
      expect(places[0]?.path, target).toBe(first?.path);
      expect(places[0]?.optOut, target).toBe(first && first.role === 'opt-out');
      for (const { versions } of places)
        for (const { url = '' } of versions) expect([...texts.keys()], target).toContain(url);
    }
  });
});

describe('containerd', () => {
  test('has every row, in its series', () => {
    const cells = containerdSeries('en').flatMap((line) => line.cells.map((cell) => cell.id));
    expect(cells).toEqual(facts.containerd.support.map(({ id }) => `containerd-${id}`));
  });

  test('has ranges that hold both ends and nothing beyond', () => {
    const verdictOf = (runtime: string): string =>
      generate({ ...(lines[0]?.question as Question), runtime }, rules).verdict;
    for (const { cells } of containerdSeries('en'))
      for (const { verdict, range } of cells)
        for (const end of [range.from, range.to])
          if (end !== undefined) expect(verdictOf(end), end).toBe(verdict);
    expect(containerdSeries('en')[0]?.cells.map(({ range }) => range)).toEqual([
      { to: '1.6.23' },
      { from: '1.6.24', to: '1.6.33' },
      { from: '1.6.34' },
    ]);
  });

  test('says since when a pull can be told to flush, where it can', () => {
    const flush = containerdSeries('en').map(({ series, flush }) => [series[0], flush?.range]);
    expect(flush.slice(0, 3)).toEqual([
      ['1.6', undefined],
      ['1.7', { from: '1.7.14' }],
      ['2.0', {}],
    ]);
  });

  test('says of a series that nobody read that nobody did', () => {
    const unread = containerdSeries('en').filter((line) => line.unread !== undefined);
    expect(unread.map(({ series }) => series)).toEqual([['3.0']]);
    expect(unread[0]?.flush).toBeUndefined();
  });

  test('reads the versions of its file that it does not refuse', () => {
    expect(formatLines('en').map(({ range, reads }) => [range.from, reads])).toEqual([
      [undefined, ['1', '2']],
      ['2.0.0', ['1', '2', '3']],
      ['2.3.0', ['1', '2', '3', '4']],
    ]);
    for (const { range, reads } of formatLines('en'))
      for (const { id } of facts.containerd.notable.filter((row) =>
        inRange(factVersion(row.id), range),
      ))
        for (const format of ['1', '2', '3', '4']) {
          const { reasons } = generate(
            { ...(lines[0]?.question as Question), runtime: id, format },
            rules,
          );
          expect(!reasons.some((reason) => reason.id.startsWith('format')), id + format).toBe(
            reads.includes(format),
          );
        }
  });
});

describe('kernels', () => {
  test('are all there, and so is mainline', () => {
    const [first, second, ...vendors] = kernelLines('en');
    expect([first?.knows, second?.knows]).toEqual(['yes', 'no']);
    expect(vendors.map(({ id, knows }) => [id, knows])).toEqual(
      facts.kernels.vendors.map(({ id, volatile }) => [`kernel-${id}`, volatile]),
    );
  });

  test('of mainline are judged as the generator judges them', () => {
    const { version } = facts.kernels.minimum;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    expect(judgeKernel(version, rules.kernels).verdict).toBe('works');
    expect(judgeKernel(`${major}.${minor - 1}`, rules.kernels)).toMatchObject({
      verdict: 'refused',
      reason: { text: kernelLines('en')[1]?.says },
    });
  });

  test('that were run rest on runs', () => {
    expect(kernelRuns('en').map(({ version }) => version)).toEqual(
      facts.kernels.series.map(({ version }) => version),
    );
    for (const { source, status } of kernelRuns('en')) {
      expect(source.length).toBeGreaterThan(0);
      expect(status).toBe('measured');
    }
  });
});

describe.each(locales)('in %s', (locale) => {
  const library = libraryFor(`content/pages/${locale}/compatibility.mdx`);
  test.each(Object.keys(compatibilityTables) as (keyof typeof compatibilityTables)[])(
    '%s brings its sources to the list, each row under its own name',
    (table) => {
      const rows = library.table(table);
      expect(rows).toEqual(compatibilityTables[table](locale));
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      for (const { id, source } of rows) expect(source.length, id).toBeGreaterThan(0);
    },
  );

  test('nothing is left of a placeholder', () => {
    expect(
      JSON.stringify(Object.values(compatibilityTables).map((table) => table(locale))),
    ).not.toMatch(/\{[a-z]+\}/);
  });
});
