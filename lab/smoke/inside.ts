/** Runs containers with each file, in name spaces of their own: started by `runtime.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebianPackage } from '../packages.ts';
import { IMAGE } from '../runtimes/bench.ts';
import { BASE, Refused, withContainerd, type Programs } from '../runtimes/containerd.ts';
import { asArchive, tinyImage } from '../runtimes/image.ts';
import { mountAt } from '../runtimes/mounts.ts';
import { storageIn, toolsOf } from '../runtimes/podman.ts';
import { complaintsBeyond } from '../runtimes/words.ts';
import type { RuntimeSeen, StorageSeen } from './checks.ts';

/** One containerd with one file. */
export interface Trial {
  containerd: DebianPackage;
  version: string;
  /** Which file, in words. */
  file: string;
  text: string;
  /** The same without our lines: what it brings is no complaint about ours. */
  without: string;
  /** Whether this version knows the option. */
  wanted: boolean;
}

export interface SmokeJob {
  trials: Trial[];
  runc: DebianPackage;
  busybox: DebianPackage;
  /** podman, buildah and what they need, with the file that turns the option off. */
  storage: { packages: DebianPackage[]; optOut: string };
  /** Where what was seen is written. */
  to: string;
}

export interface Seen {
  runtimes: RuntimeSeen[];
  /** Or what this machine lacks to run them. */
  storage: StorageSeen[] | { lacks: string };
}

async function run(job: SmokeJob): Promise<Seen> {
  const archive = join(BASE, 'image.tar');
  mkdirSync(BASE, { recursive: true });
  const image = tinyImage(readFileSync(join(job.busybox.root, 'bin/busybox')));
  writeFileSync(archive, asArchive(image, IMAGE));
  const runtimes: RuntimeSeen[] = [];
  for (const [index, trial] of job.trials.entries())
    runtimes.push(
      await tryFile(
        trial,
        { containerd: trial.containerd, runc: job.runc },
        archive,
        join(BASE, `trial-${index}`),
      ),
    );
  return { runtimes, storage: await tryStorage(job.storage, archive).catch(lacking) };
}

async function tryFile(
  { version, file, text, without, wanted }: Trial,
  programs: Programs,
  archive: string,
  root: string,
): Promise<RuntimeSeen> {
  const about = { version, file, wanted };
  const usual = await withContainerd(programs, without, `${root}-without`, (daemon) =>
    Promise.resolve(daemon.log),
  );
  try {
    return await withContainerd(programs, text, root, async (daemon) => {
      await daemon.must('images', 'import', archive);
      // What it says of a container that ends is none of the file's.
      const complaints = complaintsBeyond(daemon.log, usual);
      const { code, stdout, stderr } = await daemon.ctr(
        ...['run', '--rm', IMAGE, 'smoke', 'cat', '/proc/mounts'],
      );
      const refused = code === 0 ? null : stderr.trim();
      return { ...about, complaints, mounts: stdout, refused };
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { ...about, complaints: [], mounts: '', refused: error.message };
  }
}

async function tryStorage(
  { packages, optOut }: SmokeJob['storage'],
  archive: string,
): Promise<StorageSeen[]> {
  const seen: StorageSeen[] = [];
  for (const optedOut of [false, true]) {
    const own = storageIn(join(BASE, optedOut ? 'opted-out' : 'storage-of'));
    // The file as it is offered, with folders of the lab's own in its first table.
    const conf = optedOut ? optOut.replace('[storage]\ndriver = "overlay"\n', own) : own;
    const tools = toolsOf(packages, conf);
    await tools('podman', 'load', '--quiet', '--input', archive);
    const id = (await tools('podman', 'images', '--quiet')).trim();
    const mounts = await tools(
      ...(['podman', 'run', '--rm', '--network', 'host', id, 'cat', '/proc/mounts'] as const),
    );
    const working = (await tools('buildah', 'from', id)).trim();
    const place = (await tools('buildah', 'mount', working)).trim();
    const here = mountAt(readFileSync('/proc/self/mounts', 'utf8'), place);
    await tools('buildah', 'umount', working);
    seen.push(
      { by: 'podman run --rm', optedOut, options: mountAt(mounts, '/')?.options ?? null },
      { by: 'buildah from', optedOut, options: here?.options ?? null },
    );
  }
  return seen;
}

/** A library that the packages above leave to the machine. */
function lacking(error: unknown): { lacks: string } {
  const lacks = /error while loading shared libraries: .*/.exec(String(error))?.[0];
  if (lacks === undefined) throw error;
  return { lacks };
}

// Whoever started this holds the other end: when it is gone, so is the reason to go on.
process.stdin.on('end', () => process.exit(1)).resume();

const job = JSON.parse(process.argv[2] ?? '') as SmokeJob;
writeFileSync(job.to, JSON.stringify(await run(job)));
process.exit(0);
