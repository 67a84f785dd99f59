/** The committed evidence carries every claim, and carries none that is turned around. */
import { expect, describe, test } from 'vitest';
import { disagreements } from '../../../src/evidence/agreement.ts';
import { loadClaims, loadEvidence } from '../../../src/evidence/claims.node.ts';
import { judge } from '../../../src/evidence/judge.ts';
import { sentence } from '../../../src/evidence/wording.ts';
import { locales } from '../../../src/i18n.ts';
import { loadRecordings } from '../../../src/recording/load.ts';
import { turnAround } from './made-up.ts';

const evidence = await loadEvidence();

describe.each(loadClaims())('$id', (claim) => {
  const judgement = judge(claim, evidence);

  test('is carried by the evidence', () => {
    expect(judgement.reasons).toEqual([]);
    expect(judgement.outcome).toBe('holds');
  });

  test.each(claim.observe.map((observation, index) => ({ index, observation })))(
    'fails with observation $index turned around',
    ({ index, observation }) => {
      const observe = claim.observe.with(index, turnAround(observation));
      expect(judge({ ...claim, observe }, evidence).outcome).toBe('fails');
    },
  );

  test.each(locales)('can be said in %s', (locale) => {
    expect(sentence(judgement, locale)).not.toMatch(/[{}]/);
  });
});

test('the recordings and what was measured say the same', async () => {
  expect(disagreements(evidence.measured, await loadRecordings())).toEqual([]);
});
