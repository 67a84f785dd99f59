import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localise, type Locale } from '../../../src/facts/localise.ts';
import { loadRemarks } from '../../../src/generate/merge/load.ts';
import { mergeContainerd, type Merged, type Wanted } from '../../../src/generate/merge/merge.ts';
import type { Remark } from '../../../src/generate/merge/recognise.ts';
import type { MergeRules } from '../../../src/generate/merge/rules.ts';
import { say, type Said } from '../../../src/generate/merge/words.ts';
import { facts } from './rules.ts';

export const remarks = loadRemarks();
export const rules: MergeRules = { ...facts, remarks };

/** The merge of the option alone into a file of containerd 2.1.9, but for what is said. */
export function merge(existing: string, wanted: Partial<Wanted> = {}): Merged {
  return mergeContainerd(existing, { options: ['volatile'], runtime: '2.1.9', ...wanted }, rules);
}

export function inWords(remark: Remark, locale: Locale = 'en'): Said {
  return say(remark, localise(remarks, locale));
}

/** Real configurations beside the repository; none where there are none. */
const folder = join(import.meta.dirname, '../../../../shared/corpus/configs');
export const corpus: readonly { name: string; text: string }[] = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.toml'))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
  : [];
export const noCorpus = corpus.length === 0 ? 'no ../shared/corpus/configs here' : undefined;
if (noCorpus !== undefined) process.stderr.write(`skipped, real configurations: ${noCorpus}\n`);
