/**
 * One recorded run of one operation, as `content/recordings/<id>.json` holds it.
 *
 * All times are seconds on one clock whose zero is the moment the recorded process entered its
 * operation (`t0_mono` of the recorder's result). Memory is in KiB, as /proc/meminfo counts it.
 */
export interface Recording {
  schema: 1;
  /** `<series>-<filesystem>-<scenario>-<plain|volatile>`; the file's name without `.json`. */
  id: string;
  kernel: RecordedKernel;
  filesystem: string;
  /** What was done, with the parameters that tell it from its siblings: `umount-256-shallow-queue`. */
  scenario: string;
  /** The one system call that was recorded: `umount`, `fsync`, ... */
  operation: string;
  volatile: boolean;
  parameters: RecordedParameters;
  /** Wall time of the operation as its caller saw it. */
  seconds: number;
  returnCode: number;
  errno: number;
  /** Dirty and Writeback of /proc/meminfo before and after the operation, KiB. */
  before: MemoryState;
  after: MemoryState;
  /** What the disk below completed during the operation; absent where nobody counted. */
  device?: DeviceCounts;
  /** The call forest in order of entry; empty where the run was not traced. */
  calls: RecordedCall[];
  /** Kernel stacks seen by the sampler, each leaf first and spelled as /proc/PID/stack prints it. */
  stacks: string[][];
  samples: Sample[];
  provenance: Provenance;
}

export interface RecordedKernel {
  /** `6.12`: what readers choose by. */
  series: string;
  /** `6.12.117`: the upstream version under the package. */
  version: string;
  /** `uname -r`. */
  release: string;
  /** Debian's package version, `6.12.117-1`. */
  package: string;
}

export interface RecordedParameters {
  /** Dirty data prepared before the operation, MiB. */
  dirtyMiB: number;
  /** Write limit of the virtual disk, MB/s (10^6 bytes). */
  diskMBs: number;
  /** Whose files are dirty: this overlay's own, or a neighbour's on the same upper filesystem. */
  dirtyIn: 'overlay' | 'neighbour';
  /** Depth and request size of the block queue where the run changed them. */
  queue?: { requests: number; maxSectorsKiB: number };
}

export interface MemoryState {
  dirtyKiB: number;
  writebackKiB: number;
}

export interface DeviceCounts {
  /** Flush requests: what makes a disk empty its own cache. */
  flushes: number;
  /** Write requests, and sectors of 512 bytes that they held. */
  writes: number;
  sectors: number;
}

/** The part of the kernel a function belongs to; one colour each on the site. */
export type Layer = 'entry' | 'vfs' | 'overlay' | 'upper' | 'block';

/** Which superblock a call works on; null where it works on none or on both. */
export type Superblock = 'overlay' | 'upper' | null;

/**
 * One call. A call is known by its path, the names and sibling ordinals from its root down
 * (see `walk` in tree.ts), never by its name: `sync_filesystem` runs once per superblock.
 */
export interface RecordedCall {
  fn: string;
  /** The kernel module ftrace names behind the function, `overlay`. */
  module?: string;
  layer: Layer;
  superblock: Superblock;
  /** Seconds since the operation began. */
  start: number;
  /** How long the call took, seconds. */
  seconds: number;
  calls?: RecordedCall[];
}

export interface Sample extends MemoryState {
  t: number;
  /** State letter of /proc/PID/stat (`D`, `S`, `R`), `start` before and `done` after the operation. */
  state: string;
  /** Index into `stacks`; absent where the sampler saw none. */
  stack?: number;
}

export interface Provenance {
  /** Command that made the raw files. */
  recordedBy: string;
  /** Kernel command line of the recorded machine. */
  commandLine: string;
  /** Raw files this recording was normalised from, relative to the imported folder. */
  files: string[];
  /** How the machine ran: emulation says that microseconds are not hardware figures. */
  machine: string;
  /** When the run was made (ISO 8601, UTC); absent where it does not say. */
  recordedAt?: string;
  /** What the importer had to decide, in words; empty when nothing. */
  notes: string[];
}
