import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { cpio, type Entry } from './cpio.ts';
import type { UnpackedKernel } from './kernels.ts';
import { ask, need } from './programs.ts';
import { Refusal } from './refusal.ts';
import { staticBusybox } from './tools.ts';
import { TRACED } from './traced-functions.ts';

const GUEST = fileURLToPath(new URL('./guest/', import.meta.url));

/** What the guest needs whatever it records: its disks, the overlay, and a loop device. */
const MODULES = ['virtio_pci', 'virtio_blk', 'overlay', 'loop'];

/** Builds the recorder for the guest, without libraries; answers its path. */
export async function buildRecorder(cache: string): Promise<string> {
  const target = path.join(cache, 'recorder');
  const source = path.join(GUEST, 'recorder.c');
  await need('The recorder cannot be built', 'gcc', ['-O2', '-static', '-o', target, source]);
  return target;
}

/** The files of modules, in the order in which they have to be loaded; see `parseModules`. */
export function parseModules(text: string): string[] {
  const files = text.split('\n').flatMap((line) => /^insmod (\S+)/.exec(line.trim())?.[1] ?? []);
  return [...new Set(files)];
}

/**
 * The first root of the guest: busybox, the recorder, modules, and the plan that its first process
 * runs.
 *
 * @param plan shell text, see plan.ts
 */
export async function buildInitramfs(
  kernel: UnpackedKernel,
  filesystem: string,
  recorder: string,
  plan: string,
): Promise<Buffer> {
  const busybox = await staticBusybox();
  if (busybox === undefined) throw new Refusal('busybox-static is not installed.');
  const modules = await loadModules(kernel, [...MODULES, filesystem]);
  const folders = [
    'bin',
    'dev',
    'proc',
    'sys',
    'mnt',
    'mnt/d',
    'mnt/l',
    'mnt/m',
    'out',
    'tmp',
    'lab',
  ];
  const entries: Entry[] = [
    ...[...folders, 'lab/modules'].map((folder): Entry => ({ path: folder, kind: 'folder' })),
    { path: 'bin/busybox', kind: 'file', mode: 0o755, data: await readFile(busybox) },
    { path: 'bin/recorder', kind: 'file', mode: 0o755, data: await readFile(recorder) },
    { path: 'init', kind: 'file', mode: 0o755, data: await readFile(path.join(GUEST, 'init')) },
    { path: 'lab/plan', kind: 'file', data: Buffer.from(plan) },
    { path: 'lab/traced', kind: 'file', data: Buffer.from(`${TRACED.join('\n')}\n`) },
    {
      path: 'lab/modules/order',
      kind: 'file',
      data: Buffer.from(modules.map(({ name }) => `${name}\n`).join('')),
    },
    ...modules.map(({ name, data }): Entry => ({
      path: `lab/modules/${name}`,
      kind: 'file',
      data,
    })),
  ];
  return gzipSync(cpio(entries), { level: 1 });
}

/** Modules and what they depend on, decompressed; those built into the kernel are left out. */
async function loadModules(
  kernel: UnpackedKernel,
  names: readonly string[],
): Promise<{ name: string; data: Buffer }[]> {
  // Newer packages do not say what is built in: there, what is no module counts as built in, and
  // the guest complains if it is not.
  const isListed = existsSync(
    path.join(kernel.root, 'lib/modules', kernel.release, 'modules.builtin'),
  );
  const files: string[] = [];
  for (const name of names) {
    const show = ['-d', kernel.root, '-S', kernel.release, '--show-depends', name];
    const { code, out: shown } = await ask('modprobe', show);
    if (code !== 0 && isListed) {
      throw new Refusal(`The kernel ${kernel.release} has no module ${name}.`);
    }
    for (const file of parseModules(shown)) if (!files.includes(file)) files.push(file);
  }
  return Promise.all(
    files.map(async (file) => ({
      name: path.basename(file).replace(/\.(?:xz|zst|gz)$/, ''),
      data: await decompress(file),
    })),
  );
}

async function decompress(file: string): Promise<Buffer> {
  const program = { '.xz': 'xz', '.zst': 'zstd', '.gz': 'gzip' }[path.extname(file)];
  if (program === undefined) return readFile(file);
  const { status, stdout } = spawnSync(program, ['-dc', file], { maxBuffer: 1 << 28 });
  if (status !== 0) throw new Refusal(`${file} cannot be decompressed by ${program}.`);
  return stdout;
}
