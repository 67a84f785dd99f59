/**
 * What the guest traces beside all of the overlay module: the calls that take an operation from
 * its system call through the VFS and the upper file system to write-back. Names that a kernel
 * does not have are passed over. src/recording/functions.ts knows the layer of each.
 */
export const TRACED: readonly string[] = [
  // system calls
  ...[
    'chmod close copy_file_range fallocate fdatasync fsync io_submit io_uring_enter mount msync',
    'openat pwritev2 splice sync sync_file_range syncfs umount write',
  ]
    .join(' ')
    .split(' ')
    .map((call) => `__x64_sys_${call}`),
  '__do_sys_msync',
  '__do_sys_syncfs',
  'task_work_run',

  // mounts and superblocks
  '__cleanup_mnt',
  'cleanup_mnt',
  'deactivate_locked_super',
  'deactivate_super',
  'do_mount',
  'do_remount',
  'do_umount',
  'evict_inodes',
  'generic_shutdown_super',
  'kill_anon_super',
  'ksys_umount',
  'legacy_reconfigure',
  'path_mount',
  'path_umount',
  'reconfigure_super',
  'shrink_dcache_for_umount',

  // sync
  '__iterate_supers',
  '__sync_filesystem',
  '_sync_filesystem',
  'do_fsync',
  'errseq_check',
  'errseq_check_and_advance',
  'iterate_supers',
  'ksys_sync',
  'ksys_sync_file_range',
  'sync_file_range',
  'sync_filesystem',
  'sync_fs_one_sb',
  'sync_inodes_one_sb',
  'vfs_fsync',
  'vfs_fsync_range',

  // opening and writing
  'aio_write',
  'backing_file_splice_write',
  'backing_file_write_iter',
  'do_clone_file_range',
  'do_dentry_open',
  'do_filp_open',
  'do_iter_readv_writev',
  'do_iter_write',
  'do_open',
  'do_pwritev',
  'do_splice_direct',
  'do_sys_open',
  'do_sys_openat2',
  'generic_write_sync',
  'io_submit_one',
  'ksys_write',
  'new_sync_write',
  'path_openat',
  'splice_direct_to_actor',
  'vfs_clone_file_range',
  'vfs_copy_file_range',
  'vfs_iocb_iter_write',
  'vfs_iter_write',
  'vfs_open',
  'vfs_write',

  // write-back
  '__filemap_fdatawait_range',
  '__filemap_fdatawrite_range',
  '__writeback_inodes_sb_nr',
  'blkdev_issue_flush',
  'do_writepages',
  'file_fdatawait_range',
  'file_write_and_wait_range',
  'filemap_fdatawait_keep_errors',
  'filemap_fdatawait_range',
  'filemap_fdatawrite_range',
  'filemap_fdatawrite_wbc',
  'filemap_flush_range',
  'filemap_writeback',
  'sync_blockdev',
  'sync_blockdev_nowait',
  'sync_inodes_sb',
  'wait_sb_inodes',
  'wakeup_flusher_threads',
  'wb_wait_for_completion',
  'writeback_inodes_sb',

  // ext4 and its journal
  'ext4_buffered_write_iter',
  'ext4_fallocate',
  'ext4_fc_commit',
  'ext4_file_write_iter',
  'ext4_fsync_journal',
  'ext4_sync_file',
  'ext4_sync_fs',
  'ext4_writepages',
  'jbd2_complete_transaction',
  'jbd2_journal_start_commit',
  'jbd2_log_wait_commit',
  'jbd2_trans_will_send_data_barrier',

  // xfs
  'xfs_file_fallocate',
  'xfs_file_fsync',
  'xfs_fs_sync_fs',
  'xfs_log_force',

  // btrfs
  'btrfs_commit_transaction',
  'btrfs_do_write_iter',
  'btrfs_fallocate',
  'btrfs_file_write_iter',
  'btrfs_start_delalloc_roots',
  'btrfs_sync_file',
  'btrfs_sync_fs',
  'btrfs_sync_log',
  'btrfs_wait_ordered_range',
  'btrfs_wait_ordered_roots',
];
