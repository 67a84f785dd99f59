/** Which mounts get the option. */
import type { MountResult, MountsResult } from '../../../src/evidence/runtime-behaviour.ts';
import { config, IMAGE, importImage, snapshotsOf, withDisk, type Bench } from '../bench.ts';
import { withContainerd, type Containerd } from '../containerd.ts';
import { isVolatile, mountAt, type Mount } from '../mounts.ts';
import { mountsOf, watch } from '../strace.ts';

export function tryMounts(bench: Bench): Promise<MountsResult> {
  return withDisk(bench, (root) =>
    withContainerd(bench.programs, config(bench, ['volatile']), root, async (daemon) => {
      await importImage(daemon, bench);
      bench.kernelLog.since(/^/);
      const snapshots = await askForSnapshots(daemon);
      let printed = '';
      const calls = await watch(daemon.pid, `${bench.folder}/strace`, async () => {
        printed = await daemon.must('run', '--rm', IMAGE, 'mounts', 'cat', '/proc/mounts');
      });
      const mount = mountAt(printed, '/');
      if (mount === undefined) throw new Error('the container has no root');
      const overlays = mountsOf(calls, 'overlay');
      return {
        snapshots,
        inContainer: { of: 'a running container', ...describe(mount) },
        overlayMounts: overlays.length,
        volatileMounts: overlays.filter((call) => /\bvolatile\b/.test(call.args[4] ?? '')).length,
        kernel: bench.kernelLog.since(/volatile/),
      };
    }),
  );
}

const describe = (mount: Mount): Mount & { volatile: boolean } => ({
  ...mount,
  volatile: isVolatile(mount.options),
});

async function askForSnapshots(daemon: Containerd): Promise<MountResult[]> {
  const [lowest = '', ...others] = await snapshotsOf(daemon);
  const top = others.at(-1) ?? '';
  const kinds = [
    { of: 'a writable snapshot on three layers', make: ['prepare', 'three', top] },
    { of: 'a writable snapshot on one layer', make: ['prepare', 'one', lowest] },
    { of: 'a writable snapshot on nothing', make: ['prepare', 'none'] },
    { of: 'a view of three layers', make: ['view', 'view-three', top] },
    { of: 'a view of one layer', make: ['view', 'view-one', lowest] },
  ];
  const results: MountResult[] = [];
  for (const { of, make } of kinds) {
    await daemon.must('snapshots', ...make);
    results.push({ of, ...describe(await daemon.mountOf(make[1] ?? '')) });
  }
  return results;
}
