/** What the end of a container writes to the disk, with somebody else's dirty data on it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StopResult } from '../../../src/evidence/runtime-behaviour.ts';
import { config, IMAGE, importImage, withDisk, type Bench } from '../bench.ts';
import { withContainerd, type Containerd } from '../containerd.ts';
import { stateOf, type Disk } from '../disk.ts';
import { sha256 } from '../image.ts';
import { watch, type Call } from '../strace.ts';

const NAME = 'ending';

const NEIGHBOUR_MIB = 32;

const steps: readonly {
  step: StopResult['step'];
  work: (daemon: Containerd) => Promise<unknown>;
}[] = [
  { step: 'stop', work: (daemon) => daemon.must('tasks', 'rm', '--force', NAME) },
  { step: 'remove', work: (daemon) => daemon.must('containers', 'rm', NAME) },
];

export async function tryStop(bench: Bench): Promise<StopResult[]> {
  const results: StopResult[] = [];
  for (const options of [[], ['volatile']]) results.push(...(await endOne(bench, options)));
  return results;
}

function endOne(bench: Bench, options: string[]): Promise<StopResult[]> {
  bench.tell(`stop and remove, [${options.join()}]`);
  return withDisk(bench, (root, disk) =>
    withContainerd(bench.programs, config(bench, options), root, async (daemon) => {
      await importImage(daemon, bench);
      const measured: (Measured & { began: number; ended: number })[] = [];
      // From the start on: the shim that unmounts the root is started with the container.
      const calls = await watch(daemon.pid, join(bench.folder, 'strace'), async () => {
        await daemon.must('run', '--detach', IMAGE, NAME, 'sleep', '600');
        for (const { step, work } of steps) {
          const began = Date.now() / 1000;
          const seen = await besideNeighbour(disk, step, () => work(daemon));
          measured.push({ ...seen, began, ended: Date.now() / 1000 });
        }
      });
      return measured.map(({ began, ended, ...seen }) => ({
        options,
        ...seen,
        ...countCalls(calls.filter(({ at }) => at >= began && at <= ended)),
      }));
    }),
  );
}

type Measured = Pick<StopResult, 'step' | 'neighbourMiB' | 'neighbour' | 'writtenKiB' | 'flushes'>;

/** Does one step when nothing is dirty but a file that a neighbour has just written. */
async function besideNeighbour(
  disk: Disk,
  step: StopResult['step'],
  work: () => Promise<unknown>,
): Promise<Measured> {
  // A name of its own: ext4 writes a file back at once when an older one of the name is replaced.
  const name = `neighbour-of-${step}`;
  const content = Buffer.alloc(NEIGHBOUR_MIB << 20, name);
  await disk.flush();
  writeFileSync(join(disk.place, name), content);
  const before = disk.counters();
  await work();
  const after = disk.counters();
  const neighbour = await disk.afterPowerCut((place) => {
    const left = join(place, name);
    const contents = existsSync(left) ? [readFileSync(left)] : [];
    return Promise.resolve(stateOf(contents, sha256(content)));
  });
  return {
    step,
    neighbourMiB: NEIGHBOUR_MIB,
    neighbour,
    writtenKiB: Math.round((after.sectorsWritten - before.sectorsWritten) / 2),
    flushes: after.flushes - before.flushes,
  };
}

function countCalls(calls: readonly Call[]) {
  const named = (wanted: string): Call[] => calls.filter(({ name }) => name === wanted);
  return {
    // Asked again until it answers that nothing is mounted there.
    unmounts: named('umount2').filter(
      ({ args, result }) => args[0]?.endsWith('/rootfs"') && result.startsWith('0'),
    ).length,
    syncfs: named('syncfs').length,
    sync: named('sync').length,
  };
}
