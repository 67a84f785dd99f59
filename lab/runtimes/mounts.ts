/** Reads what programs print of mounts. */

export interface Mount {
  type: string;
  /** In the order in which they were given; directories of an overlay are left out. */
  options: string[];
}

/** Options of an overlay that name its directories: another one in every run. */
const DIRECTORIES = ['lowerdir', 'upperdir', 'workdir'];

/** Without the options that name directories. */
export const withoutDirectories = (options: readonly string[]): string[] =>
  options.filter((option) => !DIRECTORIES.includes(option.split('=')[0] ?? ''));

/** The line of `ctr snapshots mounts`: `mount -t TYPE SOURCE TARGET -o OPTIONS`. */
export function parseMountCommand(printed: string): Mount {
  const match = /^mount -t (\S+) \S+ \S+ -o (\S+)\s*$/m.exec(printed);
  if (match === null) throw new Error(`not a mount command: ${printed.trim()}`);
  const [, type = '', options = ''] = match;
  return { type, options: withoutDirectories(options.split(',')) };
}

/** The mount at a place, from the text of /proc/mounts; the last one there is the one in effect. */
export function mountAt(procMounts: string, place: string): Mount | undefined {
  const line = procMounts
    .split('\n')
    .map((text) => text.split(' '))
    .findLast((fields) => fields.length >= 4 && fields[1] === place);
  if (line === undefined) return undefined;
  const [, , type = '', options = ''] = line;
  return { type, options: withoutDirectories(options.split(',')) };
}

/** Whether a mount skips its syncs, in the spelling of either kernel. */
export const isVolatile = (options: readonly string[]): boolean =>
  options.includes('volatile') || options.includes('fsync=volatile');
