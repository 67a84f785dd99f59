/** Reads the model of sync paths from content/facts. For the build, commands and tests. */
import {
  loadFunctions,
  loadKernels,
  loadSyncChains,
  loadSyncPaths,
  loadSyncTools,
} from '../facts/load.ts';
import { localise, type Locale } from '../facts/localise.ts';
import type { ChainStep, Text } from '../facts/schema.ts';
import { kernelsOf } from './kernels.ts';
import type { FunctionFacts, SyncModel, Words } from './types.ts';
import { wordsOf } from './words.ts';

/**
 * The model in one language.
 *
 * @throws Error where a chain names a trunk or a function, or a tool an operation, that no row has
 */
export function loadSyncModel(locale: Locale, folder?: string): SyncModel {
  const operations = loadSyncPaths(folder);
  const chains = loadSyncChains(folder);
  const tools = loadSyncTools(folder);
  const used = functionsIn([
    ...operations.flatMap(({ chain }) => chain),
    ...chains.trunks.flatMap(({ chain }) => chain),
  ]);
  // The gate for metadata goes by this name before the option fsync.
  used.add('ovl_should_sync');
  return {
    kernels: kernelsOf(localise(loadKernels(folder), locale), localise(chains, locale)),
    operations: localise(operations, locale),
    trunks: Object.fromEntries(chains.trunks.map(({ id, chain }) => [id, localise(chain, locale)])),
    functions: functionFacts(used, locale, folder),
    tools: localise(tools, locale),
    words: {
      operations: Object.fromEntries(
        operations.map(({ id, calls, operation, words = [] }) => [
          id,
          wordsIn(calls.map(namesIn), [...words, operation.en, operation['zh-cn']]),
        ]),
      ),
      tools: Object.fromEntries(
        tools.map(({ id, name, words, does }) => [
          id,
          wordsIn([name, ...words], [does.en, does['zh-cn']]),
        ]),
      ),
    },
  };
}

/** A call for the search: its names are the same in every language. */
const namesIn = (call: string | Text): string => (typeof call === 'string' ? call : call.en);

function wordsIn(names: readonly string[], texts: readonly string[]): Words {
  return { names: wordsOf(names.join(' ')), others: wordsOf(texts.join(' ')) };
}

function functionsIn(steps: readonly ChainStep[]): Set<string> {
  return new Set(
    steps.flatMap((step) => {
      if ('gate' in step) return [step.gate];
      if ('fn' in step) return [step.fn, ...(step.waits ?? []).map(({ fn }) => fn)];
      return [];
    }),
  );
}

function functionFacts(
  names: ReadonlySet<string>,
  locale: Locale,
  folder?: string,
): Record<string, FunctionFacts> {
  const known = new Map(loadFunctions(folder).map((row) => [row.name, row]));
  return Object.fromEntries(
    [...names].map((name) => {
      const row = known.get(name);
      if (row === undefined)
        throw new Error(`content/facts/functions.yaml lacks ${name}, which a chain names`);
      const { layer, does, note, file, files = [] } = row;
      return [
        name,
        {
          layer,
          does: does[locale],
          ...(note && { note: note[locale] }),
          files: [...files.toReversed(), { from: '0', file }],
        },
      ];
    }),
  );
}
