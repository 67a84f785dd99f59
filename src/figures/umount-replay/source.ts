/** Compares two kernel series, `6.8` before `6.12`. */
function older(a: string, b: string): boolean {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor === bMajor ? aMinor < bMinor : aMajor < bMajor;
}

/**
 * The file that holds a function in a series: the newest move that is not later than the series.
 *
 * @param files newest move first; the last entry holds from the beginning
 */
export function sourceFile(
  files: readonly { from: string; file: string }[],
  series: string,
): string | undefined {
  return files.find(({ from }) => !older(series, from))?.file;
}

/** The file in the stable tree at exactly this version, on kernel.org. */
export function sourceAddress(file: string, version: string): string {
  return `https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/${file}?h=v${version}`;
}
