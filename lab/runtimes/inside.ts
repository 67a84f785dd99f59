/**
 * Runs the experiments, in name spaces of their own: started by `enclosure.ts`, which says with what.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeResultSchema, type Provenance } from '../../src/evidence/runtime-behaviour.ts';
import type { DebianPackage } from '../packages.ts';
import { IMAGE, type Bench } from './bench.ts';
import { BASE, command, nativeVersion } from './containerd.ts';
import {
  aboutExperiment,
  experiments,
  STORAGE,
  type ContainerdExperiment,
} from './experiments/index.ts';
import { asArchive, tinyImage } from './image.ts';
import { openKernelLog } from './kernel-log.ts';
import { tryStorage } from './podman.ts';
import { writeResult } from './results.ts';

/** What `enclosure.ts` hands over. */
export interface Job {
  releases: { containerd: DebianPackage; runc: DebianPackage }[];
  experiments: ContainerdExperiment[];
  /** podman, buildah and what they need; empty: they are not run. */
  podman: DebianPackage[];
  busybox: DebianPackage;
  /** Where results go. */
  results: string;
  /** Where images of disks lie meanwhile. */
  folder: string;
  provenance: Omit<Provenance, 'packages' | 'image'>;
}

/** @returns how many experiments failed; each says why, and the others go on */
async function work(job: Job): Promise<number> {
  let failures = 0;
  const attempt = async (experiment: () => Promise<void>): Promise<void> => {
    try {
      await experiment();
    } catch (error) {
      failures += 1;
      tell(
        `      failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  };
  mkdirSync(BASE, { recursive: true });
  const image = tinyImage(readFileSync(join(job.busybox.root, 'bin/busybox')));
  const archive = join(BASE, 'image.tar');
  writeFileSync(archive, asArchive(image, IMAGE));
  const kernelLog = openKernelLog();
  const announce = progress(
    job.releases.length * job.experiments.length + (job.podman.length > 0 ? 1 : 0),
  );
  const provenance = (packages: readonly DebianPackage[]): Provenance => ({
    ...job.provenance,
    packages: [...packages, job.busybox].map(({ suite, name, version }) => ({
      suite,
      name,
      version,
    })),
    image: image.digest,
  });

  for (const { containerd, runc } of job.releases) {
    const programs = { containerd, runc };
    const version = await versionOf(join(containerd.root, 'usr/bin/containerd'));
    const bench: Bench = {
      programs,
      configVersion: await nativeVersion(programs),
      image,
      archive,
      kernelLog,
      folder: job.folder,
      tell: (text) => {
        tell(`      ${text}`);
      },
    };
    for (const name of job.experiments) {
      announce(`containerd ${version}: ${aboutExperiment(name)}`);
      await attempt(async () => {
        const findings = await experiments[name].run(bench);
        const result = {
          runtime: 'containerd',
          version,
          provenance: provenance([containerd, runc]),
          experiment: name,
          findings,
        };
        writeResult(job.results, runtimeResultSchema.parse(result));
      });
    }
  }

  const podman = job.podman.find(({ name }) => name === 'podman');
  if (podman !== undefined) {
    // The upstream part of Debian's version: `4.3.1+ds1-8+deb12u1`.
    const version = /\d+(\.\d+)+/.exec(podman.version)?.[0] ?? podman.version;
    announce(`podman ${version}: ${aboutExperiment(STORAGE)}`);
    await attempt(async () => {
      const findings = await tryStorage(job.podman, archive, job.folder);
      writeResult(job.results, {
        runtime: 'podman',
        version,
        provenance: provenance(job.podman),
        experiment: STORAGE,
        findings,
      });
    });
  }
  kernelLog.close();
  return failures;
}

async function versionOf(file: string): Promise<string> {
  const { stdout, stderr } = await command(file, ['--version']);
  // `containerd github.com/containerd/containerd 1.7.24~ds1 ...`
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`${file} says no version: ${stdout}${stderr}`);
  return version;
}

/** Says what comes next, and how long all of it still takes if it goes on as it went. */
function progress(steps: number): (text: string) => void {
  const began = performance.now();
  let done = 0;
  return (text) => {
    const each = (performance.now() - began) / 1000 / done;
    const left = done === 0 ? '' : `, about ${Math.ceil(each * (steps - done))} s left`;
    done += 1;
    tell(`[${done}/${steps}] ${text}${left}`);
  };
}

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

// Whoever started this holds the other end: when it is gone, so is the reason to go on.
process.stdin.on('end', () => process.exit(1)).resume();

try {
  process.exit((await work(JSON.parse(process.argv[2] ?? '') as Job)) === 0 ? 0 : 1);
} catch (error) {
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
