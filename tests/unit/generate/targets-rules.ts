import { loadContainerd, loadKernels, loadTargets } from '../../../src/facts/load.ts';
import { localise, type Locale } from '../../../src/facts/localise.ts';
import { answerForTarget } from '../../../src/generate/targets/targets.ts';
import type {
  TargetAnswer,
  TargetQuestion,
  TargetRules,
} from '../../../src/generate/targets/types.ts';

export const facts = {
  containerd: loadContainerd(),
  kernels: loadKernels(),
  targets: loadTargets(),
};

export const rulesIn: Record<Locale, TargetRules> = {
  en: localise(facts, 'en'),
  'zh-cn': localise(facts, 'zh-cn'),
};

/** The answer of a target; what is left out is what a form would start with. */
export function askTarget(question: Partial<TargetQuestion>, locale: Locale = 'en'): TargetAnswer {
  return answerForTarget(
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
export const notable: [name: string, question: Partial<TargetQuestion>][] =
  facts.targets.targets.flatMap((row) =>
    (row.notable.length === 0 ? [{}] : row.notable).flatMap(
      (version: { platform?: string | undefined; runtime?: string | undefined }) =>
        ['', ...row.rollouts].map((rollout): [string, Partial<TargetQuestion>] => [
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
