/** What happens to containers: started again, or with an option that the kernel does not know. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MistypedResult, StartResult } from '../../../src/evidence/runtime-behaviour.ts';
import { ABOUT_OVERLAY, config, IMAGE, importImage, withDisk, type Bench } from '../bench.ts';
import { withContainerd, type Containerd } from '../containerd.ts';
import { isVolatile, mountAt } from '../mounts.ts';
import { complaints } from '../words.ts';

const NAME = 'again';

/** Starts one container again and again, with what could cure it in between. */
export function tryRestart(bench: Bench): Promise<StartResult[]> {
  return withDisk(bench, async (root) => {
    const results: StartResult[] = [];
    const withOption = ['volatile'];
    const attempt = async (daemon: Containerd, after: string, options: string[]) => {
      bench.tell(`start ${after}`);
      results.push({ after, options, ...(await startTask(daemon, bench)) });
    };
    await withContainerd(bench.programs, config(bench, withOption), root, async (daemon) => {
      await importImage(daemon, bench);
      await create(daemon);
      await attempt(daemon, 'its creation', withOption);
      await attempt(daemon, 'it stopped', withOption);
    });
    await withContainerd(bench.programs, config(bench, withOption), root, (daemon) =>
      attempt(daemon, 'it stopped and containerd was restarted', withOption),
    );
    await withContainerd(bench.programs, config(bench, []), root, async (daemon) => {
      await attempt(daemon, 'the option was taken out and containerd restarted', []);
      for (const folder of await workFolders(daemon))
        rmSync(join(folder, 'work/incompat'), { recursive: true, force: true });
      await attempt(daemon, 'work/incompat was removed', []);
    });
    await withContainerd(bench.programs, config(bench, withOption), root, async (daemon) => {
      await daemon.must('containers', 'rm', NAME);
      await create(daemon);
      await attempt(daemon, 'it was removed and created anew', withOption);
      await attempt(daemon, 'it stopped', withOption);
      for (const folder of await workFolders(daemon))
        rmSync(join(folder, 'work/incompat'), { recursive: true, force: true });
      await attempt(daemon, 'it stopped and work/incompat was removed', withOption);
    });
    return results;
  });
}

const create = (daemon: Containerd): Promise<string> =>
  daemon.must('containers', 'create', IMAGE, NAME, 'echo', 'started');

async function startTask(daemon: Containerd, bench: Bench) {
  bench.kernelLog.since(/^/);
  const { stdout, stderr } = await daemon.ctr('tasks', 'start', NAME);
  // In 1.x the task of a container that ended may have to be removed by hand.
  await daemon.ctr('tasks', 'rm', '--force', NAME);
  return {
    starts: stdout.includes('started'),
    says: complaints(stderr),
    kernel: bench.kernelLog.since(ABOUT_OVERLAY),
  };
}

/** The work folders of the container's snapshot. */
async function workFolders(daemon: Containerd): Promise<string[]> {
  const printed = await daemon.must('snapshots', 'mounts', '/target', NAME);
  return [...printed.matchAll(/workdir=([^,\s]+)/g)].map(([, folder]) => folder ?? '');
}

/** An option that the kernel does not know, which is also what an older kernel makes of the right one. */
export function tryMistyped(bench: Bench): Promise<MistypedResult> {
  const options = ['volatil'];
  return withDisk(bench, (root) =>
    withContainerd(bench.programs, config(bench, options), root, async (daemon) => {
      const unpacked = await daemon.ctr('images', 'import', bench.archive);
      bench.kernelLog.since(/^/);
      const run = await daemon.ctr('run', '--rm', IMAGE, 'mistyped', 'cat', '/proc/mounts');
      const mount = mountAt(run.stdout, '/');
      return {
        options,
        containerdStarts: true,
        unpacks: unpacked.code === 0,
        containerStarts: mount !== undefined && !isVolatile(mount.options),
        says: complaints(run.stderr),
        kernel: bench.kernelLog.since(ABOUT_OVERLAY),
      };
    }),
  );
}
