/** Whether the two forms of the evidence say the same: `measured.json` and the recordings. */
import type { Recording } from '../recording/types.ts';
import type { Measured, RecordedRun } from './measured.ts';
import { comparisons } from './verdict.ts';

/**
 * What in the evidence contradicts itself, one sentence each; empty where all agrees: every run
 * stands once, every recording is the one of its row, and no operation reaches the disk only with
 * the option.
 */
export function disagreements(measured: Measured, recordings: readonly Recording[]): string[] {
  const rows = new Map<string, RecordedRun>();
  const seen = new Set<string>();
  const found: string[] = [];
  for (const run of measured.runs) {
    if (seen.has(run.id)) found.push(`${run.id}: stands twice among the measured runs`);
    seen.add(run.id);
    if (run.kind === 'recorded') rows.set(run.id, run);
  }
  for (const recording of recordings) {
    const row = rows.get(recording.id);
    if (row === undefined) found.push(`${recording.id}: a recording of a run that is not measured`);
    else found.push(...differences(row, recording));
  }
  for (const { plain, volatile, verdict } of comparisons(measured)) {
    if (verdict !== 'added') continue;
    found.push(
      `${volatile.id}: reaches the disk (${volatile.flushes} flushes, ${volatile.writes} writes), ` +
        `${plain.id} does not`,
    );
  }
  return found;
}

/** What a row and its recording both hold, by the name of the row. */
function differences(row: RecordedRun, recording: Recording): string[] {
  const { before, after, parameters, kernel } = recording;
  const pairs: [string, unknown, unknown][] = [
    ['volatile', row.volatile, recording.volatile],
    ['seconds', row.seconds, recording.seconds],
    ['returnCode', row.returnCode, recording.returnCode],
    ['dirtyKiB', row.dirtyKiB.join(), `${before.dirtyKiB},${after.dirtyKiB}`],
    ['dirtyMiB', row.dirtyMiB, parameters.dirtyMiB],
    ['diskMBs', row.diskMBs, parameters.diskMBs],
    ['kernel', row.kernel.package, kernel.package],
    ...(recording.device === undefined
      ? []
      : [
          ['flushes', row.flushes, recording.device.flushes] satisfies [string, unknown, unknown],
          ['writes', row.writes, recording.device.writes] satisfies [string, unknown, unknown],
        ]),
  ];
  return pairs
    .filter(([, measured, recorded]) => measured !== recorded)
    .map(
      ([name, measured, recorded]) =>
        `${row.id}: ${name} is ${String(measured)} as measured and ${String(recorded)} as recorded`,
    );
}
