/** The chains of the model against what the lab's tracer and sampler saw, call by call. */
import { describe, expect, test } from 'vitest';
import { loadRecordings } from '../../../src/recording/load.ts';
import type { Recording } from '../../../src/recording/types.ts';
import { loadSyncModel } from '../../../src/sync-paths/load.ts';
import { pathOf } from '../../../src/sync-paths/path.ts';
import type { Filesystem, Setting, SyncModel } from '../../../src/sync-paths/types.ts';
import { chosenBy, faults, isTraceable } from './recorded.ts';

const model = loadSyncModel('en');
const recordings = (await loadRecordings()).filter(({ calls }) => calls.length > 0);

/** What a recording shows of a model, for every operation that its scenario measures. */
function faultsOf(of: SyncModel, recording: Recording): string[] {
  const scenario = chosenBy(recording) ?? '';
  const measures: [string, Setting][] = of.operations.flatMap(({ id, lab, labStrict }) => [
    ...(lab?.includes(scenario) === true ? [[id, 'plain'] satisfies [string, Setting]] : []),
    ...(labStrict?.includes(scenario) === true ? [[id, 'strict'] satisfies [string, Setting]] : []),
  ]);
  expect(measures, `${recording.id}: no operation has it`).not.toEqual([]);
  return measures.flatMap(([operation, plain]) =>
    faults(
      pathOf(of, {
        operation,
        kernel: recording.kernel.series,
        setting: recording.volatile ? 'volatile' : plain,
        filesystem: recording.filesystem as Filesystem,
      }),
      recording,
    ),
  );
}

test.each(recordings.map((recording) => [recording.id, recording] as const))(
  '%s shows the steps of the model, one inside the other',
  (_, recording) => {
    expect(faultsOf(model, recording)).toEqual([]);
  },
);

test('a recorded operation has one on every kernel that is run, plain and volatile', () => {
  const seen = new Set(
    recordings
      .filter(({ filesystem }) => filesystem === 'ext4')
      .map((recording) => `${chosenBy(recording) ?? ''} ${recording.kernel.series}`),
  );
  const scenarios = new Set([...seen].map((each) => each.split(' ')[0]));
  const series = new Set(recordings.map(({ kernel }) => kernel.series));
  const missing = [...scenarios].flatMap((scenario) =>
    [...series]
      .map((each) => `${scenario ?? ''} ${each}`)
      // The option fsync=strict is newer than the others.
      .filter((each) => !seen.has(each) && !each.startsWith('copy-up-directory-strict')),
  );
  expect(missing).toEqual([]);
});

test('the steps that no tracer shows are these', () => {
  const untraced = new Set<string>();
  for (const { id: kernel, measured } of model.kernels)
    for (const { id: operation } of model.operations)
      for (const setting of ['plain', 'strict'] as const)
        if (measured)
          for (const step of pathOf(model, { operation, kernel, setting }).steps)
            if (!isTraceable(step) && step.inlined !== true) untraced.add(step.name);
  expect([...untraced].sort()).toEqual(
    [
      // Of operations that a kernel thread does.
      'aio_fsync_work',
      // Entry code: in the sampled stacks instead.
      'do_syscall_64',
      // Between two calls that are traced.
      'do_splice',
      'exit_to_user_mode_loop',
      'exit_to_user_mode_prepare',
      'io_write',
      'iter_file_splice_write',
      'notify_change',
      'syscall_exit_to_user_mode',
      'vfs_fallocate',
      'vfs_writev',
      'wb_workfn',
      'wb_writeback',
      'writeback_sb_inodes',
    ].sort(),
  );
});

describe('a model that is not true is told so', () => {
  const change = (id: string, spoil: (chain: SyncModel['operations'][number]['chain']) => void) => {
    const spoilt = structuredClone(model);
    const operation = spoilt.operations.find((each) => each.id === id);
    if (operation === undefined) throw new Error(`no operation ${id}`);
    spoil(operation.chain);
    return spoilt;
  };
  const recording = (id: string): Recording => {
    const found = recordings.find((each) => each.id === id);
    if (found === undefined) throw new Error(`no recording ${id}`);
    return found;
  };
  const plain = recording('6.12-ext4-fsync-64-plain');
  const volatile = recording('6.12-ext4-fsync-64-volatile');

  test('a step too few', () => {
    const spoilt = change('fsync', (chain) => chain.splice(1, 1));
    expect(faultsOf(spoilt, plain)).toEqual([
      'vfs_fsync_range is not called by __x64_sys_fsync, which calls do_fsync',
    ]);
  });

  test('a step too many, or one that has no call of its own there', () => {
    const spoilt = change('fsync', (chain) =>
      chain.splice(1, 0, { fn: 'vfs_fsync', on: 'overlay' }),
    );
    expect(faultsOf(spoilt, plain)).toEqual([
      'vfs_fsync is not called by __x64_sys_fsync, which calls do_fsync',
    ]);
  });

  test('a gate that stands elsewhere', () => {
    const spoilt = change('fsync', (chain) => chain.splice(2, 0, ...chain.splice(4, 1)));
    expect(faultsOf(spoilt, volatile)).toEqual([
      'ovl_sync_status is not called by do_fsync, which calls vfs_fsync_range',
    ]);
  });

  test('a gate that is not asked, and one that would not have stopped', () => {
    const without = change('fsync', (chain) => chain.splice(4, 1));
    expect(faultsOf(without, volatile)).toEqual([
      'vfs_fsync_range is not called by ovl_fsync, which calls ovl_sync_status',
    ]);
    const stops = change('fsync', (chain) => chain.splice(4, 1, { gate: 'sb_rdonly' }));
    expect(faultsOf(stops, plain)).toEqual(['vfs_fsync_range (upper) runs behind the gate']);
  });
});
