/**
 * Real programs out of Debian's packages, unpacked and never installed. Where the packages come
 * from is what the machine's own apt says; apt checks their signatures. What was unpacked once
 * stays in .cache.
 */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A package of Debian, unpacked. */
export interface DebianPackage {
  suite: string;
  name: string;
  /** As Debian counts: epoch, version of the program, revision. */
  version: string;
  /** The folder that stands for `/`; absolute. */
  root: string;
}

/** Why there is no such package here; the message is for the person who reads the output. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** Holds what apt and dpkg say of a package, inside the folder that it was unpacked to. */
const NOTE = '.debian-package.json';

/** Packages of one Debian suite, such as `bookworm` or `trixie-backports`, in the order asked. */
export async function unpackAll(suite: string, names: readonly string[]): Promise<DebianPackage[]> {
  const home = resolve('.cache/debian', suite);
  const missing = names.filter((name) => known(home, name) === undefined);
  if (missing.length > 0) {
    await withApt(suite, home, async (apt) => {
      for (const name of missing) await fetchPackage(apt, suite, home, name);
    });
  }
  return names.map((name) => {
    const found = known(home, name);
    if (found === undefined) throw new Unavailable(`${suite}: ${name} cannot be unpacked`);
    return found;
  });
}

/** One package of a Debian suite. */
export async function unpack(suite: string, name: string): Promise<DebianPackage> {
  const [found] = await unpackAll(suite, [name]);
  if (found === undefined) throw new Unavailable(`${suite}: ${name} cannot be unpacked`);
  return found;
}

/** The packages that a package depends on, without alternatives: what a metapackage stands for. */
export async function dependencies(suite: string, name: string): Promise<string[]> {
  return withApt(suite, resolve('.cache/debian', suite), async (apt) => {
    const printed = await apt('apt-cache', ['depends', '--important', name]);
    return [...printed.matchAll(/^ {2}Depends: ([^\s<]+)$/gm)].map(([, found]) => found ?? '');
  });
}

function known(home: string, name: string): DebianPackage | undefined {
  const root = join(home, name);
  const note = join(root, NOTE);
  if (!existsSync(note)) return undefined;
  const { suite, version } = JSON.parse(readFileSync(note, 'utf8')) as DebianPackage;
  return { suite, name, version, root };
}

async function fetchPackage(apt: Apt, suite: string, home: string, name: string): Promise<void> {
  const root = join(home, name);
  const download = join(home, `${name}.download`);
  const half = `${root}.half`;
  for (const left of [download, half, root]) rmSync(left, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  try {
    await apt('apt-get', ['download', name], download);
    const [file] = readdirSync(download);
    if (file === undefined) throw new Unavailable(`${suite} holds no package ${name}`);
    const deb = join(download, file);
    const { stdout: version } = await run('dpkg-deb', ['-f', deb, 'Version']);
    await run('dpkg-deb', ['-x', deb, half]);
    writeFileSync(join(half, NOTE), JSON.stringify({ suite, name, version: version.trim() }));
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
  // Whole or not there: a run that was cut off leaves nothing that looks finished.
  renameSync(half, root);
}

type Apt = (program: string, args: readonly string[], cwd?: string) => Promise<string>;

/** apt with lists of its own, so that the machine's packages stay as they are. */
async function withApt<T>(suite: string, home: string, work: (apt: Apt) => Promise<T>) {
  const mirror = await debianMirror();
  // A folder of this process: two of them may ask apt at once.
  const state = join(home, `apt-${process.pid}`);
  mkdirSync(join(state, 'lists/partial'), { recursive: true });
  mkdirSync(join(state, 'cache/archives/partial'), { recursive: true });
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const signed = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  writeFileSync(join(state, 'sources.list'), `deb ${signed}${mirror} ${suite} main\n`);
  const options = [
    `Dir::Etc::sourcelist=${join(state, 'sources.list')}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::Lists=${join(state, 'lists')}`,
    `Dir::Cache=${join(state, 'cache')}`,
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
    'Acquire::Retries=1',
    'Acquire::http::Timeout=15',
    'Acquire::https::Timeout=15',
  ].flatMap((option) => ['-o', option]);
  const apt: Apt = async (program, args, cwd = home) => {
    try {
      const { stdout } = await run(program, [...options, '-qq', ...args], {
        cwd,
        timeout: 120_000,
      });
      return stdout;
    } catch (error) {
      throw new Unavailable(`${program} ${args.join(' ')} for ${suite}: ${firstLine(error)}`);
    }
  };
  try {
    await apt('apt-get', ['update']);
    return await work(apt);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** The archive this machine takes its own packages from. */
async function debianMirror(): Promise<string> {
  let targets: string;
  try {
    ({ stdout: targets } = await run('apt-get', ['indextargets', '--format', '$(SITE) $(ORIGIN)']));
  } catch (error) {
    throw new Unavailable(`apt does not say where its packages come from: ${firstLine(error)}`);
  }
  const site = mirrorAmong(targets);
  if (site === undefined) throw new Unavailable('apt names no mirror of the Debian archive');
  return site;
}

/**
 * The first Debian archive among lines of `SITE ORIGIN`. Others also end their address in
 * `/debian`; the origin, which is empty until the lists were fetched once, tells them apart.
 */
export function mirrorAmong(targets: string): string | undefined {
  for (const line of targets.split('\n')) {
    const [site = '', origin = ''] = line.split(' ');
    if (/\/debian\/?$/.test(site) && (origin === '' || origin === 'Debian')) return site;
  }
  return undefined;
}

function firstLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr ?? String(error);
  return text.trim().split('\n')[0] ?? '';
}
