import { access, constants, open } from 'node:fs/promises';
import path from 'node:path';
import { ask, need, surroundings } from './programs.ts';
import { Refusal } from './refusal.ts';

/** A program or a file that the lab needs, and the Debian package that brings it. */
interface Tool {
  package: string;
  present: () => Promise<boolean>;
}

const program = (name: string): Tool['present'] => {
  return async () => (await find(name)) !== undefined;
};

const always: readonly Tool[] = [
  { package: 'qemu-system-x86', present: program('qemu-system-x86_64') },
  { package: 'busybox-static', present: async () => (await staticBusybox()) !== undefined },
  { package: 'kmod', present: program('modprobe') },
  { package: 'gcc', present: program('gcc') },
  { package: 'libc6-dev', present: hasStaticLibc },
  { package: 'xz-utils', present: program('xz') },
];

const makers: Readonly<Record<string, Tool>> = {
  ext4: { package: 'e2fsprogs', present: program('mkfs.ext4') },
  xfs: { package: 'xfsprogs', present: program('mkfs.xfs') },
  btrfs: { package: 'btrfs-progs', present: program('mkfs.btrfs') },
};

/**
 * Makes sure that everything is there before anything is fetched or booted. As root, what is
 * missing is installed by apt; otherwise one message names it.
 */
export async function ensureTools(
  filesystems: readonly string[],
  tell: (line: string) => void,
): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Refusal('The lab boots x86-64 kernels of Debian and runs on x86-64 Linux only.');
  }
  if ((await find('apt-get')) === undefined || (await find('dpkg-deb')) === undefined) {
    throw new Refusal('The lab takes its kernels through apt: it needs Debian or a derivative.');
  }
  const tools = [...always, ...filesystems.flatMap((name) => makers[name] ?? [])];
  const missing = await missingOf(tools);
  if (missing.length === 0) return;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new Refusal(`The lab needs packages that are not installed. As root: ${command}`);
  }
  tell(`Installing ${missing.join(', ')}.`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if ((await ask('apt-get', install, { env })).code !== 0) {
    // Lists that are too old name packages that have gone.
    await need('The package lists cannot be fetched', 'apt-get', ['update'], { env });
    await need('The tools cannot be installed', 'apt-get', install, { env });
  }
  const still = await missingOf(tools);
  if (still.length > 0) {
    throw new Refusal(`apt installed ${still.join(', ')}, but what the lab needs is not there.`);
  }
}

async function missingOf(tools: readonly Tool[]): Promise<string[]> {
  const present = await Promise.all(tools.map((tool) => tool.present()));
  return tools.filter((_, index) => present[index] !== true).map((tool) => tool.package);
}

async function find(name: string): Promise<string | undefined> {
  for (const folder of (surroundings()['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return file;
  }
  return undefined;
}

/** The busybox that needs no libraries: the guest has none. */
export async function staticBusybox(): Promise<string | undefined> {
  const file = await find('busybox');
  if (file === undefined) return undefined;
  const handle = await open(file);
  try {
    // A program with libraries names their loader in the first page.
    const page = Buffer.alloc(4096);
    await handle.read(page, 0, page.length, 0);
    return page.includes('ld-linux') ? undefined : file;
  } finally {
    await handle.close();
  }
}

async function hasStaticLibc(): Promise<boolean> {
  // gcc answers the bare name where it knows no such file.
  return path.isAbsolute((await ask('gcc', ['-print-file-name=libc.a'])).out.trim());
}
