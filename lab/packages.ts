import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ask, need } from './programs.ts';
import { Refusal } from './refusal.ts';

/** Lists younger than this are taken as they are, milliseconds. */
const FRESH = 24 * 60 * 60 * 1000;

/** A package as apt's lists describe it. */
export interface Package {
  name: string;
  version: string;
  /** Names of the packages it depends on, first alternative of each, without versions. */
  depends: string[];
  /** Of the .deb, from lists whose signature apt has checked. */
  sha256: string;
}

/** Where this machine takes Debian's packages from. */
export interface Mirror {
  /** Address of the archive. */
  archive: string;
  /** Address of the security archive, where the machine's sources name one. */
  security?: string | undefined;
}

/** Fields of `apt-get indextargets` that tell one archive from another; see `parseMirror`. */
export const MIRROR_FORMAT = '$(SITE)|$(LABEL)';

/**
 * The mirror that the machine's own apt sources name.
 *
 * @param text output of `apt-get indextargets --format` with MIRROR_FORMAT. The label is empty or
 *   unexpanded while no lists have been fetched; then the address tells what it is.
 */
export function parseMirror(text: string): Mirror | undefined {
  const targets = text.split('\n').flatMap((line) => {
    const [site = '', label = ''] = line.trim().split('|');
    return site === '' ? [] : [{ site: site.replace(/\/+$/, ''), label }];
  });
  const pick = (label: string, end: RegExp) =>
    (
      targets.find((target) => target.label === label) ??
      targets.find((target) => end.test(target.site))
    )?.site;
  const archive = pick('Debian', /\/debian$/);
  if (archive === undefined) return undefined;
  return { archive, security: pick('Debian-Security', /\/debian-security$/) };
}

/** The first archive of Debian in this machine's sources. */
export async function findMirror(): Promise<Mirror> {
  const { out } = await ask('apt-get', ['indextargets', '--format', MIRROR_FORMAT]);
  const mirror = parseMirror(out);
  if (mirror === undefined) {
    throw new Refusal(
      "The apt sources of this machine name no archive of Debian: add one (deb822 or one-line) and run 'apt-get update'.",
    );
  }
  return mirror;
}

/**
 * The sources file for one suite.
 *
 * @param withSecurity also the suite's security updates, where the mirror has them
 */
export function sourcesOf(suite: string, mirror: Mirror, withSecurity: boolean): string {
  const lines = [`deb ${mirror.archive} ${suite} main`];
  if (withSecurity && mirror.security !== undefined) {
    lines.push(`deb ${mirror.security} ${suite}-security main`);
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
      'Acquire::GzipIndexes': 'true',
      'Acquire::Retries': '2',
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
    const fetched = await stat(stamp).catch(() => undefined);
    const before = await readFile(stamp, 'utf8').catch(() => undefined);
    const age = Date.now() - (fetched?.mtimeMs ?? 0);
    if (!force && before === sources && age < FRESH) return;
    await mkdir(path.join(this.folder, 'lists', 'partial'), { recursive: true });
    await mkdir(path.join(this.folder, 'cache', 'archives', 'partial'), { recursive: true });
    await writeFile(path.join(this.folder, 'sources.list'), sources);
    await writeFile(path.join(this.folder, 'status'), '');
    const update = ['-q', '-o', 'APT::Update::Error-Mode=any', ...this.options, 'update'];
    await need(`The package lists of ${this.suite} cannot be fetched`, 'apt-get', update);
    await writeFile(stamp, sources);
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
    await mkdir(folder, { recursive: true });
    if ((await hashOf(file)) === wanted.sha256) return file;
    const drafts = path.join(folder, 'partial');
    await rm(drafts, { recursive: true, force: true });
    await mkdir(drafts);
    await need(
      `${wanted.name} ${wanted.version} cannot be fetched`,
      'apt-get',
      ['-q', ...this.options, 'download', `${wanted.name}=${wanted.version}`],
      { cwd: drafts },
    );
    const [draft] = await readdir(drafts);
    if (draft === undefined) throw new Refusal(`apt fetched nothing for ${wanted.name}.`);
    await rename(path.join(drafts, draft), file);
    if ((await hashOf(file)) !== wanted.sha256) {
      throw new Refusal(`${file} is not the package that the signed lists of ${this.suite} name.`);
    }
    return file;
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
  if (name === undefined || version === undefined || sha256 === undefined) return undefined;
  const depends = (fields.get('Depends') ?? '')
    .split(',')
    .flatMap((each) => /^\s*([a-z0-9][a-z0-9.+-]*)/.exec(each)?.[1] ?? []);
  return { name, version, depends, sha256 };
}
