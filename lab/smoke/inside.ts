/** Runs one container in one containerd, in name spaces of their own: started by `runtime.ts`. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebianPackage } from '../packages.ts';
import { IMAGE } from '../runtimes/bench.ts';
import { BASE, Refused, withContainerd } from '../runtimes/containerd.ts';
import { asArchive, tinyImage } from '../runtimes/image.ts';
import { complaintsBeyond } from '../runtimes/words.ts';
import type { RuntimeSeen } from './checks.ts';

export interface SmokeJob {
  containerd: DebianPackage;
  runc: DebianPackage;
  busybox: DebianPackage;
  version: string;
  /** The generated configuration. */
  file: string;
  /** Where what was seen is written. */
  to: string;
}

async function run({ containerd, runc, busybox, version, file }: SmokeJob): Promise<RuntimeSeen> {
  const archive = join(BASE, 'image.tar');
  mkdirSync(BASE, { recursive: true });
  writeFileSync(
    archive,
    asArchive(tinyImage(readFileSync(join(busybox.root, 'bin/busybox'))), IMAGE),
  );
  const programs = { containerd, runc };
  const root = (name: string): string => join(BASE, name);
  // A file with nothing in it but its version: what it brings is no complaint about ours.
  const bare = `${file.split('\n').find((line) => line.startsWith('version')) ?? ''}\n`;
  const usual = await withContainerd(programs, bare, root('bare'), (daemon) =>
    Promise.resolve(daemon.log),
  );
  try {
    return await withContainerd(programs, file, root('generated'), async (daemon) => {
      await daemon.must('images', 'import', archive);
      const { code, stdout, stderr } = await daemon.ctr(
        ...['run', '--rm', IMAGE, 'smoke', 'cat', '/proc/mounts'],
      );
      const refused = code === 0 ? null : stderr.trim();
      return { version, complaints: complaintsBeyond(daemon.log, usual), mounts: stdout, refused };
    });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { version, complaints: [], mounts: '', refused: error.message };
  }
}

// Whoever started this holds the other end: when it is gone, so is the reason to go on.
process.stdin.on('end', () => process.exit(1)).resume();

const job = JSON.parse(process.argv[2] ?? '') as SmokeJob;
writeFileSync(job.to, JSON.stringify(await run(job)));
process.exit(0);
