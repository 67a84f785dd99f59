/** How long a disk needs for dirty memory, and how much of it a machine lets build up. */

/** Bytes of a MiB over bytes of a MB: memory is counted in the first, disks in the second. */
const MIB_IN_MB = 1.048576;

/**
 * Seconds a disk needs to write dirty memory, when nothing else keeps it busy.
 *
 * @param mib dirty memory, MiB
 * @param megabytesPerSecond sustained write rate, MB/s (10^6 bytes), above 0
 * @throws {RangeError} for a rate that never ends
 */
export function secondsToWrite(mib: number, megabytesPerSecond: number): number {
  if (!(megabytesPerSecond > 0))
    throw new RangeError(`a disk that writes ${String(megabytesPerSecond)} MB/s never ends`);
  return (mib * MIB_IN_MB) / megabytesPerSecond;
}

/** Shares of available memory, percent: the kernel's vm.dirty_background_ratio and vm.dirty_ratio. */
export interface DirtyLimits {
  background: number;
  ratio: number;
}

/**
 * Dirty memory that one machine can hold, MiB: from `background` on the kernel writes by itself, at
 * `ratio` it slows down whoever writes. Both are shares of available memory, so the memory of the
 * machine gives an upper bound.
 */
export function dirtyBounds(
  memoryGiB: number,
  limits: DirtyLimits,
): { background: number; ratio: number } {
  const mib = memoryGiB * 1024;
  return { background: (mib * limits.background) / 100, ratio: (mib * limits.ratio) / 100 };
}
