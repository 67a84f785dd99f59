import type { RecordedScenario } from './types.ts';

const oneWrite = {
  kind: 'recorded',
  args: ['/mnt/m/s', '{mib}'],
  sizes: [8],
  dirtyIn: 'nowhere',
} as const;

const copyUp = {
  kind: 'recorded',
  args: ['/mnt/m/big'],
  sizes: [16],
  dirtyIn: 'nowhere',
  lower: 'memory',
  leftOut: 'the same calls for every page that is copied',
} as const;

/** A directory has no data: only its owner, mode and times are copied. */
const copyUpDirectory = {
  kind: 'recorded',
  operation: 'chmod',
  args: ['/mnt/m/sub'],
  sizes: [1],
  dirtyIn: 'nowhere',
  lower: 'memory',
} as const;

/** Writes that promise to be on the disk when they return, and copies of a lower file. */
export const WRITE: readonly RecordedScenario[] = [
  {
    ...oneWrite,
    name: 'write-osync',
    about: 'one write on an O_SYNC descriptor',
    id: 'write-osync-{mib}',
    operation: 'write_osync',
  },
  {
    ...oneWrite,
    name: 'write-odsync',
    about: 'one write on an O_DSYNC descriptor',
    id: 'write-odsync-{mib}',
    operation: 'write_odsync',
  },
  {
    ...oneWrite,
    name: 'pwritev2-rwf-sync',
    about: 'one pwritev2 with RWF_SYNC on an ordinary descriptor',
    id: 'pwritev2-rwf-sync-{mib}',
    operation: 'rwf_sync',
  },
  {
    ...oneWrite,
    name: 'pwritev2-rwf-dsync',
    about: 'one pwritev2 with RWF_DSYNC on an ordinary descriptor',
    id: 'pwritev2-rwf-dsync-{mib}',
    operation: 'rwf_dsync',
  },
  {
    ...oneWrite,
    name: 'libaio-osync',
    about: 'one libaio write on an O_SYNC descriptor',
    id: 'libaio-osync-{mib}',
    operation: 'aio_osync',
  },
  {
    ...oneWrite,
    name: 'io-uring-osync',
    about: 'one io_uring write on an O_SYNC descriptor',
    id: 'io-uring-osync-{mib}',
    operation: 'uring_osync',
    // A thread of the kernel writes; the process that asked only waits.
    untraced: true,
  },
  {
    ...oneWrite,
    name: 'copy-file-range-osync',
    about: 'one copy_file_range into an O_SYNC descriptor',
    id: 'copy-file-range-osync-{mib}',
    operation: 'copy_file_range',
    args: ['/mnt/m/big', '/mnt/m/s'],
    lower: 'disk',
    leftOut: 'the same calls for every page that is copied',
  },
  {
    ...oneWrite,
    name: 'splice-osync',
    about: 'one splice from a pipe into an O_SYNC descriptor',
    id: 'splice-osync-{mib}',
    operation: 'splice',
    sizes: [1],
    leftOut: 'the same calls for every page that is copied',
  },
  {
    ...oneWrite,
    name: 'fallocate-osync',
    about: 'fallocate on an O_SYNC descriptor',
    id: 'fallocate-osync-{mib}',
    operation: 'fallocate',
  },
  {
    ...copyUp,
    name: 'copy-up-append',
    about: 'copy-up of a lower file that is opened for appending',
    id: 'copy-up-append-{mib}',
    operation: 'append',
  },
  {
    ...copyUp,
    name: 'copy-up-chmod',
    about: 'copy-up of a lower file by chmod',
    id: 'copy-up-chmod-{mib}',
    operation: 'chmod',
  },
  {
    ...copyUp,
    name: 'copy-up-reflink',
    about: 'the same copy-up where both layers share a disk whose file system can share blocks',
    id: 'copy-up-reflink-{mib}',
    operation: 'append',
    lower: 'disk',
    filesystems: ['xfs', 'btrfs'],
  },
  {
    ...copyUpDirectory,
    name: 'copy-up-directory',
    about: 'copy-up of a lower directory by chmod',
    id: 'copy-up-directory',
  },
  {
    ...copyUpDirectory,
    name: 'copy-up-directory-strict',
    about: 'the same with fsync=strict, against fsync=volatile',
    id: 'copy-up-directory-strict',
    options: { plain: 'fsync=strict', volatile: 'fsync=volatile' },
    // Debian's 6.12 is newer than 6.12.80, which brought the option.
    since: '6.12',
  },
];
