import type { Layer } from './types.ts';

/**
 * Which layer a kernel function belongs to, by the source file that defines it. Names are listed
 * one by one, so that a function of a new kernel has to be looked at before it gets a colour.
 * Compiler suffixes (`.part.0`, `.isra.0`) are left off.
 */
export const FUNCTIONS: Readonly<Record<Layer, Readonly<Record<string, readonly string[]>>>> = {
  entry: {
    'arch/x86/entry': ['entry_SYSCALL_64_after_hwframe', 'do_syscall_64'],
    'kernel/entry/common.c': [
      'exit_to_user_mode_loop',
      'exit_to_user_mode_prepare',
      'syscall_exit_to_user_mode',
    ],
    'kernel/task_work.c': ['task_work_run'],
  },
  vfs: {
    'fs/namespace.c': [
      '__cleanup_mnt',
      'cleanup_mnt',
      'do_mount',
      'do_remount',
      'do_umount',
      'ksys_umount',
      'path_mount',
      'path_umount',
    ],
    'fs/super.c': [
      '__iterate_supers',
      'deactivate_locked_super',
      'deactivate_super',
      'generic_shutdown_super',
      'iterate_supers',
      'kill_anon_super',
      'reconfigure_super',
    ],
    'fs/fs_context.c': ['legacy_reconfigure'],
    'fs/sync.c': [
      '__sync_filesystem',
      '_sync_filesystem',
      'do_fsync',
      'ksys_sync',
      'ksys_sync_file_range',
      'sync_file_range',
      'sync_filesystem',
      'sync_fs_one_sb',
      'sync_inodes_one_sb',
      'vfs_fsync',
      'vfs_fsync_range',
    ],
    'fs/inode.c': ['evict_inodes'],
    'fs/dcache.c': ['shrink_dcache_for_umount'],
    'fs/read_write.c': [
      'do_iter_readv_writev',
      'do_iter_write',
      'do_pwritev',
      'ksys_write',
      'new_sync_write',
      'vfs_copy_file_range',
      'vfs_iocb_iter_write',
      'vfs_iter_write',
      'vfs_write',
      'vfs_writev',
    ],
    'fs/backing-file.c': ['backing_file_splice_write', 'backing_file_write_iter'],
    'fs/aio.c': ['aio_write', 'io_submit_one'],
    'fs/open.c': ['do_dentry_open', 'do_sys_open', 'do_sys_openat2', 'vfs_open'],
    'fs/namei.c': ['do_file_open', 'do_filp_open', 'do_open', 'path_openat'],
    'fs/splice.c': [
      'direct_splice_actor',
      'do_splice_direct',
      'iter_file_splice_write',
      'splice_direct_to_actor',
    ],
    'fs/remap_range.c': ['do_clone_file_range', 'vfs_clone_file_range'],
    'include/linux/fs.h': ['generic_write_sync'],
    'lib/errseq.c': ['errseq_check', 'errseq_check_and_advance'],
  },
  overlay: {},
  upper: {},
  block: {
    'fs/fs-writeback.c': [
      '__writeback_inodes_sb_nr',
      'sync_inodes_sb',
      'wait_sb_inodes',
      'wakeup_flusher_threads',
      'wb_wait_for_completion',
      'writeback_inodes_sb',
    ],
    'mm/filemap.c': [
      '__filemap_fdatawait_range',
      '__filemap_fdatawrite_range',
      'file_fdatawait_range',
      'file_write_and_wait_range',
      'filemap_fdatawait_keep_errors',
      'filemap_fdatawait_range',
      'filemap_fdatawrite_range',
      'filemap_fdatawrite_wbc',
      'filemap_flush_range',
      'filemap_writeback',
      'folio_wait_bit_common',
      'wait_on_page_bit_common',
    ],
    'mm/page-writeback.c': ['do_writepages', 'folio_wait_writeback', 'wait_on_page_writeback'],
    'block/bdev.c': ['sync_blockdev', 'sync_blockdev_nowait'],
    'block/blk-flush.c': ['blkdev_issue_flush'],
  },
};

/** Whole families of names: one file system or one entry convention each. */
export const FUNCTION_PREFIXES: readonly (readonly [prefix: string, layer: Layer])[] = [
  ['__x64_sys_', 'entry'],
  ['__do_sys_', 'entry'],
  ['ext4_', 'upper'],
  ['jbd2_', 'upper'],
  ['btrfs_', 'upper'],
  ['xfs_', 'upper'],
  ['xlog_', 'upper'],
];

/** Modules that are one layer as a whole. */
export const MODULES: Readonly<Record<string, Layer>> = {
  overlay: 'overlay',
  ext4: 'upper',
  jbd2: 'upper',
  btrfs: 'upper',
  xfs: 'upper',
};
