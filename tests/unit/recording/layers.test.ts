import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { assignLayers, layerOf, type PlacedCall } from '../../../src/recording/layers.ts';
import { walk } from '../../../src/recording/tree.ts';

/** A forest from names and nesting, `[overlay]` behind those of the module. */
function forest(lines: string): PlacedCall[] {
  const roots: PlacedCall[] = [];
  const open: PlacedCall[] = [];
  for (const [index, line] of lines
    .split('\n')
    .filter((text) => text.trim() !== '')
    .entries()) {
    const depth = line.search(/\S/) / 2;
    const [, fn = '', module] = /^(\S+)(?: \[(\w+)\])?$/.exec(line.trim()) ?? [];
    const call: PlacedCall = { fn, line: index + 1, start: 0, seconds: 0, calls: [] };
    if (module !== undefined) call.module = module;
    open.length = depth;
    (open.at(-1)?.calls ?? roots).push(call);
    open.push(call);
  }
  return roots;
}

const never = (call: PlacedCall): never => {
  throw new Error(`line ${call.line}: ${call.fn}`);
};

/** `path: layer superblock` of every call. */
function assigned(lines: string): string[] {
  const calls = assignLayers(forest(lines), never);
  return [...walk({ calls })].map(
    ({ path, call }) =>
      `${path.split('/').slice(-2).join('/')}: ${call.layer} ${call.superblock ?? '-'}`,
  );
}

describe('superblocks follow from the position', () => {
  test('umount: the overlay above ovl_sync_fs, the upper file system below it', () => {
    expect(
      assigned(`
__x64_sys_umount
  path_umount
task_work_run
  __cleanup_mnt
    cleanup_mnt
      deactivate_super
        sync_filesystem
          writeback_inodes_sb
          ovl_sync_fs [overlay]
            ovl_sync_status [overlay]
            sync_filesystem
              sync_inodes_sb
              ext4_sync_fs
          sync_inodes_sb
  __cleanup_mnt
    cleanup_mnt
      deactivate_super`),
    ).toEqual([
      '__x64_sys_umount: entry -',
      '__x64_sys_umount/path_umount: vfs -',
      'task_work_run: entry -',
      'task_work_run/__cleanup_mnt: vfs -',
      '__cleanup_mnt/cleanup_mnt: vfs -',
      'cleanup_mnt/deactivate_super: vfs overlay',
      'deactivate_super/sync_filesystem: vfs overlay',
      'sync_filesystem/writeback_inodes_sb: block overlay',
      'sync_filesystem/ovl_sync_fs: overlay overlay',
      'ovl_sync_fs/ovl_sync_status: overlay overlay',
      'ovl_sync_fs/sync_filesystem: vfs upper',
      'sync_filesystem/sync_inodes_sb: block upper',
      'sync_filesystem/ext4_sync_fs: upper upper',
      'sync_filesystem/sync_inodes_sb: block overlay',
      'task_work_run/__cleanup_mnt#2: vfs -',
      '__cleanup_mnt#2/cleanup_mnt: vfs -',
      'cleanup_mnt/deactivate_super: vfs upper',
    ]);
  });

  test('fsync, and remount on old kernels', () => {
    expect(
      assigned(`
__x64_sys_fsync
  vfs_fsync_range
    ovl_fsync [overlay]
      vfs_fsync_range
__x64_sys_mount
  path_mount
    legacy_reconfigure
      ovl_remount [overlay]
        sync_filesystem
          sync_blockdev`),
    ).toEqual([
      '__x64_sys_fsync: entry -',
      '__x64_sys_fsync/vfs_fsync_range: vfs overlay',
      'vfs_fsync_range/ovl_fsync: overlay overlay',
      'ovl_fsync/vfs_fsync_range: vfs upper',
      '__x64_sys_mount: entry -',
      '__x64_sys_mount/path_mount: vfs -',
      'path_mount/legacy_reconfigure: vfs overlay',
      'legacy_reconfigure/ovl_remount: overlay overlay',
      'ovl_remount/sync_filesystem: vfs upper',
      'sync_filesystem/sync_blockdev: block upper',
    ]);
  });

  test('a write crosses below ovl_write_iter; what calls back into the overlay is the overlay', () => {
    expect(
      assigned(`
__x64_sys_write
  vfs_write
    ovl_write_iter [overlay]
      backing_file_write_iter
        ext4_file_write_iter
          vfs_fsync_range
          ovl_d_real [overlay]`),
    ).toEqual([
      '__x64_sys_write: entry -',
      '__x64_sys_write/vfs_write: vfs overlay',
      'vfs_write/ovl_write_iter: overlay overlay',
      'ovl_write_iter/backing_file_write_iter: vfs upper',
      'backing_file_write_iter/ext4_file_write_iter: upper upper',
      'ext4_file_write_iter/vfs_fsync_range: vfs upper',
      'ext4_file_write_iter/ovl_d_real: overlay overlay',
    ]);
  });

  test('msync works on the real file; sync_file_range on the overlay, where no page is', () => {
    expect(
      assigned(`
__x64_sys_msync
  vfs_fsync_range
__x64_sys_sync_file_range
  sync_file_range
    file_fdatawait_range`),
    ).toEqual([
      '__x64_sys_msync: entry -',
      '__x64_sys_msync/vfs_fsync_range: vfs upper',
      '__x64_sys_sync_file_range: entry -',
      '__x64_sys_sync_file_range/sync_file_range: vfs overlay',
      'sync_file_range/file_fdatawait_range: block overlay',
    ]);
  });

  test('of the superblocks that sync visits only the one with work to do is the upper', () => {
    expect(
      assigned(`
ksys_sync
  iterate_supers
    sync_inodes_one_sb
      sync_inodes_sb
    sync_inodes_one_sb
      sync_inodes_sb
        wb_wait_for_completion
  iterate_supers
    sync_fs_one_sb
    sync_fs_one_sb
      ext4_sync_fs`),
    ).toEqual([
      'ksys_sync: vfs -',
      'ksys_sync/iterate_supers: vfs -',
      'iterate_supers/sync_inodes_one_sb: vfs -',
      'sync_inodes_one_sb/sync_inodes_sb: block -',
      'iterate_supers/sync_inodes_one_sb#2: vfs upper',
      'sync_inodes_one_sb#2/sync_inodes_sb: block upper',
      'sync_inodes_sb/wb_wait_for_completion: block upper',
      'ksys_sync/iterate_supers#2: vfs -',
      'iterate_supers#2/sync_fs_one_sb: vfs -',
      'iterate_supers#2/sync_fs_one_sb#2: vfs upper',
      'sync_fs_one_sb#2/ext4_sync_fs: upper upper',
    ]);
  });
});

describe('layers', () => {
  test.each([
    ['sync_filesystem.part.0', undefined, 'vfs'],
    ['ovl_set_attr.part.0', 'overlay', 'overlay'],
    ['xfs_fs_sync_fs', 'xfs', 'upper'],
    ['ext4_sync_fs', undefined, 'upper'],
    ['writeback_inodes_sb', undefined, 'block'],
    ['__x64_sys_umount', undefined, 'entry'],
    ['brand_new_function', undefined, undefined],
    ['anything', 'unheard_of', undefined],
    // A name alone does not make a function part of the overlay.
    ['ovl_sync_fs', undefined, undefined],
  ])('%s of module %s: %s', (fn, module, layer) => {
    expect(layerOf(fn, module)).toBe(layer);
  });

  test('an unknown function is reported with its line', () => {
    expect(() => assignLayers(forest('task_work_run\n  brand_new_function'), never)).toThrow(
      'line 2: brand_new_function',
    );
  });

  test('are the ones that the facts about functions give', async () => {
    const file = new URL('../../../content/facts/functions.yaml', import.meta.url);
    const rows = parse(await readFile(file, 'utf8')) as { name: string; layer: string }[];
    for (const { name, layer } of rows) {
      expect([name, layerOf(name, name.startsWith('ovl_') ? 'overlay' : undefined)]).toEqual([
        name,
        layer,
      ]);
    }
  });
});
