/** Random files of TOML in random hands: the change that was asked for, and nothing else. */
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { expect, test } from 'vitest';
import { merge } from './merge-help.ts';

const LONG = 'io.containerd.snapshotter.v1.overlayfs';
const IMAGES = 'io.containerd.cri.v1.images';

const quote = fc.constantFrom('"', "'");
const value = fc.oneof(
  fc.boolean().map(String),
  fc.integer().map(String),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((n) => (Number.isInteger(n) ? `${String(n)}.0` : String(n)))
    .filter((text) => /^-?\d+\.\d+$/.test(text)),
  fc.constantFrom(
    '0x1F',
    '1_000',
    '+7',
    'inf',
    '-0.0',
    '1979-05-27T07:32:00Z',
    '1979-05-27',
    '07:32:00',
  ),
  fc
    .tuple(quote, fc.constantFrom('', 'a', '# no comment', '[x]', 'é 中', '{{ x }}', 'a = 1'))
    .map(([mark, text]) => mark + text + mark),
  fc.constantFrom(
    '"""\n[not.a.table]\n# nor a comment\n"""',
    "'''\nmount_options = []\n'''",
    '"a\\"b\\\\"',
  ),
  fc.constantFrom(
    '[]',
    '[1, 2]',
    '["a", "b",]',
    '[\n  "a", # one\n  # two\n  "b"\n]',
    '[[1], [2, 3]]',
    '{}',
    '{ a = 1, b.c = "x" }',
    '[{ a = 1 }, { a = 2 }]',
  ),
);
const comment = fc.constantFrom('', '', ' # why', '\t# "]', ' # mount_options = []');
const equals = fc.constantFrom('=', ' = ', '  =  ', ' =');
const indent = fc.constantFrom('', '', '  ', '\t', '    ');
const blank = fc.constantFrom(
  '',
  '',
  '\n',
  '\n# a comment\n',
  '# [plugins]\n',
  '  # set in\n',
  '\n\n',
);

/** `k1 = ...` and so on: each name is used once in its table. */
const entries = (prefix: string, max = 3) =>
  fc
    .array(fc.record({ value, comment, equals, indent, blank }), { maxLength: max })
    .map((list) =>
      list
        .map(
          (one, i) =>
            `${one.blank}${one.indent}${prefix}${String(i)}${one.equals}${one.value}${one.comment}\n`,
        )
        .join(''),
    );

const list = fc.record({
  options: fc.array(fc.constantFrom('index=off', 'metacopy=off', 'volatile', 'nodev'), {
    maxLength: 3,
  }),
  mark: quote,
  spread: fc.boolean(),
  comma: fc.boolean(),
  note: fc.constantFrom('', ' # keep', '\n    # alone'),
});
const listText = list.map(({ options, mark, spread, comma, note }) => {
  const all = [...new Set(options)].map((one) => mark + one + mark);
  const last = comma && all.length > 0 ? ',' : '';
  return spread
    ? `[${note}\n${all.map((one, i) => `    ${one}${i < all.length - 1 ? ',' : last} # n${String(i)}\n`).join('')}  ]`
    : `[${all.join(', ')}${last}]`;
});

/** How the snapshotter stands in the file, as what goes under `[plugins]` and as tables. */
const ours = fc.oneof(
  fc.constant({ inside: '', tables: '' }),
  fc
    .tuple(quote, indent, entries('k'), fc.option(listText), comment)
    .map(([mark, space, body, options, note]) => ({
      inside: '',
      tables: `${space}[plugins.${mark}${LONG}${mark}]${note}\n${body}${options === null ? '' : `${space}  mount_options = ${options}${note}\n`}`,
    })),
  fc.tuple(quote, fc.option(listText), comment).map(([mark, options, note]) => ({
    inside: `${mark}${LONG}${mark}.root_path = "/x"${note}\n${options === null ? '' : `${mark}${LONG}${mark}.mount_options = ${options}\n`}`,
    tables: '',
  })),
  fc
    .tuple(
      quote,
      fc.constantFrom(
        '{}',
        '{ root_path = "/x" }',
        '{ mount_options = [], sync_remove = true }',
        "{mount_options=['a'],x={y=1}}",
      ),
      comment,
    )
    .map(([mark, text, note]) => ({
      inside: `${mark}${LONG}${mark} = ${text}${note}\n`,
      tables: '',
    })),
);

const file = fc
  .record({
    head: entries('t'),
    version: fc.constantFrom('version = 3\n', 'version = 3 # now\n', 'version=2\n'),
    before: fc
      .tuple(blank, indent, entries('a'))
      .map(([gap, space, body]) => `${gap}${space}[first.'x y']\n${body}`),
    siblings: fc.array(
      fc.tuple(
        fc.constantFrom(
          'io.containerd.gc.v1.scheduler',
          'io.containerd.nri.v1.nri',
          'io.containerd.z.v1.z',
          IMAGES,
        ),
        blank,
        indent,
        quote,
        entries('s'),
      ),
      { maxLength: 3 },
    ),
    ours,
    inside: entries('p', 1),
    after: fc
      .tuple(fc.boolean(), blank, entries('z'))
      .map(([array, gap, body]) => `${gap}${array ? '[[last]]\n[[last]]' : '[last]'}\n${body}`),
    order: fc.boolean(),
    tail: fc.constantFrom('', '# the end\n', '\n\n'),
    windows: fc.boolean(),
    final: fc.boolean(),
  })
  .map((made) => {
    const seen = new Set<string>();
    const siblings = made.siblings
      .filter(([name]) => !seen.has(name) && seen.add(name))
      .map(
        ([name, gap, space, mark, body]) =>
          `${gap}${space}[plugins.${mark}${name}${mark}]\n${body}`,
      );
    const tables = made.order ? [made.ours.tables, ...siblings] : [...siblings, made.ours.tables];
    const text = [
      made.head,
      made.version,
      made.before,
      made.ours.inside === '' ? '' : `[plugins]\n${made.inside}${made.ours.inside}`,
      ...tables,
      made.after,
      made.tail,
    ].join('');
    const ended = made.final ? text : text.replace(/\n+$/, '');
    return made.windows ? ended.replaceAll('\n', '\r\n') : ended;
  })
  .filter((text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  });

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
      const notes = (from: string): string[] => from.match(/#[^\r\n]*/g) ?? [];
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
