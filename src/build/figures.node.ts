import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * The figures pages may use, by the name MDX knows them by: the folder `src/figures/dirty-pages`
 * with its `figure.astro` is `<DirtyPages />`.
 */
export function findFigures(): ReadonlyMap<string, string> {
  return new Map(
    globSync('src/figures/*/figure.astro').map((path) => [
      componentName(basename(dirname(path))),
      `/${path}`,
    ]),
  );
}

function componentName(folder: string): string {
  return folder.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
