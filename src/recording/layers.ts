import { FUNCTIONS, FUNCTION_PREFIXES, MODULES } from './functions.ts';
import type { Layer, RecordedCall, Superblock } from './types.ts';

const LAYER_OF = new Map<string, Layer>(
  (Object.entries(FUNCTIONS) as [Layer, Record<string, string[]>][]).flatMap(([layer, files]) =>
    Object.values(files).flatMap((names) => names.map((name): [string, Layer] => [name, layer])),
  ),
);

/** A function's name without what the compiler appended: `sync_filesystem.part.0`, `foo.isra.0`. */
export function plainName(fn: string): string {
  return fn.replace(/(?:\.(?:part|isra|constprop|cold)(?:\.\d+)?)+$/, '');
}

/**
 * The layer of a function, by the module it stands in or by its name; undefined where the table in
 * functions.ts does not know it.
 */
export function layerOf(fn: string, module?: string): Layer | undefined {
  if (module !== undefined) return MODULES[module];
  const name = plainName(fn);
  return LAYER_OF.get(name) ?? FUNCTION_PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1];
}

/** A call whose time is known and whose layer is not. */
export interface PlacedCall {
  fn: string;
  module?: string;
  /** Line of the trace, for errors. */
  line: number;
  start: number;
  seconds: number;
  calls: PlacedCall[];
}

/**
 * Which superblock the argument of a system call lies on. The file of an msync is the upper one:
 * a mapping belongs to the real file. umount takes its superblock down later, in task work.
 */
const SUPERBLOCK_OF_SYSCALL: Readonly<Record<string, Superblock>> = {
  __x64_sys_chmod: 'overlay',
  __x64_sys_close: 'overlay',
  __x64_sys_copy_file_range: 'overlay',
  __x64_sys_fallocate: 'overlay',
  __x64_sys_fdatasync: 'overlay',
  __x64_sys_fsync: 'overlay',
  __x64_sys_io_submit: 'overlay',
  __x64_sys_mount: 'overlay',
  __x64_sys_msync: 'upper',
  __x64_sys_openat: 'overlay',
  __x64_sys_pwritev2: 'overlay',
  __x64_sys_splice: 'overlay',
  __x64_sys_sync_file_range: 'overlay',
  __x64_sys_syncfs: 'overlay',
  __x64_sys_write: 'overlay',
};

/** Functions that work on mounts or on every superblock in turn. */
const NO_SUPERBLOCK = new Set([
  '__cleanup_mnt',
  '__iterate_supers',
  'cleanup_mnt',
  'iterate_supers',
  'ksys_sync',
  'path_mount',
  'path_umount',
  'wakeup_flusher_threads',
]);

/** sync(2) calls these once for each superblock of the machine. */
const PER_SUPERBLOCK = new Set(['sync_fs_one_sb', 'sync_inodes_one_sb']);

/**
 * Gives every call its layer and its superblock.
 *
 * The superblock follows from the position. What the system call names lies on the overlay. Below
 * a function of the overlay module everything else works on the file system underneath, the upper
 * superblock: `sync_filesystem` above `ovl_sync_fs` is the overlay's, below it the upper one's.
 * In task work the first mount that goes is the overlay's; the ones after it are the overlay's
 * private mounts of the layers below. sync(2) skips overlays; of the superblocks it visits only
 * the one that does any work is the upper, the rest are neither.
 *
 * @param unknown called for a function that functions.ts does not list; must throw
 */
export function assignLayers(
  roots: readonly PlacedCall[],
  unknown: (call: PlacedCall) => never,
): RecordedCall[] {
  return visitAll(roots, null);

  function visitAll(calls: readonly PlacedCall[], context: Superblock): RecordedCall[] {
    let unmounts = 0;
    return calls.map((call) => {
      if (call.fn === '__cleanup_mnt') {
        unmounts += 1;
        return visit(call, unmounts === 1 ? 'overlay' : 'upper');
      }
      return visit(call, context);
    });
  }

  function visit(call: PlacedCall, context: Superblock): RecordedCall {
    const layer = layerOf(call.fn, call.module) ?? unknown(call);
    const name = plainName(call.fn);
    let own = context;
    let below = context;
    if (layer === 'entry') {
      own = null;
      below = SUPERBLOCK_OF_SYSCALL[name] ?? null;
    } else if (layer === 'overlay') {
      own = 'overlay';
      below = 'upper';
    } else if (layer === 'upper') {
      own = below = 'upper';
    } else if (PER_SUPERBLOCK.has(name)) {
      own = below = doesWork(call) ? 'upper' : null;
    } else if (NO_SUPERBLOCK.has(name)) {
      own = null;
    }
    const recorded: RecordedCall = {
      fn: call.fn,
      ...(call.module === undefined ? {} : { module: call.module }),
      layer,
      superblock: own,
      start: call.start,
      seconds: call.seconds,
    };
    if (call.calls.length > 0) recorded.calls = visitAll(call.calls, below);
    return recorded;
  }
}

/**
 * Whether a visit of sync(2) found a disk behind the superblock: it reached the file system's own
 * code, or went on to wait for pages. Superblocks in memory return from either at once.
 */
function doesWork(visit: PlacedCall): boolean {
  return visit.calls.some(
    (call) => layerOf(call.fn, call.module) === 'upper' || call.calls.length > 0,
  );
}
