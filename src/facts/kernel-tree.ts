/** Where a kernel function stands in the source tree. Small: every figure that links there loads it. */

/** Compares two kernel versions, `6.8` before `6.12` before `6.12.80`. */
function older(a: string, b: string): boolean {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * The file that holds a function in a version: the newest move that is not later.
 *
 * @param files newest move first; the last entry holds from the beginning
 */
export function sourceFile(
  files: readonly { from: string; file: string }[],
  version: string,
): string | undefined {
  return files.find(({ from }) => !older(version, from))?.file;
}

/** The file in the stable tree at exactly this version, on kernel.org. */
export function sourceAddress(file: string, version: string): string {
  return `https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/${file}?h=v${version}`;
}
