import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { loadSources } from '../../../src/facts/load.ts';
import { factVersion, inRange } from '../../../src/facts/version.ts';
import { verdicts, type Question } from '../../../src/generate/answer.ts';
import { ask, facts } from './rules.ts';

// Reasons quote what was typed, and a test below looks for placeholders that were left over.
const withoutBraces = (text: string): string => text.replace(/[{}]/g, '');

const runtimes = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('1.5', '1.6', '1.7', '2.0', '2.1', '2.2', '2.3', '2.4', '3.0'),
      fc.integer({ min: 0, max: 45 }),
      fc.constantFrom('', '-rc.1', '+k3s1', '~ds1'),
    )
    .map(([series, patch, suffix]) => `${series}.${String(patch)}${suffix}`),
  fc.string({ maxLength: 12 }).map(withoutBraces),
);
const kernels = fc.oneof(
  fc.constantFrom(
    '5.4',
    '5.10',
    '6.12.80',
    '4.18.0-305.el8.x86_64',
    '4.18.0-513.el8.x86_64',
    '5.15.0-1051-aws',
    '4.19.91-26.al7.x86_64',
  ),
  fc.string({ maxLength: 20 }).map(withoutBraces),
);
const questions: fc.Arbitrary<Question> = fc.record({
  target: fc.constant('containerd'),
  platform: fc.constant(''),
  format: fc.constant(''),
  rollout: fc.constant(''),
  runtime: runtimes,
  kernel: kernels,
  nodeReturns: fc.boolean(),
  sharesContainerd: fc.boolean(),
  acceptKnownProblems: fc.boolean(),
});

describe('every answer', () => {
  test('has files exactly where it is offered, and never where it is refused', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const answer = ask(question);
        expect(answer.files.length > 0).toBe(answer.offered);
        expect(answer.steps.apply.length > 0).toBe(answer.offered);
        if (answer.verdict === 'refused' || answer.verdict === 'unreadable')
          expect(answer.offered).toBe(false);
        if (answer.verdict === 'works' || answer.verdict === 'test-first')
          expect(answer.offered).toBe(true);
        expect(answer.probe !== undefined).toBe(
          answer.offered && answer.reasons.some(({ id }) => ids('unknown').includes(id)),
        );
      }),
      { numRuns: 500 },
    );
  });

  test('holds exactly one option, in a table that strict TOML reads', () => {
    fc.assert(
      fc.property(questions, (question) => {
        for (const file of ask(question).files) {
          const config = parse(file.text) as {
            version: number;
            plugins: Record<string, unknown>;
          };
          expect(config.plugins['io.containerd.snapshotter.v1.overlayfs']).toEqual({
            mount_options: ['volatile'],
          });
          expect(config.version).toBe(/^1\.|^2\.0\.0-rc/.test(question.runtime) ? 2 : 3);
          expect(parse(file.tables ?? '')).toEqual({ plugins: config.plugins });
          expect(file.lines.map((line) => `${line.text}\n`).join('')).toBe(file.text);
          expect(file.text).not.toContain('{');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives a reason with every line that says something, and known sources', () => {
    const known = new Set(loadSources().map((source) => source.id));
    fc.assert(
      fc.property(questions, (question) => {
        const answer = ask(question);
        for (const line of answer.files.flatMap((file) => file.lines))
          expect(line.reasons.length > 0).toBe(line.text !== '');
        for (const reason of [
          ...answer.reasons,
          ...answer.warnings,
          ...Object.values(answer.steps).flat(),
        ]) {
          expect(reason.text).not.toMatch(/\{[a-z]+\}/);
          for (const id of reason.source) expect(known).toContain(id);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('says the same in both languages, in other words', () => {
    fc.assert(
      fc.property(questions, (question) => {
        const [en, zh] = [ask(question, 'en'), ask(question, 'zh-cn')];
        expect(zh.verdict).toBe(en.verdict);
        expect(zh.files.map((file) => file.text)).toEqual(en.files.map((file) => file.text));
        expect(zh.warnings.map((warning) => warning.id)).toEqual(
          en.warnings.map((warning) => warning.id),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('within a series', () => {
  test.each(['1.6', '1.7', '2.0', '2.1', '2.2', '2.3'])(
    '%s: a later patch release is never judged worse',
    (series) => {
      const line = Array.from({ length: 60 }, (_, patch) =>
        verdicts.indexOf(ask({ runtime: `${series}.${String(patch)}` }).verdict),
      );
      expect(line.toSorted((a, b) => b - a)).toEqual(line);
    },
  );

  test('a kernel that knows the option is followed by kernels that know it', () => {
    const line = ['4.14', '4.19', '5.4', '5.9', '5.10', '5.15', '6.1', '6.12', '7.0', '8.0'].map(
      (kernel) => verdicts.indexOf(ask({ kernel }).verdict),
    );
    expect(line.toSorted((a, b) => b - a)).toEqual(line);
  });
});

describe('the rules', () => {
  const edges = [
    ...facts.containerd.support,
    ...facts.containerd.formats,
    ...facts.containerd.settings.flatMap((setting) => setting.tables),
  ].flatMap((row) => [row.from, row.before].filter((edge) => edge !== undefined));
  const versions = [...new Set([...edges, '0.1.0', '1.6.35', '2.2.5', '99.0.0'])].map(factVersion);

  test.each(['support', 'formats'] as const)('%s has one row for every version', (list) => {
    for (const version of versions)
      expect(facts.containerd[list].filter((row) => inRange(version, row))).toHaveLength(1);
  });

  test('a setting has at most one table for a version', () => {
    for (const setting of facts.containerd.settings)
      for (const version of versions)
        expect(setting.tables.filter((row) => inRange(version, row)).length).toBeLessThan(2);
  });

  test('what a form offers can be read', () => {
    for (const { id } of facts.containerd.notable)
      expect(ask({ runtime: id }).verdict).not.toBe('unreadable');
  });
});

/** The vendor rows of one verdict. */
function ids(volatile: string): string[] {
  return facts.kernels.vendors.filter((row) => row.volatile === volatile).map((row) => row.id);
}
