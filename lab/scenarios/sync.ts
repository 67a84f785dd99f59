import type { RecordedScenario } from './types.ts';

const onFile = {
  kind: 'recorded',
  args: ['/mnt/m/f'],
  dirtyIn: 'overlay',
} as const;

/** Calls that ask for data to be on the disk. */
export const SYNC: readonly RecordedScenario[] = [
  {
    ...onFile,
    name: 'fsync',
    about: 'fsync of a dirty file',
    id: 'fsync-{mib}',
    operation: 'fsync',
    sizes: 'chosen',
  },
  {
    ...onFile,
    name: 'fdatasync',
    about: 'fdatasync of a dirty file',
    id: 'fdatasync-{mib}',
    operation: 'fdatasync',
    sizes: [16],
  },
  {
    ...onFile,
    name: 'libaio-fsync',
    about: 'fsync of a dirty file through libaio',
    id: 'libaio-fsync-{mib}',
    operation: 'aio_fsync',
    sizes: [16],
    // A worker of the kernel flushes; the process that asked only waits.
    untraced: true,
  },
  {
    ...onFile,
    name: 'fsync-dir',
    about: 'fsync of the directory that holds a new file',
    id: 'fsync-dir-{mib}',
    operation: 'fsync_dir',
    args: ['/mnt/m'],
    sizes: [16],
  },
  {
    ...onFile,
    name: 'syncfs',
    about: 'syncfs on the overlay',
    id: 'syncfs-{mib}',
    operation: 'syncfs',
    args: ['/mnt/m'],
    sizes: 'chosen',
  },
  {
    ...onFile,
    name: 'sync',
    about: 'sync(2), which asks every file system of the machine',
    id: 'sync-{mib}',
    operation: 'sync',
    args: [],
    sizes: 'chosen',
  },
  {
    ...onFile,
    name: 'sync-file-range',
    about: 'sync_file_range over a whole dirty file',
    id: 'sync-file-range-{mib}',
    operation: 'sync_file_range',
    sizes: [16],
  },
  {
    ...onFile,
    name: 'msync',
    about: 'msync(MS_SYNC) of a shared mapping',
    id: 'msync-{mib}',
    operation: 'msync',
    args: ['/mnt/m/s', '{mib}'],
    sizes: [8],
    // The recorded process itself maps the file and dirties it.
    dirtyIn: 'nowhere',
  },
];
