import type { Question } from '../../generate/answer.ts';
import { flag, oneOf, pattern, type Schema } from '../../share/codec.ts';

export interface ConfigureLink {
  /** The runtime's version as it was typed: `2.1.9`, `1.7.24~ds1-6`, `containerd://1.7.24`. */
  runtime: string;
  /** A kernel version or a whole `uname -r`. */
  kernel: string;
  /** What becomes of the node after a crash. */
  node: 'returns' | 'discarded';
  /** Whether Docker, nerdctl or BuildKit use the same containerd. */
  shared: boolean;
  /** Whether the reader takes the known problem of this version. */
  accept: boolean;
}

/**
 * `/configure/?runtime=1.7.24&kernel=5.15.0-1051-aws&node=discarded#configure`. Defaults may not
 * change, published links leave them out; these two were run by the lab.
 */
export const configureLink: Schema<ConfigureLink> = {
  runtime: pattern(/(?:containerd:\/\/)?v?\d[\w.+~-]{0,60}/, '2.1.9'),
  kernel: pattern(/\d[\w.+~-]{0,100}/, '6.12'),
  node: oneOf(['returns', 'discarded'], 'returns'),
  shared: flag(false),
  accept: flag(false),
};

/** The question that a link asks. */
export function questionOf(link: ConfigureLink): Question {
  return {
    target: 'containerd',
    platform: '',
    format: '',
    rollout: '',
    runtime: link.runtime,
    kernel: link.kernel,
    nodeReturns: link.node === 'returns',
    sharesContainerd: link.shared,
    acceptKnownProblems: link.accept,
  };
}
