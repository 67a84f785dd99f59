import { describe, expect, test } from 'vitest';
import { findByName, findByPath, lineage, walk } from '../../../src/recording/tree.ts';
import type { RecordedCall } from '../../../src/recording/types.ts';

function call(fn: string, start: number, seconds: number, calls?: RecordedCall[]): RecordedCall {
  const own: RecordedCall = { fn, layer: 'vfs', superblock: null, start, seconds };
  return calls === undefined ? own : { ...own, calls };
}

const forest = {
  calls: [
    call('task_work_run', 0, 10, [
      call('sync_filesystem', 1, 8, [
        call('ovl_sync_fs', 1, 1),
        call('sync_blockdev', 2, 0.5),
        call('ovl_sync_fs', 3, 5, [call('sync_filesystem', 4, 3)]),
      ]),
    ]),
    call('task_work_run', 11, 1),
  ],
};

describe('walking a call forest', () => {
  test('gives parents first, with paths that tell siblings of one name apart', () => {
    expect([...walk(forest)].map(({ path, depth }) => [depth, path])).toEqual([
      [0, 'task_work_run'],
      [1, 'task_work_run/sync_filesystem'],
      [2, 'task_work_run/sync_filesystem/ovl_sync_fs'],
      [2, 'task_work_run/sync_filesystem/sync_blockdev'],
      [2, 'task_work_run/sync_filesystem/ovl_sync_fs#2'],
      [3, 'task_work_run/sync_filesystem/ovl_sync_fs#2/sync_filesystem'],
      [0, 'task_work_run#2'],
    ]);
  });

  test('a path leads to its call', () => {
    const inner = findByPath(forest, 'task_work_run/sync_filesystem/ovl_sync_fs#2');
    expect(inner).toMatchObject({ name: 'ovl_sync_fs#2', end: 8, selfSeconds: 2 });
    expect(inner && lineage(inner).map(({ name }) => name)).toEqual([
      'task_work_run',
      'sync_filesystem',
      'ovl_sync_fs#2',
    ]);
    expect(findByPath(forest, 'ovl_sync_fs')).toBeUndefined();
  });

  test('a name leads to all its calls', () => {
    expect(findByName(forest, 'sync_filesystem').map(({ call }) => call.start)).toEqual([1, 4]);
  });

  test('self time leaves out what the calls below took', () => {
    expect([...walk(forest)].map(({ selfSeconds }) => selfSeconds)).toEqual([
      2, 1.5, 1, 0.5, 2, 3, 1,
    ]);
  });
});
