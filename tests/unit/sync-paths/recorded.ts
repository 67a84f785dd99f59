/** Holds the steps of a path against a recording: what is not as the model says. */
import { SCENARIOS } from '../../../lab/scenarios/index.ts';
import { TRACED } from '../../../lab/traced-functions.ts';
import { plainName } from '../../../src/recording/layers.ts';
import { walk, type CallNode } from '../../../src/recording/tree.ts';
import type { Recording } from '../../../src/recording/types.ts';
import type { Path, PathStep } from '../../../src/sync-paths/types.ts';

/** What `npm run lab -- --scenario` chooses a recording's scenario by. */
export function chosenBy({ scenario }: Pick<Recording, 'scenario'>): string | undefined {
  return SCENARIOS.find(
    (each) =>
      each.kind === 'recorded' &&
      new RegExp(`^${each.id.replaceAll('{mib}', '\\d+')}$`).test(scenario),
  )?.name;
}

const traced = new Set(TRACED);

/** Whether the lab's tracer sees calls of it: all of the overlay module, and a list of others. */
export const isTraceable = ({
  name,
  layer,
  file,
}: Pick<PathStep, 'name' | 'layer' | 'file'>): boolean =>
  !file.endsWith('.h') && (layer === 'overlay' || traced.has(name));

/** The functions of a stack, leaf first. */
const framesOf = (stack: readonly string[]): string[] =>
  stack.map((frame) => plainName(/(?:\[<0>\] )?([\w.]+)/.exec(frame)?.[1] ?? ''));

/**
 * What a recording does not show as the path has it, one sentence each.
 *
 * Traceable steps must stand in the call forest directly inside one another from a root on: a call
 * between them would be a step that the model lacks, and a step that the model calls inlined would
 * be one. Steps behind a gate that stops must not occur at all. Entry code is not traced: it must
 * stand in the sampled stacks instead.
 */
export function faults(path: Path, recording: Recording): string[] {
  const found: string[] = [];
  const nodes = [...walk(recording)];
  const is = (node: CallNode, step: PathStep): boolean =>
    plainName(node.call.fn) === step.name &&
    (step.superblock === null || node.call.superblock === step.superblock);

  // Every way down the forest that fits so far: sync(2) visits many superblocks.
  let at: (CallNode | undefined)[] = [undefined];
  let last = 'the operation';
  for (const step of path.steps) {
    if (step.state === 'not-reached') {
      if (isTraceable(step) && nodes.some((node) => is(node, step)))
        found.push(`${step.name} (${step.superblock ?? 'no superblock'}) runs behind the gate`);
      continue;
    }
    if (step.inlined === true || !isTraceable(step)) continue;
    const below = nodes.filter((node) => at.includes(node.parent) && is(node, step));
    if (below.length === 0) {
      const inside = nodes.filter((node) => at.includes(node.parent)).map(({ call }) => call.fn);
      found.push(
        `${step.name} is not called by ${last}, which calls ${[...new Set(inside)].join(', ')}`,
      );
      return found;
    }
    // A gate is asked inside the call before it, and the way goes on beside it.
    if (step.kind === 'gate') continue;
    at = below;
    last = step.name;
    if (step.leaf) found.push(...missingWaits(step, below, nodes));
  }
  return [...found, ...misplacedEntry(path, recording)];
}

function missingWaits(
  leaf: PathStep,
  at: readonly CallNode[],
  nodes: readonly CallNode[],
): string[] {
  const inside = nodes.filter((node) => {
    for (let above = node.parent; above !== undefined; above = above.parent)
      if (at.includes(above)) return true;
    return false;
  });
  const found: string[] = [];
  let from = 0;
  for (const wait of leaf.waits.filter(isTraceable)) {
    const first = inside.findIndex(({ call }) => plainName(call.fn) === wait.name);
    if (first < 0) found.push(`${leaf.name} does not call ${wait.name}`);
    else if (first < from)
      found.push(`${leaf.name} calls ${wait.name} earlier than the model says`);
    else from = first;
  }
  return found;
}

/** Steps of entry code: in the stacks in their order, and none that the model calls inlined. */
function misplacedEntry(path: Path, recording: Recording): string[] {
  const untraced = path.steps.filter((step) => step.layer === 'entry' && !isTraceable(step));
  const stacks = recording.stacks
    .map((stack) => framesOf(stack).toReversed())
    .filter((stack) => path.steps.some(({ name, leaf }) => leaf && stack.includes(name)));
  if (untraced.length === 0 || stacks.length === 0) return [];
  const expected = untraced.filter(({ inlined }) => inlined === false).map(({ name }) => name);
  const hidden = untraced.filter(({ inlined }) => inlined === true).map(({ name }) => name);
  return stacks.flatMap((stack) => {
    const shown = stack.filter((name) => expected.includes(name) || hidden.includes(name));
    return shown.join(' > ') === expected.join(' > ')
      ? []
      : [`a stack has ${shown.join(' > ')}, the model ${expected.join(' > ')}`];
  });
}
