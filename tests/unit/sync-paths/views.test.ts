/** The tree, the differences, the search and the table. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../../src/evidence/verdict.ts';
import { differences } from '../../../src/sync-paths/differences.ts';
import { evidenceFor } from '../../../src/sync-paths/evidence.ts';
import { find } from '../../../src/sync-paths/find.ts';
import { forest, nodesOf, type ForestNode } from '../../../src/sync-paths/forest.ts';
import { loadSyncModel } from '../../../src/sync-paths/load.ts';
import { existsOn, pathOf } from '../../../src/sync-paths/path.ts';
import { sortRows, tableRows, type SortKey, type TableRow } from '../../../src/sync-paths/rows.ts';
import type { Filesystem, Setting } from '../../../src/sync-paths/types.ts';

const model = loadSyncModel('en');
const ids = model.operations.map(({ id }) => id);

/** Every question that the model answers, at random. */
const question = fc.record({
  kernel: fc.constantFrom(...model.kernels.map(({ id }) => id)),
  setting: fc.constantFrom<Setting[]>('plain', 'strict', 'volatile'),
  filesystem: fc.constantFrom<Filesystem[]>('ext4', 'xfs', 'btrfs'),
});

describe('the forest', () => {
  /** From a node to its root: the way from the program to the disk. */
  function ways(nodes: readonly ForestNode[], below: readonly string[] = []): [string, string[]][] {
    return nodes.flatMap((node) => {
      const way = [node.step.id, ...below];
      return [
        ...node.begins.map((operation): [string, string[]] => [operation, way]),
        ...ways(node.children, way),
      ];
    });
  }

  test('holds the way of each operation, and no other', () => {
    fc.assert(
      fc.property(question, fc.subarray(ids, { minLength: 1 }), (where, operations) => {
        const found = new Map(ways(forest(model, { ...where, operations })));
        const asked = model.operations.filter(
          (operation) => operations.includes(operation.id) && existsOn(operation, where.filesystem),
        );
        expect([...found.keys()].sort()).toEqual(asked.map(({ id }) => id).sort());
        for (const [operation, way] of found)
          expect(way).toEqual(pathOf(model, { ...where, operation }).steps.map(({ id }) => id));
      }),
    );
  });

  test('names each place once, and every operation that passes it', () => {
    fc.assert(
      fc.property(question, (where) => {
        const nodes = [...nodesOf(forest(model, where))];
        const names = nodes.map(({ id }) => id);
        expect(new Set(names).size).toBe(names.length);
        for (const { operations, states, begins } of nodes) {
          expect(Object.keys(states)).toEqual(operations);
          for (const operation of begins) expect(operations).toContain(operation);
        }
      }),
    );
  });

  test('shares the trunks: most roads end in one of two places', () => {
    const roots = forest(model, { kernel: '6.12', setting: 'plain' });
    const at = (id: string): string[] | undefined =>
      roots.find(({ step }) => step.id === id)?.operations;
    expect(at('vfs_fsync_range.upper')).toContain('msync');
    expect(at('vfs_fsync_range.upper')?.length).toBeGreaterThan(10);
    expect(at('sync_filesystem.upper')).toEqual([
      'umount',
      'close-detached',
      'umount-readonly',
      'remount-ro',
      'syncfs',
    ]);
  });

  test('finds a step of an operation again on another kernel', () => {
    for (const kernel of ['5.10', '7.3']) {
      const nodes = [...nodesOf(forest(model, { kernel, setting: 'volatile' }))];
      const node = nodes.find(({ step }) => step.id === 'ovl-remount');
      expect(node?.operations).toContain('remount-ro');
      expect(node?.step.name).toBe(kernel === '5.10' ? 'ovl_remount' : 'ovl_reconfigure');
    }
  });
});

describe('differences', () => {
  const of = (before: string, after: string): string[] =>
    differences(model, before, after).changes.map(({ kind, before, after }) =>
      `${kind} ${before ?? ''} ${after ?? ''}`.trimEnd(),
    );

  test('there are none between a kernel and itself', () => {
    for (const { id } of model.kernels)
      expect(differences(model, id, id)).toEqual({
        changes: [],
        spelling: undefined,
        options: { gone: [], added: [] },
        states: [],
      });
  });

  test('from 6.1 to 6.12: renamed, added, gone, and the spelling', () => {
    const changes = of('6.1', '6.12');
    expect(changes).toContain('renamed ovl_remount ovl_reconfigure');
    expect(changes).toContain('added  backing_file_write_iter');
    expect(changes).toContain('gone do_iter_write');
    expect(changes).toContain('moved ovl_should_sync ovl_should_sync');
    const { spelling, options } = differences(model, '6.1', '6.12');
    expect(spelling).toEqual({ before: 'volatile', after: 'fsync=volatile' });
    expect(options.added).toContain('fsync=strict');
  });

  test('from 6.12.0 to 6.12.117 only fsync=strict goes on syncing metadata', () => {
    expect(differences(model, '6.12.0', '6.12').states).toEqual([
      { operation: 'chmod-empty', setting: 'volatile', before: 'skipped', after: 'not-affected' },
    ]);
  });

  test('back and forth is the same with its ends exchanged', () => {
    const kernel = fc.constantFrom(...model.kernels.map(({ id }) => id));
    const opposite = {
      added: 'gone',
      gone: 'added',
      inlined: 'own-call',
      'own-call': 'inlined',
      renamed: 'renamed',
      moved: 'moved',
    } as const;
    fc.assert(
      fc.property(kernel, kernel, (one, other) => {
        const there = differences(model, one, other).changes;
        const back = differences(model, other, one).changes;
        const key = (kind: string, place: string): string => `${kind} ${place}`;
        expect(back.map(({ kind, place }) => key(opposite[kind], place)).sort()).toEqual(
          there.map(({ kind, place }) => key(kind, place)).sort(),
        );
      }),
    );
  });

  test('inlining is compared only between kernels that were run', () => {
    expect(of('5.10', '5.15').filter((change) => /inlined|own-call/.test(change))).toEqual([]);
    expect(of('5.10', '6.1')).toContain('inlined new_sync_write new_sync_write');
  });
});

describe('find', () => {
  const first = (query: string): string | undefined => find(model, query)[0]?.id;

  test.each([
    ['fsync', 'fsync'],
    ['fsync(2)', 'fsync'],
    ['FSYNC()', 'fsync'],
    ['I call fdatasync(2)', 'fdatasync'],
    ['我调用 msync', 'msync'],
    ['调用fsync(2)', 'fsync'],
    ['ｆｓｙｎｃ（２）', 'fsync'],
    ['sync', 'sync'],
    ['syncfs', 'syncfs'],
    ['umount2', 'umount'],
    ['RWF_DSYNC', 'pwritev2-dsync'],
    ['O_DSYNC write', 'osync-write'],
    ['open with O_DSYNC', 'osync-write'],
    ['MS_SYNC', 'msync'],
    ['io_uring', 'io-uring-dsync'],
    ['copy_file_range(2)', 'copy-file-range-osync'],
    ['fallocate', 'fallocate-osync'],
    ['sync_file_range', 'sync-file-range'],
    ['定期回写', 'writeback'],
    ['dd oflag=sync', 'dd-oflag-sync'],
    ['dd conv=fsync', 'dd-conv-fsync'],
    ['DD OFLAG=DSYNC', 'dd-oflag-sync'],
    ['etcd', 'etcd'],
    ['SQLite', 'sqlite'],
    ['apt-get install', 'dpkg'],
    ['mysqld', 'mysqld'],
    ['innodb_flush_method=O_DSYNC', 'mysqld-o-dsync'],
    ['rsync --fsync', 'rsync-fsync'],
    ['docker commit', 'docker-commit'],
    ['MDB_WRITEMAP', 'lmdb-writemap'],
    ['编辑器', 'vim'],
  ])('%s: %s', (query, id) => {
    expect(first(query)).toBe(id);
  });

  test('what nothing has finds nothing', () => {
    for (const query of ['', '  ', '()', 'xyzzy', 'fs']) expect(find(model, query)).toEqual([]);
  });

  test('every call is found by its own name, whatever its case', () => {
    for (const { id, calls } of model.operations)
      for (const call of calls) {
        const found = find(model, call.toUpperCase()).map((each) => each.id);
        expect(found, call).toContain(id);
      }
  });

  test('every program is found by its name, and leads to operations of the model', () => {
    for (const tool of model.tools) {
      expect(find(model, tool.name).map(({ id }) => id)).toContain(tool.id);
      for (const operation of tool.operations) expect(ids).toContain(operation);
    }
  });

  test('any text is taken', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        for (const { score } of find(model, query)) expect(score).toBeGreaterThan(0);
      }),
    );
  });
});

/** A comparison that no lab made. */
const madeUp = (series: string, chosenBy: string, filesystem: Filesystem = 'ext4'): Comparison => {
  const run = (variant: 'plain' | 'volatile'): Comparison['plain'] => ({
    kind: 'recorded',
    id: `${series}-${filesystem}-${chosenBy}-${variant}`,
    chosenBy,
    filesystem,
    kernel: { series, suite: 's', release: 'r', package: 'p', commandLine: 'c' },
    scenario: chosenBy,
    volatile: variant === 'volatile',
    diskMBs: 20,
    commands: ['c'],
    command: 'c',
    machine: 'm',
    recordedAt: '2026-11-23T00:00:00Z',
    operation: 'o',
    dirtyMiB: 0,
    dirtyIn: 'overlay',
    seconds: variant === 'plain' ? 2 : 0.001,
    returnCode: 0,
    errno: 0,
    error: '',
    dirtyKiB: [0, 0],
    writebackKiB: [0, 0],
    flushes: variant === 'plain' ? 2 : 0,
    writes: variant === 'plain' ? 9 : 0,
    sectors: 0,
    value: 0,
  });
  return {
    series,
    filesystem,
    scenario: chosenBy,
    chosenBy,
    diskMBs: 20,
    plain: run('plain'),
    volatile: run('volatile'),
    verdict: 'skipped',
  };
};

describe('evidence', () => {
  const runs = [madeUp('6.12', 'fsync'), madeUp('6.12', 'copy-up-directory-strict')];
  const kind = (operation: string, kernel: string, setting: Setting, fs?: Filesystem): string =>
    evidenceFor(model, { operation, kernel, setting, ...(fs && { filesystem: fs }) }, runs).kind;

  test('is measured where exactly that was run', () => {
    const evidence = evidenceFor(
      model,
      { operation: 'fsync', kernel: '6.12', setting: 'volatile' },
      runs,
    );
    expect(evidence).toEqual({
      kind: 'measured',
      pairs: [
        {
          scenario: 'fsync',
          verdict: 'skipped',
          plain: { id: '6.12-ext4-fsync-plain', flushes: 2, writes: 9, seconds: 2 },
          volatile: { id: '6.12-ext4-fsync-volatile', flushes: 0, writes: 0, seconds: 0.001 },
        },
      ],
    });
    expect(kind('chmod-empty', '6.12', 'strict')).toBe('measured');
  });

  test.each([
    ['another kernel', 'fsync', '6.1', 'volatile', 'ext4', 'read'],
    ['a kernel that is not run', 'fsync', '6.6', 'volatile', 'ext4', 'inferred'],
    ['one like it, of another version', 'fsync', '6.12.0', 'volatile', 'ext4', 'cited'],
    ['another file system', 'fsync', '6.12', 'volatile', 'xfs', 'inferred'],
    ['another setting', 'fsync', '6.12', 'strict', 'ext4', 'read'],
    ['another setting the other way', 'chmod-empty', '6.12', 'volatile', 'ext4', 'read'],
  ] as const)('of %s is not', (_, operation, kernel, setting, filesystem, expected) => {
    expect(kind(operation, kernel, setting, filesystem)).toBe(expected);
  });

  test('is never measured without a run', () => {
    fc.assert(
      fc.property(question, fc.constantFrom(...ids), (where, operation) => {
        expect(evidenceFor(model, { ...where, operation }, []).kind).not.toBe('measured');
      }),
    );
  });

  test('is never measured on a kernel that the lab does not run', () => {
    const all = model.kernels.flatMap(({ id }) =>
      model.operations.flatMap(({ lab = [], labStrict = [] }) =>
        [...lab, ...labStrict].map((scenario) => madeUp(id, scenario)),
      ),
    );
    for (const kernel of model.kernels.filter(({ measured }) => !measured))
      for (const operation of ids)
        for (const setting of ['plain', 'strict', 'volatile'] as const)
          expect(evidenceFor(model, { operation, kernel: kernel.id, setting }, all).kind).not.toBe(
            'measured',
          );
  });
});

describe('the table', () => {
  const rows = tableRows(model, { kernel: '6.12', setting: 'volatile' }, [madeUp('6.12', 'fsync')]);
  const names = Object.fromEntries(model.operations.map((row) => [row.id, row.operation]));
  const order = (key: SortKey, descending = false): string[] =>
    sortRows(rows, key, descending, names, 'en').map(({ operation }) => operation);

  test('has a row for each operation of the file system, with what was counted', () => {
    expect(rows.map(({ operation }) => operation)).toEqual(
      ids.filter((id) => id !== 'copy-up-reflink'),
    );
    const fsync = rows.find(({ operation }) => operation === 'fsync');
    expect(fsync?.flushes).toEqual({ plain: [2, 2], volatile: [0, 0] });
    expect(fsync?.seconds).toEqual({ plain: [2, 2], volatile: [0.001, 0.001] });
    expect(rows.find(({ operation }) => operation === 'msync')?.flushes.plain).toBeUndefined();
  });

  test('sorts by every key without losing a row; rows without a value come last both ways', () => {
    for (const key of ['order', 'name', 'state', 'gate', 'plain', 'volatile', 'evidence'] as const)
      for (const descending of [false, true])
        expect(order(key, descending).toSorted()).toEqual(order('order').toSorted());
    expect(order('order', true)).toEqual(order('order').toReversed());
    expect(order('plain')[0]).toBe('fsync');
    expect(order('plain', true)[0]).toBe('fsync');
    expect(order('state')[0]).toBe('umount');
    expect(rows.find(({ operation }) => operation === order('gate').at(-1))?.path.gate).toBe(
      undefined,
    );
  });

  test('sorts by the most that was counted', () => {
    const counted = (operation: string, plain: [number, number]): TableRow[] =>
      rows
        .filter((row) => row.operation === operation)
        .map((row) => ({ ...row, flushes: { plain, volatile: plain } }));
    const two = [...counted('syncfs', [5, 5]), ...counted('fsync', [1, 9])];
    const sorted = (descending: boolean) =>
      sortRows(two, 'plain', descending, names, 'en').map(({ operation }) => operation);
    expect(sorted(false)).toEqual(['syncfs', 'fsync']);
    expect(sorted(true)).toEqual(['fsync', 'syncfs']);
  });
});
