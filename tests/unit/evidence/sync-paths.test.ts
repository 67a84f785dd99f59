/** The model of sync paths against the lab's verdicts, row by row. */
import { describe, expect, test } from 'vitest';
import { loadMeasured } from '../../../src/evidence/load.ts';
import { comparisons } from '../../../src/evidence/verdict.ts';
import { evidenceFor } from '../../../src/sync-paths/evidence.ts';
import { loadSyncModel } from '../../../src/sync-paths/load.ts';
import { disagreements, statesOf } from '../sync-paths/agreement.ts';

/** Runs that are about something else than what one operation makes the disk do. */
const ASIDE: Record<string, string> = {
  'upper-remount': 'a remount of the disk below: how long it waits behind an umount',
};

const model = loadSyncModel('en');
const measured = comparisons(await loadMeasured());

describe('what the lab measured', () => {
  test('is what the model says, for every kernel, setting and file system', () => {
    expect(disagreements(model, measured)).toEqual([]);
  });

  test('belongs to an operation of the model, or to nothing that volatile decides', () => {
    const apart = measured.filter((each) => statesOf(model, each).length === 0);
    expect([...new Set(apart.map(({ chosenBy }) => chosenBy))].sort()).toEqual(
      Object.keys(ASIDE).sort(),
    );
  });

  test('is what the model rests on, each run by its name', () => {
    for (const comparison of measured) {
      const { series, filesystem, plain, volatile } = comparison;
      for (const { operation, setting } of statesOf(model, comparison)) {
        const question = { operation, kernel: series, setting, filesystem };
        const evidence = evidenceFor(model, question, measured);
        const pairs = evidence.kind === 'measured' ? evidence.pairs : [];
        expect(pairs.map((pair) => [pair.plain.id, pair.volatile.id])).toContainEqual([
          plain.id,
          volatile.id,
        ]);
      }
    }
  });

  test.each(model.operations.filter(({ lab }) => lab !== undefined).map(({ id }) => id))(
    '%s was run on every kernel that the lab has, on ext4 or where it exists',
    (id) => {
      const operation = model.operations.find((each) => each.id === id);
      const [filesystem = 'ext4'] = operation?.filesystems ?? [];
      for (const kernel of model.kernels.filter((each) => each.measured))
        for (const scenario of [
          ...(operation?.lab ?? []),
          ...(kernel.hasFsyncOption ? (operation?.labStrict ?? []) : []),
        ])
          expect(
            measured.filter(
              (each) =>
                each.chosenBy === scenario &&
                each.series === kernel.id &&
                each.filesystem === filesystem,
            ),
            `${scenario} on ${kernel.id}`,
          ).not.toEqual([]);
    },
  );
});
