/**
 * Whole files, to be read as text when they change: each tests/golden/merge/<name>.toml with what
 * the merge makes of it. `npx vitest run tests/unit/generate/merge-golden.test.ts --update`.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { inWords, merge } from './merge-help.ts';

const files = globSync('tests/golden/merge/*.toml').sort();

test.each(files.flatMap((file) => ['1.7.24', '2.1.9'].map((runtime) => ({ file, runtime }))))(
  '$file on $runtime',
  async ({ file, runtime }) => {
    const { text, outcome, changes, warnings } = merge(readFileSync(file, 'utf8'), {
      runtime,
      imagePullWithSyncFs: true,
    });
    const shown = [
      `outcome: ${outcome}`,
      ...changes.flatMap(({ line, before, after, why }) => [
        `line ${String(line)}, ${why}:`,
        ...(before === undefined ? [] : [`  - ${before}`]),
        ...(after === undefined ? [] : [`  + ${after}`]),
      ]),
      ...warnings.map((one) => {
        const { id, text: says, way } = inWords(one);
        return `warning ${id}: ${says} ${way}`;
      }),
      '-----',
      text.replaceAll('\r', '^M'),
      '-----',
      '',
    ].join('\n');
    await expect(shown).toMatchFileSnapshot(
      `../../golden/merge/${basename(file, '.toml')}.${runtime}.txt`,
    );
  },
);
