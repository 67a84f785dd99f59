/** Random files of TOML 1.0 as hands write them, with the table of the snapshotter or without. */
import fc from 'fast-check';
import { parse } from 'smol-toml';

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

/** A whole file; what would be a key or a table twice is left out. */
export const file = fc
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
