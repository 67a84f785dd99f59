/** Numbers of values.yaml that repeat what recordings hold, derived from the recordings. */
import { beforeAll, describe, expect, test } from 'vitest';
import { loadClaims } from '../../../src/evidence/claims.node.ts';
import { loadIncidentStack, loadKernels, loadValues } from '../../../src/facts/load.ts';
import { loadRecordings } from '../../../src/recording/load.ts';
import { compareSeries, select } from '../../../src/recording/queries.ts';
import type { Recording } from '../../../src/recording/types.ts';

const values = new Map(loadValues().map((row) => [row.id, row]));
const value = (id: string): string | number | undefined => values.get(id)?.value;

let recordings: Recording[];
/** The umount of the story with a short request queue, once for each kernel, oldest first. */
let shallow: Recording[];
beforeAll(async () => {
  recordings = [...(await loadRecordings())];
  shallow = select(recordings, {
    filesystem: 'ext4',
    scenario: 'umount-256-shallow-queue',
    volatile: false,
  }).sort((a, b) => compareSeries(a.kernel.series, b.kernel.series));
});

/** `[<0>] ovl_sync_fs+0x59/0x90 [overlay]` as name and size. */
function frame(printed: string): { name: string; size: string | undefined } {
  const match = /(\w+)(?:\.\w+)*\+0x[0-9a-f]+\/(0x[0-9a-f]+)/.exec(printed);
  if (match?.[1] === undefined) throw new Error(`not a frame: ${printed}`);
  return { name: match[1], size: match[2] };
}

test('every recording was made at the disk rate that prose gives', () => {
  const rates = new Set(recordings.map(({ parameters }) => parameters.diskMBs));
  expect([...rates]).toEqual([value('recording-disk-rate')]);
});

test('the kernels that prose names are those recorded', () => {
  expect(value('recording-oldest-kernel')).toBe(shallow[0]?.kernel.version);
  expect(value('recording-newest-kernel')).toBe(shallow.at(-1)?.kernel.version);
  for (const { id, version, release } of loadKernels().series) {
    const [run] = select(recordings, { series: id });
    if (release !== undefined)
      expect([run?.kernel.version, run?.kernel.release]).toEqual([version, release]);
  }
});

test.each([
  ['volatile', 'mounts-print-volatile'],
  ['fsync=volatile', 'mounts-print-fsync'],
])('the kernels of kernels.yaml that print %s are those of the claim %s', (prints, id) => {
  const observed = loadClaims().find((claim) => claim.id === id)?.observe;
  const listed = loadKernels().series.filter((row) => row.prints === prints);
  for (const observation of observed ?? [])
    expect(observation).toMatchObject({ kernels: listed.map((row) => row.id) });
  expect(observed).not.toHaveLength(0);
});

test('the count by hand names as many kernels as it says', () => {
  const counted = String(value('kernels-counted')).split(', ');
  expect(counted).toHaveLength(Number(value('kernels-counted-number')));
  expect(counted).toContain(value('flush-run-real-machine'));
});

describe('the stacks of an umount with a short request queue', () => {
  test('wait in the leaf that prose names, in all samples but one at most', () => {
    for (const { id, samples, stacks } of shallow) {
      const leaves = samples.flatMap(({ stack }) =>
        stack === undefined ? [] : [frame(stacks[stack]?.[0] ?? '').name],
      );
      expect(leaves.length, id).toBeGreaterThanOrEqual(Number(value('recording-leaf-samples')));
      const elsewhere = leaves.filter((leaf) => leaf !== 'wb_wait_for_completion');
      expect(elsewhere.length, id).toBeLessThanOrEqual(1);
    }
  });

  test('as deep as prose says', () => {
    const depths = new Set(
      shallow.flatMap(({ stacks }) =>
        stacks
          .filter(([leaf = '']) => frame(leaf).name === 'wb_wait_for_completion')
          .map((stack) => stack.length),
      ),
    );
    const [least, most] = String(value('recording-stack-depth')).split('-').map(Number);
    expect([Math.min(...depths), Math.max(...depths)]).toEqual([least, most]);
  });

  test('without a frame of __sync_filesystem', () => {
    const names = shallow.flatMap(({ stacks }) => stacks.flat()).map((line) => frame(line).name);
    expect(names).not.toContain('__sync_filesystem');
  });
});

describe('the incident’s stack beside the oldest kernel', () => {
  const { frames } = loadIncidentStack();
  const sizes = (series: string, operation?: string): Set<string | undefined> =>
    new Set(
      select(recordings, { series, ...(operation === undefined ? {} : { operation }) })
        .flatMap(({ stacks }) => stacks.flat())
        .map(frame)
        .filter(({ name }) => name === 'do_syscall_64')
        .map(({ size }) => size),
    );

  test('has as many frames as prose says', () => {
    expect(frames).toHaveLength(Number(value('incident-frames')));
  });

  test('do_syscall_64 has the sizes that prose gives, and no umount shows it', () => {
    const printed = frames.find(({ name }) => name === 'do_syscall_64')?.printed ?? '';
    expect(frame(printed).size).toBe(value('do-syscall-size-incident'));
    expect(sizes('5.10')).toEqual(new Set([value('do-syscall-size-5.10')]));
    expect(sizes('5.10', 'umount')).toEqual(new Set());
  });
});
