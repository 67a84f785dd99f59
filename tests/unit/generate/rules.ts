import { loadContainerd, loadKernels } from '../../../src/facts/load.ts';
import { localise, type Locale } from '../../../src/facts/localise.ts';
import type { Answer, Question } from '../../../src/generate/answer.ts';
import { generate, type Rules } from '../../../src/generate/generate.ts';

export const facts = { containerd: loadContainerd(), kernels: loadKernels() };

const byLocale: Record<Locale, Rules> = {
  en: localise(facts, 'en'),
  'zh-cn': localise(facts, 'zh-cn'),
};

/** The answer to a question; what is left out is what the form starts with. */
export function ask(question: Partial<Question>, locale: Locale = 'en'): Answer {
  return generate(
    {
      target: 'containerd',
      runtime: '2.1.9',
      kernel: '6.12',
      nodeReturns: true,
      sharesContainerd: false,
      acceptKnownProblems: false,
      ...question,
    },
    byLocale[locale],
  );
}
