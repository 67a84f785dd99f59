/** podman and buildah: which of their containers are volatile, asked for or not. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DebianPackage } from '../packages.ts';
import type { StorageFindings } from '../../src/evidence/runtime-behaviour.ts';
import { BASE, command } from './containerd.ts';
import { makeDisk } from './disk.ts';
import { isVolatile, mountAt, type Mount } from './mounts.ts';

/** Programs and the libraries that a machine need not have. */
export const PODMAN_PACKAGES = [
  'podman',
  'buildah',
  'conmon',
  'libassuan0',
  'libdevmapper1.02.1',
  'libglib2.0-0',
  'libgpgme11',
  'libsubid4',
];

/** @param packages unpacked, with runc among them */
export async function tryStorage(
  packages: readonly DebianPackage[],
  archive: string,
  folder: string,
): Promise<StorageFindings> {
  const findings: StorageFindings = { containers: [], again: [] };
  for (const mountopt of [null, 'nodev,volatile']) {
    const disk = await makeDisk(folder, join(BASE, 'disk'));
    try {
      await tryOptions(packages, archive, mountopt, join(disk.place, 'storage'), findings);
    } finally {
      await disk.remove();
    }
  }
  return findings;
}

async function tryOptions(
  packages: readonly DebianPackage[],
  archive: string,
  mountopt: string | null,
  storage: string,
  findings: StorageFindings,
): Promise<void> {
  const options = ['[storage.options.overlay]'];
  if (mountopt !== null) options.push(`mountopt = "${mountopt}"`);
  const run = toolsOf(packages, `${storageIn(storage)}${options.join('\n')}\n`);
  const note = (by: string, mount: Mount | undefined): void => {
    if (mount === undefined) throw new Error(`${by}: there is no mount`);
    const { options } = mount;
    findings.containers.push({ mountopt, by, options, volatile: isVolatile(options) });
  };
  const mounted = (place: string): Mount | undefined =>
    mountAt(readFileSync('/proc/self/mounts', 'utf8'), place);

  await run('podman', 'load', '--quiet', '--input', archive);
  const image = (await run('podman', 'images', '--quiet')).trim();

  const working = (await run('buildah', 'from', image)).trim();
  note('buildah from', mounted((await run('buildah', 'mount', working)).trim()));
  await run('buildah', 'umount', working);

  const inside = ['--network', 'host', image, 'cat', '/proc/mounts'];
  note('podman run --rm', mountAt(await run('podman', 'run', '--rm', ...inside), '/'));
  note('podman run', mountAt(await run('podman', 'run', '--name', 'kept', ...inside), '/'));

  await run('podman', 'create', '--name', 'created', ...inside);
  note('podman create', mounted((await run('podman', 'mount', 'created')).trim()));
  await run('podman', 'umount', 'created');
  for (const [by, container] of [
    ['podman mount', 'created'],
    ['podman start --attach', 'kept'],
  ] as const) {
    try {
      await run(...(by.split(' ') as ['podman']), container);
      findings.again.push({ mountopt, by, works: true, says: [] });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      findings.again.push({ mountopt, by, works: false, says: [error.message] });
    }
  }
}

const CONMON = join(BASE, 'conmon');

/** The table of storage.conf that keeps everything in a folder. */
export const storageIn = (folder: string): string =>
  `[storage]\ndriver = "overlay"\ngraphroot = "${folder}"\nrunroot = "${BASE}/storage"\n`;

/**
 * Writes their configuration, and answers what runs them.
 *
 * @param storage the text of storage.conf
 */
export function toolsOf(packages: readonly DebianPackage[], storage: string) {
  const program = (name: string, path: string): string =>
    join(packages.find((one) => one.name === name)?.root ?? '', path);
  const libraries = packages
    .flatMap(({ root }) => ['usr/lib', 'lib'].map((path) => join(root, path, 'x86_64-linux-gnu')))
    .join(':');
  // podman starts conmon without most of the environment.
  const conmon = program('conmon', 'usr/bin/conmon');
  const script = `#!/bin/sh\nLD_LIBRARY_PATH='${libraries}' exec '${conmon}' "$@"\n`;
  writeFileSync(CONMON, script, { mode: 0o755 });
  mkdirSync('/etc/containers', { recursive: true });
  writeFileSync(
    '/etc/containers/policy.json',
    JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }),
  );
  writeFileSync('/etc/containers/storage.conf', storage);
  writeFileSync(
    '/etc/containers/containers.conf',
    [
      '[containers]',
      // A machine may allow less than the default asks for.
      'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
      '[engine]',
      'cgroup_manager = "cgroupfs"',
      'events_logger = "none"',
      'runtime = "runc"',
      `conmon_path = ["${CONMON}"]`,
      '[engine.runtimes]',
      `runc = ["${program('runc', 'usr/sbin/runc')}"]`,
      '',
    ].join('\n'),
  );
  const env = {
    ...process.env,
    TMPDIR: '/run',
    LD_LIBRARY_PATH: libraries,
  };
  return async (name: 'podman' | 'buildah', ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await command(program(name, `usr/bin/${name}`), args, env);
    if (code !== 0) throw new Error(`${name} ${args.join(' ')} failed: ${stderr.trim()}`);
    return stdout;
  };
}
