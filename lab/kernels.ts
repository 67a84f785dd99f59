import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Archive, sourcesOf, type Mirror, type Package } from './packages.ts';
import { need } from './programs.ts';
import { Refusal } from './refusal.ts';

/** A suite of Debian that the lab takes a kernel from. */
export interface Suite {
  name: string;
  /** The kernel series of a released suite; absent where it moves on. */
  series?: string;
  /** Whether its kernels come as security updates. */
  security?: boolean;
}

/**
 * In order of their kernels. The security updates of bullseye have ended as far as its mirrors go,
 * so the last point release is what stays.
 */
export const SUITES: readonly Suite[] = [
  { name: 'bullseye', series: '5.10' },
  { name: 'bookworm', series: '6.1', security: true },
  { name: 'trixie', series: '6.12', security: true },
  { name: 'forky' },
  { name: 'trixie-backports' },
];

/** The package that always depends on the newest kernel for virtual machines. */
const NEWEST = 'linux-image-cloud-amd64';

/** A kernel that a suite offers: which packages hold it. */
export interface OfferedKernel {
  /** `6.12`: what readers and `--kernel` choose by. */
  series: string;
  suite: string;
  /** `uname -r`, `6.12.117+deb13-cloud-amd64`. */
  release: string;
  /** Debian's package version. */
  version: string;
  packages: Package[];
}

/** A kernel on this machine's disk, ready to boot. */
export interface UnpackedKernel extends OfferedKernel {
  vmlinuz: string;
  /** The folder that holds `lib/modules`. */
  root: string;
}

/** `6.12` of `6.12.117-1` and of `7.3~rc2-1~exp1`. */
export function seriesOf(version: string): string {
  const series = /^(\d+\.\d+)/.exec(version)?.[1];
  if (series === undefined) throw new Refusal(`${version} is not the version of a kernel.`);
  return series;
}

/**
 * The names behind a kernel's image that hold the kernel itself: up to 7.0 the image, later
 * `linux-binary` and `linux-modules`, on which the image only depends.
 */
export const isKernelPart = (name: string): boolean =>
  /^linux-(?:image|binary|modules)-\d/.test(name);

/**
 * Which suites may hold what `--kernel` asks for: names of series or of suites.
 *
 * @param wanted empty for all
 */
export function suitesFor(wanted: readonly string[]): Suite[] {
  if (wanted.length === 0) return [...SUITES];
  const unknown = (word: string) =>
    !SUITES.some(({ name, series }) => [name, series].includes(word));
  return SUITES.filter(
    ({ name, series }) =>
      wanted.includes(name) ||
      (series === undefined ? wanted.some(unknown) : wanted.includes(series)),
  );
}

/** What the chosen suites offer, oldest first; of two suites with one series the first counts. */
export async function findKernels(
  wanted: readonly string[],
  mirror: Mirror,
  cache: string,
  refresh: boolean,
): Promise<OfferedKernel[]> {
  const offered: OfferedKernel[] = [];
  for (const suite of suitesFor(wanted)) {
    const archive = new Archive(suite.name, path.join(cache, 'apt'));
    await archive.update(sourcesOf(suite.name, mirror, suite.security === true), refresh);
    offered.push(await newestOf(archive));
  }
  const chosen = offered.filter(
    ({ series, suite }, index) =>
      (wanted.length === 0 || wanted.includes(series) || wanted.includes(suite)) &&
      offered.findIndex((other) => other.series === series) === index,
  );
  const missing = wanted.filter(
    (word) => !chosen.some(({ series, suite }) => series === word || suite === word),
  );
  if (missing.length > 0) {
    const known = SUITES.flatMap(({ name, series }) => series ?? name).join(', ');
    const seen = offered.filter((each) => !chosen.includes(each)).map(({ series }) => series);
    throw new Refusal(
      `Unknown kernel ${missing.join(', ')}. Debian's mirror has ${known}` +
        (seen.length > 0 ? ` (today ${seen.join(' and ')}).` : '.'),
      2,
    );
  }
  return chosen.sort((a, b) => compareSeries(a.series, b.series));
}

function compareSeries(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

async function newestOf(archive: Archive): Promise<OfferedKernel> {
  const newest = await archive.show(NEWEST);
  const image = newest?.depends.find(isKernelPart);
  if (image === undefined) throw new Refusal(`${archive.suite} has no package ${NEWEST}.`);
  const packages: Package[] = [];
  const queue = [image];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (packages.some((known) => known.name === name)) continue;
    const found = await archive.show(name);
    if (found === undefined) throw new Refusal(`${archive.suite} names ${name} and has it not.`);
    packages.push(found);
    queue.push(...found.depends.filter(isKernelPart));
  }
  const version = packages[0]?.version ?? '';
  return {
    series: seriesOf(version),
    suite: archive.suite,
    release: image.replace(/^linux-image-/, ''),
    version,
    packages,
  };
}

/** Fetches and unpacks a kernel, once; it is never installed. */
export async function unpackKernel(kernel: OfferedKernel, cache: string): Promise<UnpackedKernel> {
  const root = path.join(cache, 'kernels', `${kernel.release}_${kernel.version}`);
  if (!existsSync(root)) {
    const archive = new Archive(kernel.suite, path.join(cache, 'apt'));
    const draft = `${root}.part`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    try {
      for (const each of kernel.packages) {
        const file = await archive.download(each);
        await need(`${each.name} cannot be unpacked`, 'dpkg-deb', ['-x', file, draft]);
      }
      // Newer packages put everything below /usr, and kmod looks for /lib/modules.
      if (!existsSync(path.join(draft, 'lib'))) await symlink('usr/lib', path.join(draft, 'lib'));
      await need('The modules cannot be listed', 'depmod', ['-b', draft, kernel.release]);
      await rename(draft, root);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  const places = [
    path.join(root, 'boot', `vmlinuz-${kernel.release}`),
    path.join(root, 'usr/lib/modules', kernel.release, 'vmlinuz'),
  ];
  const vmlinuz = places.find((place) => existsSync(place));
  if (vmlinuz === undefined) {
    const held = (await readdir(root)).join(', ');
    throw new Refusal(`The packages of ${kernel.release} hold no kernel image (${held}).`);
  }
  return { ...kernel, vmlinuz, root };
}
