import type { Layer } from './types.ts';

/**
 * Which layer a kernel function belongs to, by the source file that defines it. Names are listed
 * one by one, so that a function of a new kernel has to be looked at before it gets a colour.
 * Compiler suffixes (`.part.0`, `.isra.0`) are left off.
 */
export const FUNCTIONS: Readonly<Record<Layer, Readonly<Record<string, readonly string[]>>>> = {
  entry: {
    'arch/x86/entry': [
      'asm_sysvec_apic_timer_interrupt',
      'do_syscall_64',
      'entry_SYSCALL_64_after_hwframe',
      'preempt_schedule_thunk',
    ],
    'kernel/entry/common.c': [
      'exit_to_user_mode_loop',
      'irqentry_exit',
      'exit_to_user_mode_prepare',
      'syscall_exit_to_user_mode',
    ],
    'kernel/softirq.c': ['__local_bh_enable_ip'],
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
    'fs/aio.c': ['aio_write', 'do_io_getevents', 'io_submit_one', 'read_events'],
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
    'io_uring/io_uring.c': ['io_cqring_wait'],
    'kernel/locking/rwsem.c': ['rwsem_down_write_slowpath'],
    'lib/errseq.c': ['errseq_check', 'errseq_check_and_advance'],
  },
  overlay: {},
  // What a file system calls to bring its data in order stands in no module of its own.
  upper: {
    'fs/buffer.c': ['alloc_buffer_head', 'create_empty_buffers', 'folio_alloc_buffers'],
    'fs/ext4/inode.c': ['mpage_map_and_submit_buffers', 'mpage_submit_folio'],
    'fs/iomap/buffered-io.c': ['iomap_file_buffered_write'],
    'lib/crc': ['crc32c'],
  },
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
      '__filemap_get_folio',
      '__filemap_get_folio_mpol',
      'folio_wait_bit_common',
      'generic_perform_write',
      'wait_on_page_bit_common',
    ],
    'mm/folio-compat.c': ['pagecache_get_page'],
    'mm/mempolicy.c': ['alloc_pages_mpol', 'folio_alloc', 'folio_alloc_noprof'],
    'mm/page_alloc.c': [
      '__alloc_frozen_pages_noprof',
      '__alloc_pages',
      'clear_highpages_kasan_tagged',
      'get_page_from_freelist',
    ],
    'mm/slub.c': ['kmem_cache_alloc', 'kmem_cache_alloc_noprof'],
    'arch/x86/lib': ['rep_movs_alternative'],
    'lib/iov_iter.c': ['copy_folio_from_iter_atomic'],
    'kernel/workqueue.c': ['__flush_workqueue'],
    'mm/page-writeback.c': ['do_writepages', 'folio_wait_writeback', 'wait_on_page_writeback'],
    'block/bdev.c': ['sync_blockdev', 'sync_blockdev_nowait'],
    'block/blk-core.c': ['__submit_bio', 'submit_bio_noacct', 'submit_bio_noacct_nocheck'],
    'block/blk-flush.c': ['blkdev_issue_flush'],
    'block/blk-mq.c': ['blk_mq_submit_bio'],
    'block/blk-rq-qos.c': ['__rq_qos_throttle', 'rq_qos_wait'],
    'block/blk-wbt.c': ['wbt_wait'],
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
