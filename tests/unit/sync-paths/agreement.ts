/** Holds the model against what the lab measured: what disagrees, one sentence each. */
import type { Comparison } from '../../../src/evidence/verdict.ts';
import { existsOn, pathOf } from '../../../src/sync-paths/path.ts';
import type { Setting, SyncModel } from '../../../src/sync-paths/types.ts';

/** What a model says of a comparison, for every operation that names its scenario. */
export function statesOf(
  model: SyncModel,
  { chosenBy, series, filesystem }: Comparison,
): { operation: string; setting: Setting; state: string }[] {
  return model.operations.flatMap((operation) =>
    (
      [
        ['volatile', operation.lab],
        ['strict', operation.labStrict],
      ] as const
    )
      .filter(([, lab]) => lab?.includes(chosenBy) === true && existsOn(operation, filesystem))
      .map(([setting]) => ({
        operation: operation.id,
        setting,
        state: pathOf(model, { operation: operation.id, kernel: series, setting, filesystem })
          .state,
      })),
  );
}

/** Every comparison whose verdict is not what the model says. */
export function disagreements(model: SyncModel, comparisons: readonly Comparison[]): string[] {
  return comparisons.flatMap((comparison) =>
    statesOf(model, comparison)
      .filter(({ state }) => state !== comparison.verdict)
      .map(
        ({ operation, setting, state }) =>
          `${comparison.plain.id}: ${comparison.verdict}; the model says ${state} (${operation}, ${setting})`,
      ),
  );
}
