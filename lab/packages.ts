/**
 * Debian's packages, from the mirror that this machine's own apt names, checked by apt's own
 * signatures. They are unpacked below .cache and never installed; the machine's lists and packages
 * stay as they are.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask, type ProgramOptions } from './programs.ts';
import { Refusal } from './refusal.ts';

const CACHE = fileURLToPath(new URL('../.cache/lab/', import.meta.url));

/** Lists younger than this are taken as they are, milliseconds. */
const FRESH = 24 * 60 * 60 * 1000;

/** Suites that get security updates by an archive of their own, as far as Debian's mirrors go. */
const SECURED = ['bookworm', 'trixie'];

/** How long one run waits for another that fetches the same lists, seconds. */
const PATIENCE = 180;

/** How long apt may take for one thing, seconds: on a disk that fills up it can wait for ever. */
const BOUND = 600;

/** Room for the lists of one suite, bytes: they take about a third of it. */
const LISTS = 64 * 1024 * 1024;

/** The packages cannot be had on this machine: it has no apt, or reaches no mirror. */
export class Unavailable extends Refusal {
  override name = 'Unavailable';
}

/** A package as apt's lists describe it. */
export interface Package {
  name: string;
  version: string;
  /** Names of the packages it depends on, first alternative of each, without versions. */
  depends: string[];
  /** Of the .deb, and of what is in it, bytes. */
  size: number;
  unpackedSize: number;
  /** Of the .deb, from lists whose signature apt has checked. */
  sha256: string;
}

/** A package of Debian, unpacked. */
export interface DebianPackage {
  suite: string;
  name: string;
  /** As Debian counts: epoch, version of the program, revision. */
  version: string;
  /** The folder that stands for `/`; absolute. */
  root: string;
}

/** Where this machine takes Debian's packages from. */
export interface Mirror {
  /** Address of the archive. */
  archive: string;
  /** Address of the security archive, where the machine's sources name one. */
  security?: string | undefined;
  /** File with the keys of Debian's archive; without it apt's own list of keys counts. */
  keyring?: string | undefined;
}

/** Fields of `apt-get indextargets` that tell one archive from another; see `parseMirror`. */
const MIRROR_FORMAT = '$(SITE)|$(LABEL)';

/**
 * The mirror that the machine's own apt sources name.
 *
 * @param text output of `apt-get indextargets --format` with MIRROR_FORMAT. The label is empty or
 *   unexpanded while no lists have been fetched; then the address tells what it is.
 */
export function parseMirror(text: string): Mirror | undefined {
  const targets = text.split('\n').flatMap((line) => {
    const [site = '', label = ''] = line.trim().split('|');
    return site === ''
      ? []
      : [{ site: site.replace(/\/+$/, ''), label: label.replace('$(LABEL)', '') }];
  });
  const pick = (label: string, end: RegExp) =>
    (
      targets.find((target) => target.label === label) ??
      // Archives of others also end their address in `/debian`, and have labels of their own.
      targets.find((target) => target.label === '' && end.test(target.site))
    )?.site;
  const archive = pick('Debian', /\/debian$/);
  if (archive === undefined) return undefined;
  return { archive, security: pick('Debian-Security', /\/debian-security$/) };
}

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The first archive of Debian in this machine's sources.
 *
 * @throws Unavailable where there is no apt, or none of its sources is an archive of Debian
 */
export async function findMirror(): Promise<Mirror> {
  const said = await apt("This machine's package sources cannot be read", 'apt-get', [
    'indextargets',
    '--format',
    MIRROR_FORMAT,
  ]);
  const mirror = parseMirror(said);
  if (mirror === undefined) {
    throw new Unavailable(
      "The apt sources of this machine name no archive of Debian: add one (deb822 or one-line) and run 'apt-get update'.",
    );
  }
  return existsSync(KEYRING) ? { ...mirror, keyring: KEYRING } : mirror;
}

/**
 * The sources file for one suite.
 *
 * @param withSecurity also the suite's security updates, where the mirror has them
 */
export function sourcesOf(suite: string, mirror: Mirror, withSecurity: boolean): string {
  const options = mirror.keyring === undefined ? '' : `[signed-by=${mirror.keyring}] `;
  const lines = [`deb ${options}${mirror.archive} ${suite} main`];
  if (withSecurity && mirror.security !== undefined) {
    lines.push(`deb ${options}${mirror.security} ${suite}-security main`);
  }
  return `${lines.join('\n')}\n`;
}

/** Packages of one suite, in lists of their own: the machine's lists and packages stay untouched. */
export class Archive {
  readonly suite: string;
  private readonly folder: string;
  private readonly options: string[];

  constructor(suite: string, cache: string) {
    this.suite = suite;
    this.folder = path.join(cache, suite);
    const settings = {
      'Dir::Etc::SourceList': path.join(this.folder, 'sources.list'),
      'Dir::Etc::SourceParts': '/dev/null',
      'Dir::Etc::Preferences': '/dev/null',
      'Dir::Etc::PreferencesParts': '/dev/null',
      'Dir::State::Lists': path.join(this.folder, 'lists'),
      // What is installed here must not decide which version is the candidate.
      'Dir::State::Status': path.join(this.folder, 'status'),
      'Dir::Cache': path.join(this.folder, 'cache'),
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64',
      // The folders belong to whoever runs the lab; apt's own user may not enter them.
      'APT::Sandbox::User': process.getuid?.() === 0 ? 'root' : '',
      'Acquire::Languages': 'none',
      // Where apt-file is installed, apt would fetch the names of all files of all packages, too.
      'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled': 'false',
      'Acquire::IndexTargets::deb::Contents-deb-legacy::DefaultEnabled': 'false',
      'Acquire::GzipIndexes': 'true',
      'Acquire::Retries': '2',
      'Acquire::http::Timeout': '15',
      'Acquire::https::Timeout': '15',
    };
    this.options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  }

  /**
   * Fetches the suite's lists unless they are fresh; apt checks their signature.
   *
   * @throws Refusal with apt's own words where it cannot, or where the signature is wrong
   */
  async update(sources: string, force: boolean): Promise<void> {
    const stamp = path.join(this.folder, 'fetched');
    if (!force && (await this.isFresh(stamp, sources))) return;
    const lists = path.join(this.folder, 'lists');
    const purpose = `The package lists of ${this.suite} cannot be fetched`;
    await writing(purpose, async () => {
      await mkdir(path.join(lists, 'partial'), { recursive: true });
      await mkdir(path.join(this.folder, 'cache', 'archives', 'partial'), { recursive: true });
      await writeFile(path.join(this.folder, 'sources.list'), sources);
      await writeFile(path.join(this.folder, 'status'), '');
    });
    await ensureRoom(purpose, lists, LISTS);
    // Lists that are half of one day and half of another count as none.
    await rm(stamp, { force: true });
    const update = ['-q', '-o', 'APT::Update::Error-Mode=any', ...this.options, 'update'];
    try {
      // apt does not wait for lists that another process fetches.
      const wait = ['--wait', String(PATIENCE), '--conflict-exit-code', String(BUSY)];
      const lock = path.join(this.folder, 'lock');
      await apt(purpose, 'flock', [...wait, lock, ...bounded('apt-get'), ...update]);
    } catch (error) {
      await rm(path.join(lists, 'partial'), { recursive: true, force: true });
      throw error;
    }
    await writing(purpose, () => writeFile(stamp, sources));
  }

  private async isFresh(stamp: string, sources: string): Promise<boolean> {
    const fetched = await stat(stamp).catch(() => undefined);
    const before = await readFile(stamp, 'utf8').catch(() => undefined);
    return before === sources && Date.now() - (fetched?.mtimeMs ?? 0) < FRESH;
  }

  /** A package's candidate; undefined where the suite does not hold it. */
  async show(name: string): Promise<Package | undefined> {
    const show = [...this.options, 'show', '--no-all-versions', name];
    const { code, out } = await ask('apt-cache', show);
    return code === 0 ? parsePackage(out) : undefined;
  }

  /** Fetches a package; the answer is the path of a .deb whose hash is that of the signed lists. */
  async download(wanted: Package): Promise<string> {
    const folder = path.join(this.folder, 'debs');
    const file = path.join(folder, `${wanted.name}_${wanted.version.replaceAll(':', '%3a')}.deb`);
    if ((await hashOf(file)) === wanted.sha256) return file;
    const purpose = `${wanted.name} ${wanted.version} of ${this.suite} cannot be fetched`;
    await removeDrafts(folder);
    const drafts = draftOf(path.join(folder, 'download'));
    try {
      await writing(purpose, () => mkdir(drafts, { recursive: true }));
      // Whoever fetches a package unpacks it.
      await ensureRoom(purpose, drafts, wanted.size + wanted.unpackedSize);
      const download = [...this.options, 'download', `${wanted.name}=${wanted.version}`];
      const [program = '', ...bound] = bounded('apt-get');
      await apt(purpose, program, [...bound, '-q', ...download], { cwd: drafts });
      const [draft] = await readdir(drafts);
      if (draft === undefined) throw new Refusal(`apt fetched nothing for ${wanted.name}.`);
      if ((await hashOf(path.join(drafts, draft))) !== wanted.sha256) {
        throw new Refusal(
          `${draft} is not the package that the signed lists of ${this.suite} name.`,
        );
      }
      await rename(path.join(drafts, draft), file);
    } finally {
      await remove(drafts);
    }
    return file;
  }

  /**
   * A package's files, below a folder of programs that were unpacked before. The .deb does not stay.
   */
  async unpack(name: string, home: string): Promise<void> {
    const found = await this.show(name);
    if (found === undefined) throw new Refusal(`Debian's ${this.suite} holds no package ${name}.`);
    const root = path.join(home, name);
    if ((await known(home, name))?.version === found.version) return;
    const deb = await this.download(found);
    const purpose = `${name} ${found.version} of ${this.suite} cannot be unpacked`;
    const half = draftOf(root);
    try {
      await writing(purpose, () => mkdir(half, { recursive: true }));
      await ensureRoom(purpose, half, found.unpackedSize);
      await apt(purpose, 'dpkg-deb', ['-x', deb, half]);
      const { version } = found;
      const note = JSON.stringify({ suite: this.suite, name, version });
      await writing(purpose, () => writeFile(path.join(half, NOTE), note));
      // Whole or not there: a run that was cut off leaves nothing that looks finished.
      await remove(root);
      await rename(half, root);
    } catch (error) {
      // Another run was faster.
      if ((await known(home, name))?.version !== found.version) throw error;
    } finally {
      await remove(half);
    }
    await rm(deb, { force: true });
  }
}

/** Holds what the lists say of a package, inside the folder that it was unpacked to. */
const NOTE = '.debian-package.json';

async function known(home: string, name: string): Promise<DebianPackage | undefined> {
  const root = path.join(home, name);
  const note = await readFile(path.join(root, NOTE), 'utf8').catch(() => undefined);
  if (note === undefined) return undefined;
  const { suite, version } = JSON.parse(note) as DebianPackage;
  return { suite, name, version, root };
}

/**
 * Programs of one suite, such as `bookworm` or `trixie-backports`, in the order asked. What was
 * unpacked once needs neither apt nor network again.
 *
 * @param settings.refresh take what the suite holds now, even if something was unpacked before
 * @throws Unavailable where this machine has no apt, or reaches no mirror
 */
export async function unpackAll<const Names extends readonly string[]>(
  suite: string,
  names: Names,
  { refresh = false, cache = CACHE } = {},
): Promise<{ [Index in keyof Names]: DebianPackage }> {
  const home = path.join(cache, 'programs', suite);
  await removeDrafts(home);
  const held = await Promise.all(names.map((name) => known(home, name)));
  const wanted = names.filter((_, index) => refresh || held[index] === undefined);
  if (wanted.length > 0) {
    const archive = new Archive(suite, path.join(cache, 'apt'));
    await archive.update(sourcesOf(suite, await findMirror(), SECURED.includes(suite)), refresh);
    for (const name of wanted) await archive.unpack(name, home);
  }
  const unpacked: DebianPackage[] = [];
  for (const name of names) {
    const found = await known(home, name);
    if (found === undefined) throw new Refusal(`${name} of ${suite} is gone from ${home}.`);
    unpacked.push(found);
  }
  return unpacked as { [Index in keyof Names]: DebianPackage };
}

/** One program of a suite. */
export async function unpack(suite: string, name: string): Promise<DebianPackage> {
  const [found] = await unpackAll(suite, [name]);
  return found;
}

/** A name of this process for something that is not finished yet. */
const draftOf = (whole: string): string => `${whole}.${process.pid}.half`;

/** Clears away what runs left that were killed. */
async function removeDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = /\.(\d+)\.half$/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) await remove(path.join(folder, name));
  }
}

/** What a program still writes there, whose starter was killed, comes a moment later. */
const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });

/** Runs one of apt's programs; a failure says what could not be done, why, and the way out. */
async function apt(
  purpose: string,
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<string> {
  const { code, out, err } = await ask(program, args, options);
  if (code === 0) return out;
  throw refusalOf(purpose, code, `${err}\n${out}`);
}

/** A program that is ended when it takes too long. */
const bounded = (program: string): string[] => [
  'timeout',
  '--kill-after=10',
  String(BOUND),
  program,
];

/** Sees to it, before anything is written, that there is room for it. */
async function ensureRoom(purpose: string, folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= bytes) return;
  const inMB = (value: number): string => `${Math.ceil(value / 1e6)} MB`;
  throw diskFull(purpose, `: ${inMB(bytes)} are needed, ${inMB(bavail * bsize)} are free`);
}

/** What timeout answers when it ended the program. */
const LATE = 124;

/** What flock answers when it has waited long enough. */
const BUSY = 75;

/** The code of a shell, of timeout, of flock and of the lab for a program that does not exist. */
const NOT_FOUND = [69, 127];

/** What a failure means for the reader, by the words of apt, dpkg and the kernel. */
export function refusalOf(purpose: string, code: number, said: string): Refusal {
  const lines = said.split('\n').map((line) => line.trim());
  const errors = lines.filter((line) => /^(E|W|dpkg-deb|flock): /.test(line));
  const words = [...new Set(errors.length > 0 ? errors : lines.filter((line) => line !== ''))]
    .slice(0, 2)
    .map((line) => `\n    ${line}`)
    .join('');
  if (NOT_FOUND.includes(code))
    return new Unavailable(
      `${purpose}: there is no apt. The lab needs Debian or a derivative with apt and dpkg.`,
    );
  if (code === LATE)
    return new Unavailable(`${purpose}: apt was not done after ${BOUND / 60} minutes.${words}`);
  if (code === BUSY) return new Refusal(`${purpose}: another run has been at it for too long.`);
  if (/No space left on device|ENOSPC/.test(said)) return diskFull(purpose);
  if (/NO_PUBKEY|not signed|GPG error|signatures? (were|couldn't)|Hash Sum mismatch/i.test(said))
    return new Refusal(
      `${purpose}: its signature or checksum is wrong.${words}\n` +
        'Nothing of it is used. Install debian-archive-keyring, or try another mirror.',
    );
  if (/connect|resolv|timed out|timeout|unreachable|Failed to fetch|proxy/i.test(said))
    return new Unavailable(
      `${purpose}: the mirror does not answer.${words}\n` +
        "See to it that 'apt-get update' works on this machine, then run the lab again.",
    );
  return new Refusal(`${purpose}: it ended with ${code}.${words}`);
}

const diskFull = (purpose: string, figures = ''): Refusal =>
  new Refusal(
    `${purpose}: the disk that holds .cache/lab is full${figures}.\n` +
      'Make room there, then run the lab again: nothing half-written stays in use.',
  );

/** Does something that writes; a full disk ends it with the one message for that. */
async function writing(purpose: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw diskFull(purpose);
    throw error;
  }
}

async function hashOf(file: string): Promise<string | undefined> {
  const content = await readFile(file).catch(() => undefined);
  return content === undefined ? undefined : createHash('sha256').update(content).digest('hex');
}

/** The first stanza of `apt-cache show`. */
export function parsePackage(text: string): Package | undefined {
  const fields = new Map<string, string>();
  for (const line of text.trimStart().split('\n')) {
    if (line === '') break;
    const [, name, value] = /^([A-Za-z0-9-]+): (.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const name = fields.get('Package');
  const version = fields.get('Version');
  const sha256 = fields.get('SHA256');
  const size = Number(fields.get('Size') ?? 0);
  const unpackedSize = Number(fields.get('Installed-Size') ?? 0) * 1024;
  if (name === undefined || version === undefined || sha256 === undefined) return undefined;
  const depends = (fields.get('Depends') ?? '')
    .split(',')
    .flatMap((each) => /^\s*([a-z0-9][a-z0-9.+-]*)/.exec(each)?.[1] ?? []);
  return { name, version, depends, size, unpackedSize, sha256 };
}
