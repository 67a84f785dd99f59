/** What changes on the ways to the disk from one kernel to another. */
import { choicesOf } from './kernels.ts';
import { existsOn, kernelOf, pathOf } from './path.ts';
import type { Filesystem, PathStep, Setting, SyncModel } from './types.ts';

/**
 * - `renamed`: the same place, another function name.
 * - `moved`: the same function, another source file.
 * - `added`, `gone`: a step that only one of the two has.
 * - `inlined`: no call of its own any more in the kernel as the lab boots it; `own-call`: the other
 *   way round. Only between two kernels that were run.
 */
export type ChangeKind = 'renamed' | 'moved' | 'added' | 'gone' | 'inlined' | 'own-call';

/** A change of one place, with the operations that meet it. */
export interface Change {
  kind: ChangeKind;
  /** `PathStep.id` of the place. */
  place: string;
  /** The function's name in the one kernel and the other; undefined where there is none. */
  before: string | undefined;
  after: string | undefined;
  /** Source files, where they say something: for `moved`. */
  files: { before: string; after: string } | undefined;
  /** Ids, in the order of the model. */
  operations: string[];
}

export interface Differences {
  changes: Change[];
  /** How /proc/mounts prints a volatile mount, where that changes. */
  spelling: { before: string; after: string } | undefined;
  /** Options that only the one kernel takes, or only the other. */
  options: { gone: string[]; added: string[] };
  /** Operations of which volatile makes something else. */
  states: { operation: string; setting: Setting; before: string; after: string }[];
}

/**
 * What is different in `after` against `before`, in the order of the model. Settings that both
 * kernels have are compared, each with itself.
 *
 * @throws Error where the model has no such kernel
 */
export function differences(
  model: SyncModel,
  before: string,
  after: string,
  filesystem: Filesystem = 'ext4',
): Differences {
  const [old, young] = [kernelOf(model, before), kernelOf(model, after)];
  const [had, has] = [choicesOf(old), choicesOf(young)];
  const settings = had
    .map(({ setting }) => setting)
    .filter((setting) => has.some((choice) => choice.setting === setting));
  const changes = new Map<string, Change>();
  const states: Differences['states'] = [];
  for (const operation of model.operations) {
    if (!existsOn(operation, filesystem)) continue;
    for (const setting of settings) {
      const [one, other] = [before, after].map((kernel) =>
        pathOf(model, { operation: operation.id, kernel, setting, filesystem }),
      );
      if (one === undefined || other === undefined) continue;
      for (const change of changesOf(one.steps, other.steps, operation.id)) {
        const key = `${change.kind} ${change.place} ${change.before ?? ''}`;
        const known = changes.get(key);
        if (known === undefined) changes.set(key, change);
        else if (!known.operations.includes(operation.id)) known.operations.push(operation.id);
      }
      if (one.state !== other.state && setting !== 'plain')
        states.push({
          operation: operation.id,
          setting,
          before: one.state,
          after: other.state,
        });
    }
  }
  const options = (choices: typeof had): string[] => choices.flatMap((choice) => choice.options);
  return {
    changes: [...changes.values()],
    spelling: old.prints === young.prints ? undefined : { before: old.prints, after: young.prints },
    options: {
      gone: options(had).filter((option) => !options(has).includes(option)),
      added: options(has).filter((option) => !options(had).includes(option)),
    },
    states,
  };
}

function changesOf(
  before: readonly PathStep[],
  after: readonly PathStep[],
  operation: string,
): Change[] {
  const young = new Map(after.map((step) => [step.id, step]));
  const old = new Set(before.map(({ id }) => id));
  const change = (
    kind: ChangeKind,
    place: string,
    one: PathStep | undefined,
    other: PathStep | undefined,
  ): Change => ({
    kind,
    place,
    before: one?.name,
    after: other?.name,
    files:
      one === undefined || other === undefined || one.file === other.file
        ? undefined
        : { before: one.file, after: other.file },
    operations: [operation],
  });
  const changed = before.flatMap((one): Change[] => {
    const other = young.get(one.id);
    if (other === undefined) return [change('gone', one.id, one, undefined)];
    const found: Change[] = [];
    if (one.name !== other.name) found.push(change('renamed', one.id, one, other));
    else if (one.file !== other.file) found.push(change('moved', one.id, one, other));
    // A gate that is inline in a header has no call in either kernel.
    if (one.inlined !== undefined && other.inlined !== undefined && one.inlined !== other.inlined)
      found.push(change(other.inlined ? 'inlined' : 'own-call', one.id, one, other));
    return found;
  });
  const added = after
    .filter(({ id }) => !old.has(id))
    .map((other) => change('added', other.id, undefined, other));
  return [...changed, ...added];
}
