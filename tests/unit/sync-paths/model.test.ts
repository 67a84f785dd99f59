/** What must hold for every operation on every kernel, with every setting and file system. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choicesOf, hasChange, within } from '../../../src/sync-paths/kernels.ts';
import { loadSyncModel } from '../../../src/sync-paths/load.ts';
import { existsOn, kernelOf, operationOf, pathOf } from '../../../src/sync-paths/path.ts';
import type { Filesystem, Path, PathStep, Setting } from '../../../src/sync-paths/types.ts';

const model = loadSyncModel('en');
const FILESYSTEMS: Filesystem[] = ['ext4', 'xfs', 'btrfs'];

/** Every path of a setting, on the kernels that have the setting. */
const paths = (setting: Setting): Path[] =>
  model.kernels
    .filter((kernel) => choicesOf(kernel).some((choice) => choice.setting === setting))
    .flatMap(({ id: kernel }) =>
      FILESYSTEMS.flatMap((filesystem) =>
        model.operations
          .filter((operation) => existsOn(operation, filesystem))
          .map(({ id: operation }) => pathOf(model, { operation, kernel, setting, filesystem })),
      ),
    );

const named = ({ operation, kernel, setting, filesystem }: Path): string =>
  `${operation} on ${kernel}, ${setting}, ${filesystem}`;

const running = ({ steps }: Path): string[] =>
  steps.filter(({ state }) => state === 'runs').map(({ id }) => id);

const volatile = paths('volatile');

describe('volatile', () => {
  test('adds no step to a plain mount', () => {
    for (const path of volatile) {
      const plain = pathOf(model, { ...path, setting: 'plain' });
      const added = running(path).filter((id) => !running(plain).includes(id));
      expect(added, named(path)).toEqual([]);
      expect(path.steps.map(({ id }) => id)).toEqual(plain.steps.map(({ id }) => id));
    }
  });

  test('reaches the disk nowhere that fsync=strict does not', () => {
    for (const path of volatile)
      if (path.reachesDisk)
        expect(pathOf(model, { ...path, setting: 'strict' }).reachesDisk, named(path)).toBe(true);
  });

  test('a path that is skipped ends at its gate', () => {
    const skipped = volatile.filter(({ state }) => state === 'skipped');
    expect(skipped.length).toBeGreaterThan(100);
    for (const path of skipped) {
      expect(path.gate?.state, named(path)).toBe('gate-stops');
      expect(path.reachesDisk, named(path)).toBe(false);
      const behind = path.steps.slice(path.steps.findIndex(({ id }) => id === path.gate?.id) + 1);
      expect(behind.length, named(path)).toBeGreaterThan(0);
      for (const step of behind)
        expect(step.state === 'not-reached' || step.dataOnly, `${named(path)}: ${step.name}`).toBe(
          true,
        );
    }
  });

  test('a path that is kept reaches its leaf, and nothing on it is left out', () => {
    const kept = volatile.filter(({ state }) => state === 'kept');
    expect(kept.length).toBeGreaterThan(50);
    for (const path of kept) {
      expect(path.leaf?.state, named(path)).toBe('runs');
      expect(path.steps.at(-1), named(path)).toBe(path.leaf);
      expect(
        path.steps.filter(({ state }) => state === 'not-reached' || state === 'gate-stops'),
        named(path),
      ).toEqual([]);
    }
  });

  test('a path that is not affected does not reach the disk on a plain mount either', () => {
    const others = volatile.filter(({ state }) => state === 'not-affected');
    expect(others.length).toBeGreaterThan(20);
    for (const path of others)
      expect(pathOf(model, { ...path, setting: 'plain' }).reachesDisk, named(path)).toBe(false);
  });

  test('only measured exceptions make it partly', () => {
    for (const path of volatile)
      expect(path.state === 'partly', named(path)).toBe(path.exception?.state === 'partly');
  });
});

describe('every path', () => {
  const all = [...paths('plain'), ...paths('strict'), ...volatile];

  test('has places that are its own, and at most one leaf, the last', () => {
    for (const path of all) {
      const ids = path.steps.map(({ id }) => id);
      expect(new Set(ids).size, named(path)).toBe(ids.length);
      const leaves = path.steps.filter(({ leaf }) => leaf);
      expect(leaves.length, named(path)).toBeLessThanOrEqual(1);
      if (leaves.length > 0) expect(path.steps.at(-1), named(path)).toBe(leaves[0]);
    }
  });

  test('goes from the overlay to the upper file system and never back', () => {
    for (const path of all) {
      const sides = path.steps
        .filter(({ kind, superblock }) => kind === 'call' && superblock !== null)
        .map(({ superblock }) => superblock);
      expect(sides.join(' '), named(path)).toMatch(/^(overlay ?)*(upper ?)*$/);
    }
  });

  test('asks each gate inside a call, and stops at one gate at most', () => {
    for (const path of all) {
      const gates = path.steps.filter(({ kind }) => kind === 'gate');
      if (gates.length > 0) expect(path.steps[0]?.kind, named(path)).toBe('call');
      expect(
        gates.filter(({ state }) => state === 'gate-stops').length,
        named(path),
      ).toBeLessThanOrEqual(1);
    }
  });

  test('links each step to its file at the tag of the kernel', () => {
    const step = (path: Path): PathStep | undefined => path.steps.find(({ leaf }) => leaf);
    for (const path of all) {
      const { version } = kernelOf(model, path.kernel);
      for (const { address, file } of [...path.steps, ...(step(path)?.waits ?? [])]) {
        expect(address).toBe(
          `https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/${file}?h=v${version}`,
        );
      }
    }
  });

  test('says nothing of inlining on kernels that were not run', () => {
    for (const path of all) {
      const { measured } = kernelOf(model, path.kernel);
      for (const { inlined, name } of path.steps)
        expect(inlined === undefined, `${named(path)}: ${name}`).toBe(!measured);
    }
  });
});

test.each([
  // operation, kernel, setting, state, where it is decided
  ['umount', '5.10', 'volatile', 'skipped', 'ovl_sync_status'],
  ['umount-readonly', '6.12', 'plain', 'not-affected', 'sb_rdonly'],
  ['remount-ro', '6.1', 'volatile', 'skipped', 'ovl_should_sync'],
  ['fsync', '7.3', 'volatile', 'skipped', 'ovl_sync_status'],
  ['copy-up', '6.12', 'volatile', 'skipped', 'ovl_should_sync'],
  ['copy-up', '6.12', 'strict', 'skipped', 'ovl_should_sync_metadata'],
  ['chmod-empty', '6.1', 'volatile', 'not-affected', undefined],
  ['chmod-empty', '6.12.0', 'volatile', 'skipped', 'ovl_should_sync'],
  ['chmod-empty', '6.12', 'volatile', 'not-affected', 'ovl_should_sync_metadata'],
  ['chmod-empty', '6.12', 'strict', 'skipped', 'ovl_should_sync_metadata'],
  ['pwritev2-dsync', '5.10', 'volatile', 'skipped', 'ovl_should_sync'],
  ['osync-write', '5.10', 'volatile', 'kept', 'ovl_should_sync'],
  ['msync', '7.2', 'volatile', 'kept', undefined],
  ['sync', '6.6', 'volatile', 'kept', undefined],
  ['sync-file-range', '6.12', 'volatile', 'not-affected', undefined],
] as const)('%s on %s, %s: %s, decided in %s', (operation, kernel, setting, state, gate) => {
  const path = pathOf(model, { operation, kernel, setting });
  expect([path.state, path.gate?.name]).toEqual([state, gate]);
});

test('the gate of an O_SYNC write says no and is overruled; that of RWF_DSYNC is obeyed', () => {
  const ask = { kernel: '6.12', setting: 'volatile' } as const;
  const write = pathOf(model, { ...ask, operation: 'osync-write' });
  const request = pathOf(model, { ...ask, operation: 'pwritev2-dsync' });
  expect([write.gate?.overruled, write.gate?.state]).toEqual([true, 'gate-passed']);
  expect([request.gate?.overruled, request.gate?.state]).toEqual([false, 'gate-stops']);
  expect(request.steps.filter(({ dataOnly }) => dataOnly).map(({ name }) => name)).toEqual([
    'backing_file_write_iter',
    'vfs_iter_write',
    'do_iter_readv_writev',
    'ext4_file_write_iter',
    'ext4_buffered_write_iter',
  ]);
});

test('a kernel without the option fsync is plain where strict is asked for', () => {
  expect(pathOf(model, { operation: 'fsync', kernel: '6.1', setting: 'strict' }).setting).toBe(
    'plain',
  );
});

describe('kernels', () => {
  test('are in order, and say what they know', () => {
    expect(
      model.kernels.map(({ id, measured, hasFsyncOption, metadataSync, prints }) =>
        [id, measured, hasFsyncOption, metadataSync, prints].join(' '),
      ),
    ).toEqual([
      '5.10 true false never volatile',
      '5.15 false false never volatile',
      '6.1 true false never volatile',
      '6.6 false false never volatile',
      '6.12.0 false false always volatile',
      '6.12 true true strict fsync=volatile',
      '7.2 true true strict fsync=volatile',
      '7.3 true true strict fsync=volatile',
    ]);
  });

  test.each([
    ['6.1', ['', 'volatile']],
    ['6.12', ['fsync=auto', 'fsync=strict', 'volatile or fsync=volatile']],
  ])('%s is mounted with %j', (id, mounts) => {
    const offered = choicesOf(kernelOf(model, id)).map(({ options }) => options.join(' or '));
    expect(offered).toEqual(mounts);
  });

  test('that are offered beside those that were run never claim to be measured', () => {
    for (const { measured, status } of model.kernels.filter((kernel) => !kernel.measured))
      expect([measured, status === 'measured']).toEqual([false, false]);
  });

  test.each([
    ['6.12.79', false],
    ['6.12.80', true],
    ['6.13.5', false],
    ['6.18.20', false],
    ['6.18.21', true],
    ['6.19.10', false],
    ['6.19.11', true],
    ['7.0', true],
  ])('%s has the option fsync: %s', (version, has) => {
    expect(hasChange(version, '7.0', ['6.12.80', '6.18.21', '6.19.11'])).toBe(has);
  });

  test('a change and what it took away never exist together', () => {
    const version = fc
      .tuple(fc.integer({ min: 4, max: 8 }), fc.nat({ max: 20 }), fc.nat({ max: 250 }))
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, fc.array(version, { maxLength: 3 }), (at, since, stable) => {
        const [from, before] = [
          within(at, { from: since, stable }),
          within(at, { before: since, stable }),
        ];
        expect(from).toBe(!before);
      }),
    );
  });
});

test('an id that nothing has stops whoever asks', () => {
  expect(() => kernelOf(model, '4.19')).toThrow('no kernel "4.19"');
  expect(() => operationOf(model, 'flush')).toThrow('no operation "flush"');
});

test('both languages have the same model', () => {
  const WORDS = ['operation', 'purpose', 'decision', 'note', 'does', 'says', 'why'];
  /** The names of a call, which words may join. */
  const names = (call: string) => (call.includes('`') ? call.match(/`[^`]+`/g) : [`\`${call}\``]);
  const bare = (locale: 'en' | 'zh-cn'): unknown =>
    JSON.parse(
      JSON.stringify(loadSyncModel(locale), (key: string, value: unknown) => {
        if (key === 'calls') return (value as string[]).map(names);
        return WORDS.includes(key) ? '…' : value;
      }),
    );
  expect(bare('zh-cn')).toEqual(bare('en'));
});
