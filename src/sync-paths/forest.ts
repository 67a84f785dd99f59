/** The ways of many operations as one forest, in which a stretch that they share is one. */
import { existsOn, operationOf, pathOf, type Question } from './path.ts';
import type { Path, PathStep, StepState, SyncModel } from './types.ts';

/**
 * A place on the way to the disk.
 *
 * Roots stand at the disk: the last step of a way, `vfs_fsync_range` on the upper file,
 * `sync_filesystem` on the upper superblock, and whatever the others end in. Children are callers,
 * so each branch is read from the leaf inwards as a stack is, and a system call stands at its tip.
 * It has to be this way round: a stretch of road is shared by those who come from different system
 * calls and end in the same place, so it has one next step towards the disk and many towards the
 * programs. Rooted at the system calls, hardly two ways would share anything, and the trunk that
 * the figure is about would be drawn once for each of them.
 */
export interface ForestNode {
  /** Places from the root on, joined by `/`: the same for every kernel that has the same places. */
  id: string;
  /** The step as the first of `operations` has it. */
  step: PathStep;
  /** Ids of the operations whose way leads through here, in the order of the model. */
  operations: string[];
  /** Those whose way begins here: it has no caller that the model knows. */
  begins: string[];
  /** What becomes of the step for each operation. */
  states: Record<string, StepState>;
  /** The same where they agree. */
  state: StepState | 'differs';
  /** Callers, and gates that are asked before this step. */
  children: ForestNode[];
}

/** What a forest is asked for: all operations where none are named. */
export type ForestQuestion = Omit<Question, 'operation'> & { operations?: readonly string[] };

/**
 * The ways of several operations to the disk, shared stretches once. An operation that the file
 * system does not have is left out.
 *
 * @throws Error where the model has no such operation or kernel
 */
export function forest(model: SyncModel, question: ForestQuestion): ForestNode[] {
  const { operations, ...where } = question;
  const asked = operations && new Set(operations.map((id) => operationOf(model, id).id));
  const paths = model.operations
    .filter(
      (operation) =>
        asked?.has(operation.id) !== false && existsOn(operation, where.filesystem ?? 'ext4'),
    )
    .map(({ id }) => pathOf(model, { ...where, operation: id }));
  const roots: ForestNode[] = [];
  for (const path of paths) add(roots, path);
  return roots;
}

function add(roots: ForestNode[], path: Path): void {
  let level = roots;
  let trail = '';
  for (const [index, step] of path.steps.toReversed().entries()) {
    trail = index === 0 ? step.id : `${trail}/${step.id}`;
    let node = level.find(({ step: { id } }) => id === step.id);
    if (node === undefined) {
      node = {
        id: trail,
        step,
        operations: [],
        begins: [],
        states: {},
        state: step.state,
        children: [],
      };
      level.push(node);
    }
    node.operations.push(path.operation);
    node.states[path.operation] = step.state;
    if (node.state !== step.state) node.state = 'differs';
    if (index === path.steps.length - 1) node.begins.push(path.operation);
    level = node.children;
  }
}

/** Every node of a forest, callees before their callers. */
export function* nodesOf(nodes: readonly ForestNode[]): Generator<ForestNode, void, undefined> {
  for (const node of nodes) {
    yield node;
    yield* nodesOf(node.children);
  }
}
