import { loadContainerd, loadKernels, loadTargets } from '../../../src/facts/load.ts';
import { localise, type Locale } from '../../../src/facts/localise.ts';
import type { Answer, Question } from '../../../src/generate/answer.ts';
import { generate } from '../../../src/generate/targets/generate.ts';
import type { Rules } from '../../../src/generate/targets/rules.ts';

export const facts = {
  containerd: loadContainerd(),
  kernels: loadKernels(),
  targets: loadTargets(),
};

export const rulesIn: Record<Locale, Rules> = {
  en: localise(facts, 'en'),
  'zh-cn': localise(facts, 'zh-cn'),
};

/** The answer to a question; what is left out is what the form starts with. */
export function ask(question: Partial<Question>, locale: Locale = 'en'): Answer {
  return generate(
    {
      target: 'containerd',
      platform: '',
      format: '',
      rollout: '',
      runtime: '2.1.9',
      kernel: '6.12',
      nodeReturns: true,
      sharesContainerd: false,
      acceptKnownProblems: false,
      ...question,
    },
    rulesIn[locale],
  );
}

/** Every target with every version worth showing, by hand and by each roll-out. */
export const notable: [name: string, question: Partial<Question>][] = facts.targets.targets.flatMap(
  (row) =>
    (row.notable.length === 0 ? [{}] : row.notable).flatMap(
      (version: { platform?: string | undefined; runtime?: string | undefined }) =>
        ['', ...row.rollouts].map((rollout): [string, Partial<Question>] => [
          [row.id, version.platform, version.runtime, rollout].filter(Boolean).join(' '),
          {
            target: row.id,
            platform: version.platform ?? '',
            runtime: version.runtime ?? '',
            rollout,
          },
        ]),
    ),
);
