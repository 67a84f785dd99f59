/** Rows, lines and words of the figure, held against the model they draw. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import en from '../../../content/ui/en.json' with { type: 'json' };
import zhCn from '../../../content/ui/zh-cn.json' with { type: 'json' };
import { groupsOf } from '../../../src/figures/sync-paths/groups.ts';
import {
  fallbacks,
  FILESYSTEMS,
  MOUNTS,
  pathsLink,
  SHOWN,
  type Mount,
  type PathsLink,
} from '../../../src/figures/sync-paths/link.ts';
import { kernelEvidence } from '../../../src/figures/sync-paths/load.ts';
import { frame, ghost, picture, solid, X } from '../../../src/figures/sync-paths/picture.ts';
import { pathsOf, settle, titleOf } from '../../../src/figures/sync-paths/view.ts';
import { callsOf, outcomeOf, sentenceOf } from '../../../src/figures/sync-paths/words.ts';
import { decode, encode } from '../../../src/share/codec.ts';
import { loadSyncModel } from '../../../src/sync-paths/load.ts';
import { tableRows } from '../../../src/sync-paths/rows.ts';

const model = loadSyncModel('en');
const ui = en.syncPathsFigure;
const kernels = model.kernels.map(({ id }) => id);
const every = kernels
  .flatMap((kernel) =>
    FILESYSTEMS.flatMap((fs) =>
      MOUNTS.map((volatile): PathsLink => ({ ...fallbacks, kernel, fs, volatile })),
    ),
  )
  .filter((link) => settle(model, link).gave.length === 0);
const drawn = (link: PathsLink) => picture(groupsOf(pathsOf(model, link)));

/** Where a line of path data ends. */
const endOf = (data: string): number[] => {
  const numbers = data.match(/-?\d+(?:\.\d+)?/g)?.map(Number) ?? [];
  return /H[^A-Z]*$/.test(data) ? numbers.slice(-1) : numbers.slice(-2);
};

describe('the picture', () => {
  test.each(every)('$kernel, $fs, $volatile: has every operation once', (link) => {
    const paths = pathsOf(model, link);
    const { strands } = drawn(link);
    expect(strands.map(({ operation }) => operation).sort()).toEqual(
      paths.map(({ operation }) => operation).sort(),
    );
    const rows = strands.map(({ y }) => y);
    expect([...rows].sort((a, b) => a - b)).toEqual(rows);
    expect(new Set(rows).size).toBe(rows.length);
  });

  test.each(every)('$kernel, $fs, $volatile: a line gets as far as the model says', (link) => {
    const paths = new Map(pathsOf(model, link).map((path) => [path.operation, path]));
    for (const strand of drawn(link).strands) {
      const path = paths.get(strand.operation);
      expect(strand.reach === X.disk).toBe(path?.reachesDisk);
      expect(strand.gate === 'closed').toBe(path?.gate?.state === 'gate-stops');
      expect(endOf(solid(strand))[0]).toBe(strand.reach);
      // What is behind a shut gate stays as a ghost, all the way.
      if (strand.reach === X.gate && strand.whole === X.disk)
        expect(endOf(ghost(strand))[0]).toBe(X.disk);
    }
  });

  test.each(every)('$kernel, $fs, $volatile: no two lines cross', (link) => {
    const { strands } = drawn(link);
    const lanes = strands.filter(({ whole }) => whole === X.disk).map(({ lane }) => lane);
    expect([...lanes].sort((a, b) => a - b)).toEqual(lanes);
  });

  test('trunks count what arrives', () => {
    const { trunks } = drawn({ ...fallbacks, volatile: 'on' });
    const file = trunks.find(({ id }) => id === 'vfs_fsync_range.upper');
    const filesystem = trunks.find(({ id }) => id === 'sync_filesystem.upper');
    expect(filesystem).toMatchObject({ shared: true, taken: 0 });
    expect(file?.taken).toBeGreaterThan(0);
    expect(file?.all).toBeGreaterThan(file?.taken ?? 0);
  });

  test('volatile moves no row: a flip changes lines alone', () => {
    for (const kernel of kernels)
      for (const fs of FILESYSTEMS) {
        const rows = (volatile: Mount) =>
          drawn({ ...fallbacks, kernel, fs, volatile }).strands.map(({ operation, y, lane }) => ({
            operation,
            y,
            lane,
          }));
        expect(rows('on')).toEqual(rows('off'));
      }
  });
});

describe('a flip', () => {
  const flip = {
    before: drawn({ ...fallbacks, volatile: 'off' }),
    after: drawn({ ...fallbacks, volatile: 'on' }),
  };

  test('begins and ends as the two pictures stand', () => {
    for (const [t, shows] of [
      [0, flip.before],
      [1, flip.after],
    ] as const)
      for (const strand of shows.strands)
        expect(frame(flip, t)[strand.operation]).toEqual({
          reach: strand.reach,
          shut: strand.gate === 'closed' ? 1 : 0,
        });
  });

  test('draws lines back, never out, and leaves those alone that stay', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (a, b) => {
          const [early, late] = [frame(flip, Math.min(a, b)), frame(flip, Math.max(a, b))];
          for (const { operation, reach } of flip.before.strands) {
            const [was, is] = [early[operation]?.reach ?? 0, late[operation]?.reach ?? 0];
            expect(is).toBeLessThanOrEqual(was);
            const stays = flip.after.strands.find((each) => each.operation === operation);
            if (stays?.reach === reach) expect(is).toBe(reach);
          }
        },
      ),
    );
  });

  test('a line on its way ends where it has got to, on its own curve', () => {
    const strand = flip.before.strands.find(({ y, lane }) => Math.abs(y - lane) > 1);
    if (strand === undefined) throw new Error('no line bends');
    fc.assert(
      fc.property(fc.double({ min: X.gate, max: X.disk, noNaN: true }), (reach) => {
        const [x = 0, y = strand.lane] = endOf(solid(strand, reach));
        expect(x).toBeCloseTo(reach, 1);
        expect(y).toBeGreaterThanOrEqual(Math.min(strand.y, strand.lane) - 1e-3);
        expect(y).toBeLessThanOrEqual(Math.max(strand.y, strand.lane) + 1e-3);
      }),
    );
  });
});

describe('words', () => {
  test('every operation has a short name in both languages, and no other', () => {
    const ids = model.operations.map(({ id }) => id).sort();
    for (const { short } of [en.syncPathsFigure, zhCn.syncPathsFigure]) {
      expect(Object.keys(short).sort()).toEqual(ids);
      for (const name of Object.values(short)) expect(name.split('`').length % 2).toBe(1);
    }
  });

  test('with volatile a row says its verdict, otherwise whether it reaches the disk', () => {
    for (const link of every)
      for (const path of pathsOf(model, link)) {
        const { shape, word } = outcomeOf(path);
        if (link.volatile === 'on') expect([shape, word]).toEqual([path.state, path.state]);
        else expect(shape === 'kept').toBe(path.state !== 'not-affected');
        expect(sentenceOf(path, ui)).not.toContain('{');
      }
  });

  test('the title counts what the picture shows', () => {
    for (const link of every) {
      const paths = pathsOf(model, link);
      const arriving = paths.filter(({ reachesDisk }) => reachesDisk).length;
      expect(titleOf(paths, link, ui)).toMatch(new RegExp(`\\b${String(arriving)}\\b`));
    }
  });

  test('examples find something', async () => {
    const { find } = await import('../../../src/sync-paths/find.ts');
    for (const example of [
      ...en.syncPathsFigure.ask.examples,
      ...zhCn.syncPathsFigure.ask.examples,
    ])
      expect(find(model, example), example).not.toEqual([]);
  });

  test.each([
    ['en', /\p{Script=Han}/u],
    ['zh-cn', /\b(?!overlay\b)[a-z]+/i],
  ] as const)('%s names calls as code, and says the rest in its own words', (locale, foreign) => {
    for (const operation of loadSyncModel(locale).operations)
      for (const call of callsOf(operation)) {
        const parts = call.split('`');
        expect(parts.length, call).toBeGreaterThan(2);
        const words = parts.filter((_, i) => i % 2 === 0).join(' ');
        expect(words).not.toMatch(foreign);
      }
  });

  test('write-back is called by nobody', () => {
    const uncalled = model.operations.filter((operation) => callsOf(operation).length === 0);
    expect(uncalled.map(({ id }) => id)).toEqual(['writeback']);
  });
});

describe('a link', () => {
  const link = fc.record({
    op: fc.constantFrom(...model.operations.map(({ id }) => id)),
    kernel: fc.constantFrom(...kernels),
    volatile: fc.constantFrom(...MOUNTS),
    fs: fc.constantFrom(...FILESYSTEMS),
    view: fc.constantFrom('tree' as const, 'table' as const),
    step: fc.constantFrom('', 'ovl_sync_status', 'vfs_fsync_range.upper', 'ovl-copy-data'),
    sort: fc.constantFrom('order' as const, '-plain' as const, 'name' as const),
    show: fc.constantFrom(...SHOWN),
  });

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(link, (state) => {
        expect(decode(pathsLink, encode(pathsLink, state))).toEqual({ state, problems: [] });
      }),
    );
  });

  test('settles once, on something that is there', () => {
    fc.assert(
      fc.property(link, (state) => {
        const { state: settled } = settle(model, state);
        expect(settle(model, settled)).toEqual({ state: settled, gave: [] });
        expect(pathsOf(model, settled).map(({ operation }) => operation)).toContain(settled.op);
      }),
    );
  });

  test('its defaults are there, and every place of the model can be named', () => {
    expect(settle(model, fallbacks)).toEqual({ state: fallbacks, gave: [] });
    for (const each of every)
      for (const { steps, operation } of pathsOf(model, each))
        for (const { id } of steps) {
          const state = { ...each, op: operation, step: id };
          expect(decode(pathsLink, encode(pathsLink, state)).state).toEqual(state);
        }
  });

  test('says which part had to give way', () => {
    const wanted = { ...fallbacks, kernel: '5.10', volatile: 'strict' as const, op: 'no-such' };
    expect(settle(model, wanted).gave).toEqual(['volatile', 'op']);
    expect(settle(model, { ...fallbacks, kernel: '4.19' }).state.kernel).toBe(fallbacks.kernel);
  });
});

test('without runs nothing is shown as measured, and the table is that of the model', () => {
  for (const kernel of kernels) {
    const { counts, recorded } = kernelEvidence(model, kernel, [], new Set());
    expect(recorded).toEqual([]);
    for (const filesystem of FILESYSTEMS)
      for (const row of tableRows(model, { kernel, setting: 'plain', filesystem }, [])) {
        const here = counts[filesystem].plain[row.operation];
        expect(here?.evidence).toEqual(row.evidence);
        expect(here?.evidence.kind).not.toBe('measured');
      }
  }
});
