/** Random files of TOML in random hands: the change that was asked for, and nothing else. */
import { globSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { localise } from '../../../src/facts/localise.ts';
import { mergeFor, type MergedFile } from '../../../src/generate/merge/for-answer.ts';
import { file } from './merge-arbitrary.ts';
import { corpus, merge, remarks } from './merge-help.ts';
import { ask, facts, rulesIn } from './rules.ts';

const LONG = 'io.containerd.snapshotter.v1.overlayfs';
const IMAGES = 'io.containerd.cri.v1.images';

/** Each comment of a file whose strings have no hash mark, or whose marks all have to stay anyway. */
const notes = (from: string): string[] => from.match(/#[^\r\n]*/g) ?? [];

/** TOML 1.0, which is what containerd 1.x reads; smol-toml takes 1.1 as well. */
const isStrict = (text: string): boolean => {
  try {
    parseTOML(text, { tomlVersion: '1.0' });
    parse(text);
    return true;
  } catch {
    return false;
  }
};

type Tables = Record<string, Record<string, unknown> | undefined>;

test('parse(result) = parse(input) + what was asked for', () => {
  let changed = 0;
  fc.assert(
    fc.property(file, fc.boolean(), (text, pull) => {
      const wanted = { imagePullWithSyncFs: pull };
      const result = merge(text, wanted);
      expect(result.problem).toBeUndefined();
      // By a parser that the merge does not use.
      const expected = parse(text) as { plugins?: Tables };
      const plugins = (expected.plugins ??= {});
      const table = (plugins[LONG] ??= {});
      const options = (table['mount_options'] ?? []) as string[];
      table['mount_options'] = options.includes('volatile') ? options : [...options, 'volatile'];
      if (pull) (plugins[IMAGES] ??= {})['image_pull_with_sync_fs'] = true;
      expect(parse(result.text)).toEqual(expected);
      expect(isStrict(result.text)).toBe(true);

      // Twice is once.
      expect(merge(result.text, wanted)).toMatchObject({ outcome: 'unchanged', text: result.text });
      if (result.outcome === 'unchanged') {
        expect(result.text).toBe(text);
        return;
      }
      changed += 1;

      // The named changes, undone, give the file back byte for byte.
      const feed = text.includes('\r\n') ? '\r\n' : '\n';
      const lines = result.text.split(feed);
      const old = text.split(feed);
      const added = new Set(
        result.changes.filter(({ before }) => before === undefined).map(({ line }) => line),
      );
      const replaced = new Map(
        result.changes.flatMap(({ line, before }) =>
          before === undefined ? [] : [[line, before]],
        ),
      );
      const back = lines.flatMap((line, i) =>
        added.has(i + 1) ? [] : [replaced.get(i + 1) ?? line],
      );
      expect(back).toEqual(old);
      expect(result.changes.length).toBeLessThanOrEqual(8);
      for (const { line, after } of result.changes) expect(lines[line - 1]).toBe(after);

      // Each comment is where it was, in order, and no other line end came in.
      expect(notes(result.text)).toEqual(notes(text));
      if (feed === '\r\n') expect(result.text.replaceAll('\r\n', '')).not.toContain('\n');
      else expect(result.text).not.toContain('\r');
      expect(result.text.endsWith('\n')).toBe(text.endsWith('\n'));
    }),
    { numRuns: 3000 },
  );
  expect(changed).toBeGreaterThan(1000);
});

test('what is not TOML is handed back as it came', () => {
  fc.assert(
    fc.property(
      file,
      fc.nat(),
      fc.constantFrom('{{ x }}', '[[', '= =', '"', '{% if %}', '<% %>', '\0', 'a: b'),
      (text, at, piece) => {
        const place = text.length === 0 ? 0 : at % text.length;
        const broken = text.slice(0, place) + piece + text.slice(place);
        const result = merge(broken);
        let toml = true;
        try {
          parse(broken);
        } catch {
          toml = false;
        }
        if (!toml) expect(result.outcome).toBe('refused');
        if (result.outcome === 'refused') expect(result.text).toBe(broken);
      },
    ),
    { numRuns: 1000 },
  );
});

test('what is TOML 1.1 alone is handed back as it came', () => {
  fc.assert(
    fc.property(
      file.filter((text) => !text.includes('\r')),
      fc.nat(),
      fc.constantFrom(
        'new1 = { a = 1, }',
        'new1 = {\n  a = 1\n}',
        'new1 = { a = 1, # why\n b = 2 }',
        'new1 = "\\e[0m"',
        'new1 = "\\x41"',
        'new1 = 07:32',
        'new1 = 1979-05-27 07:32',
      ),
      fc.constantFrom('1.7.24', '2.1.9'),
      (text, at, line, runtime) => {
        const lines = text.split('\n');
        const place = at % (lines.length + 1);
        const newer = [...lines.slice(0, place), line, ...lines.slice(place)].join('\n');
        // Inside a string it is text.
        fc.pre(!isStrict(newer));
        const result = merge(newer, { runtime, imagePullWithSyncFs: true });
        expect([result.outcome, result.text]).toEqual(['refused', newer]);
      },
    ),
    { numRuns: 1000 },
  );
});

describe('for every target that merges', () => {
  const mergeFacts = { ...facts, remarks: localise(remarks, 'en') };
  const real = [
    ...corpus,
    ...globSync('tests/golden/merge/*.toml').map((name) => ({
      name,
      text: readFileSync(name, 'utf8'),
    })),
  ];
  const IMPORTS = 'imports = ["/etc/containerd/conf.d/*.toml"]\n';
  const ours = (plugins: Tables): Tables => {
    const copy = structuredClone(plugins);
    for (const table of Object.values(copy))
      for (const key of ['mount_options', 'image_pull_with_sync_fs', 'sync_fs'])
        if (table !== undefined && typeof table === 'object') Reflect.deleteProperty(table, key);
    // A table that only our keys are in came with them.
    return Object.fromEntries(
      Object.entries(copy).filter(([, table]) => Object.keys(table ?? {}).length > 0),
    );
  };
  /** Everything that the file says but for our keys. */
  const others = (text: string): unknown => {
    const { plugins = {}, ...rest } = parse(text.replace(/^\ufeff/, '')) as { plugins?: Tables };
    return { ...rest, plugins: ours(plugins) };
  };

  test.each(facts.targets.targets.filter((row) => row.merges !== undefined))(
    '$id: once is twice, and every other key and comment survives',
    ({ id }) => {
      const row = rulesIn.en.targets.targets.find((target) => target.id === id);
      const dropIn = row?.merges === 'drop-in';
      let changed = 0;
      const holds = (
        text: string,
        runtime: string,
        nodeReturns: boolean,
        sharesContainerd: boolean,
      ): void => {
        const old = runtime.startsWith('1.');
        const platform = row?.notable.find((one) => one.runtime?.startsWith('1.') === old);
        const question = {
          ...{ target: id, platform: platform?.platform ?? '', runtime, format: '', rollout: '' },
          ...{ kernel: '6.12', nodeReturns, sharesContainerd, acceptKnownProblems: false },
        };
        const answer = ask(question);
        const again = (existing: string): MergedFile =>
          mergeFor(existing, question, answer, row, mergeFacts);
        const result = again(text);
        if (result.outcome !== 'changed') {
          expect(result.text).toBe(text);
          return;
        }
        changed += 1;
        expect(isStrict(result.text.replace(/^\ufeff/, ''))).toBe(true);
        if (dropIn) {
          // A file of our own: of the main file it says again what it would hide, and no more.
          expect(again(text)).toEqual(result);
          const { plugins } = parse(result.text) as { plugins: Tables };
          // TOML leaves it to the parser which line end a string of several lines has.
          const feeds = text.replaceAll('\r\n', '\n');
          const main = (parse(feeds) as { plugins?: Tables }).plugins ?? {};
          for (const [name, table] of Object.entries(ours(plugins)))
            expect(main[name]).toMatchObject(table ?? {});
          return;
        }
        expect(again(result.text)).toMatchObject({ outcome: 'unchanged', text: result.text });
        expect(others(result.text)).toEqual(others(text));
        expect(notes(result.text)).toEqual(notes(text));
      };
      for (const { text } of real)
        for (const runtime of ['1.7.24', '2.1.9', '2.3.4'])
          for (const flag of [true, false])
            holds(dropIn && !/^imports/m.test(text) ? IMPORTS + text : text, runtime, flag, flag);
      fc.assert(
        fc.property(
          file,
          fc.constantFrom('1.7.24', '2.0.5', '2.1.9'),
          fc.boolean(),
          fc.boolean(),
          (text, ...rest) => {
            holds(dropIn ? IMPORTS + text : text, ...rest);
          },
        ),
        { numRuns: 400 },
      );
      expect(changed).toBeGreaterThan(150);
    },
  );
});

test('never throws', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ maxLength: 12 }),
      (text, runtime) => {
        merge(text);
        merge('version = 2\n', { runtime, kernel: text });
        merge('', { dropIn: { path: text, main: `imports = [${JSON.stringify(text)}]\n` } });
      },
    ),
    { numRuns: 1000 },
  );
});
