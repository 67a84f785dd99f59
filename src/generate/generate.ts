/** Question in, verdict and configuration out: one function for page, command line and tests. */
import type { Answer, Question } from './answer.ts';
import { answerForContainerd, type ContainerdRules } from './containerd.ts';
import type { KernelRules } from './kernel.ts';

/** The facts in one language, each part as its YAML file has it. */
export interface Rules {
  containerd: ContainerdRules;
  kernels: KernelRules;
}

/** The answer does not depend on anything but its arguments; the same question, the same bytes. */
export function generate(question: Question, rules: Rules): Answer {
  // One target so far; each has its own module and its own facts, and the answer's form in common.
  return answerForContainerd(question, rules.containerd, rules.kernels);
}
