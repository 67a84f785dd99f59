import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * What pages may use and only those import that do, since its styles travel with it: figures, by the
 * name MDX knows them by (the folder `src/figures/dirty-pages` with its `figure.astro` is
 * `<DirtyPages />`), the tables of the lab's page and the lists that reference pages are made of.
 */
export function findFigures(): ReadonlyMap<string, string> {
  return new Map([
    ...globSync('src/figures/*/figure.astro').map(
      (path) => [componentName(basename(dirname(path))), `/${path}`] as const,
    ),
    ...globSync(
      'src/components/mdx/{Lab*,Diagnosis*,Compat*,ContainerdMounts,KernelChanges,Timeline,RiskAvoid,RiskChecklist,Faq,Glossary,ReferenceList,ChangeList}.astro',
    ).map((path) => [basename(path, '.astro'), `/${path}`] as const),
  ]);
}

function componentName(folder: string): string {
  return folder.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
