import type { Question } from '../../generate/answer.ts';
import { decode, flag, oneOf, pattern, type Problem, type Schema } from '../../share/codec.ts';

export interface ConfigureLink {
  /** An id of targets.yaml. */
  target: string;
  /** The version of what carries the runtime, where the target asks for it: `1.36.1+k3s1`. */
  platform: string;
  /** The runtime's version as it was typed: `2.1.9`, `1.7.24~ds1-6`, `containerd://1.7.24`. */
  runtime: string;
  /** A kernel version or a whole `uname -r`. */
  kernel: string;
  /** The version that the node's configuration file states; `new` for none yet. */
  format: 'new' | '1' | '2' | '3' | '4';
  /** How it reaches many nodes, an id of the target's roll-outs; '' for one node by hand. */
  rollout: string;
  /** What becomes of the node after a crash. */
  node: 'returns' | 'discarded';
  /** Whether Docker, nerdctl or BuildKit use the same containerd. */
  shared: boolean;
  /** Whether the reader takes the known problem of this version. */
  accept: boolean;
}

/** What a link without a target asks about. */
export const FIRST_TARGET = 'containerd';

/**
 * `/configure/?runtime=1.7.24&kernel=5.15.0-1051-aws&node=discarded#configure`. Defaults may not
 * change, published links leave them out; these two versions were run by the lab. A link to another
 * target always carries its versions: which of them a form starts with there may change.
 *
 * @param targets ids of all targets
 */
export function linkSchema(target: string, targets: readonly string[]): Schema<ConfigureLink> {
  const version = target === FIRST_TARGET ? '2.1.9' : '';
  return {
    target: oneOf(targets, FIRST_TARGET),
    platform: pattern(/v?\d[\w.+~-]{0,60}/, ''),
    runtime: pattern(/(?:(?:containerd|cri-o):\/\/)?v?\d[\w.+~-]{0,60}/, version),
    kernel: pattern(/\d[\w.+~-]{0,100}/, '6.12'),
    format: oneOf(['new', '1', '2', '3', '4'], 'new'),
    rollout: pattern(/[a-z][a-z-]{0,30}/, ''),
    node: oneOf(['returns', 'discarded'], 'returns'),
    shared: flag(false),
    accept: flag(false),
  };
}

/** The query of a page, read with the keys of the target it names. */
export function readLink(
  search: string,
  targets: readonly string[],
): { state: ConfigureLink; problems: Problem[] } {
  const { target } = decode(linkSchema(FIRST_TARGET, targets), search).state;
  return decode(linkSchema(target, targets), search);
}

/** The question that a link asks. */
export function questionOf(link: ConfigureLink): Question {
  return {
    target: link.target,
    platform: link.platform,
    runtime: link.runtime,
    kernel: link.kernel,
    format: link.format,
    rollout: link.rollout,
    nodeReturns: link.node === 'returns',
    sharesContainerd: link.shared,
    acceptKnownProblems: link.accept,
  };
}
