/** What every experiment is given, and what several of them do. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE, type Containerd, type Programs } from './containerd.ts';
import { makeDisk, type Disk } from './disk.ts';
import type { Image } from './image.ts';
import type { KernelLog } from './kernel-log.ts';
import { SNAPSHOTTER } from './forms.ts';

export interface Bench {
  programs: Programs;
  /** Of the configuration that this containerd writes itself. */
  configVersion: number;
  image: Image;
  /** The image as a file that `ctr images import` reads. */
  archive: string;
  kernelLog: KernelLog;
  /** A folder on the machine's disk, for images of disks. */
  folder: string;
  tell: (text: string) => void;
}

/** The image's name after an import. */
export const IMAGE = 'lab.local/tiny:1';

/** What the kernel says about overlay mounts. */
export const ABOUT_OVERLAY = /overlay/i;

/** A configuration in this containerd's own version, with these overlayfs options. */
export function config(bench: Bench, options: readonly string[], ...more: string[]): string {
  const list = options.map((option) => `"${option}"`).join(', ');
  return [
    `version = ${bench.configVersion}`,
    `[plugins."${SNAPSHOTTER}"]`,
    `  mount_options = [${list}]`,
    ...more,
    '',
  ].join('\n');
}

/** A fresh disk for as long as `work` takes; `root` is a folder on it. */
export async function withDisk<T>(
  bench: Bench,
  work: (root: string, disk: Disk) => Promise<T>,
): Promise<T> {
  const disk = await makeDisk(bench.folder, join(BASE, 'disk'));
  const root = join(disk.place, 'root');
  mkdirSync(root);
  try {
    return await work(root, disk);
  } finally {
    await disk.remove();
  }
}

/** Imports the image without registry. */
export const importImage = (daemon: Containerd, bench: Bench): Promise<string> =>
  daemon.must('images', 'import', bench.archive);

/**
 * The names of the image's snapshots, from the lowest up: each is called by the digest of all
 * layers up to it, which containerd prints.
 */
export async function snapshotsOf(daemon: Containerd): Promise<string[]> {
  const rows = (await daemon.must('snapshots', 'ls'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.at(-1) === 'Committed');
  const chain: string[] = [];
  for (;;) {
    const above = rows.find((fields) =>
      chain.length === 0 ? fields.length === 2 : fields.length === 3 && fields[1] === chain.at(-1),
    );
    if (above?.[0] === undefined) return chain;
    chain.push(above[0]);
  }
}

/** The name of the snapshot that a container of the image stands on. */
export async function topSnapshot(daemon: Containerd): Promise<string> {
  const top = (await snapshotsOf(daemon)).at(-1);
  if (top === undefined) throw new Error('the image has no snapshots');
  return top;
}

const CRI: Readonly<Record<number, string>> = {
  2: 'io.containerd.grpc.v1.cri',
  3: 'io.containerd.cri.v1.images',
};

/** Lines of a configuration that let the CRI plugin pull from a registry on loopback. */
export function registryTables(bench: Bench, host: string, ...imageKeys: string[]): string[] {
  const plugin = CRI[bench.configVersion];
  if (plugin === undefined)
    throw new Error(`configuration version ${bench.configVersion} is not known here`);
  const hosts = join(BASE, 'certs.d');
  rmSync(hosts, { recursive: true, force: true });
  mkdirSync(join(hosts, host), { recursive: true });
  writeFileSync(
    join(hosts, host, 'hosts.toml'),
    `server = "http://${host}"\n[host."http://${host}"]\n  capabilities = ["pull", "resolve"]\n`,
  );
  return [
    `[plugins."${plugin}"]`,
    ...imageKeys.map((key) => `  ${key}`),
    `[plugins."${plugin}".registry]`,
    `  config_path = "${hosts}"`,
  ];
}
