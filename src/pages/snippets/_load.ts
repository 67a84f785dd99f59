/** The snippets as the facts have them at this moment. */
import { loadContainerd, loadKernels, loadTargets } from '../../facts/load.ts';
import { localise } from '../../facts/localise.ts';
import { compareVersions, factVersion } from '../../facts/version.ts';
import { collectSnippets, type Snippets } from '../../generate/snippets.ts';
import { generate } from '../../generate/targets/generate.ts';

/** In English: files and addresses have no language, and the reasons of the list need one. */
export function loadSnippets(): Snippets {
  const rules = localise(
    { containerd: loadContainerd(), kernels: loadKernels(), targets: loadTargets() },
    'en',
  );
  const newest = rules.kernels.series
    .map(({ id }) => id)
    .reduce((a, b) => (compareVersions(factVersion(a), factVersion(b)) >= 0 ? a : b));
  return collectSnippets(rules, { newest, minimum: rules.kernels.minimum.version }, (question) =>
    generate(question, rules),
  );
}
