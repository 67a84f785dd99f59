/**
 * Real programs out of Debian's packages, unpacked and never installed. Where the packages come
 * from is what the machine's own apt says; what was unpacked once stays in .cache.
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

/** Why there is no such program here; the message is for the person who reads the test's output. */
export class Unavailable extends Error {
  override name = 'Unavailable';
}

/** The folder of an unpacked package of one Debian suite. */
export async function unpacked(suite: string, packageName: string): Promise<string> {
  const home = resolve('.cache/debian', suite);
  const root = join(home, packageName);
  if (existsSync(root)) return root;

  const apt = await aptFor(suite, home);
  await apt('update');
  const download = join(home, 'download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  await apt('download', [packageName], download);
  const [file] = readdirSync(download);
  if (file === undefined) throw new Unavailable(`${suite} holds no package ${packageName}`);
  const half = `${root}.half`;
  rmSync(half, { recursive: true, force: true });
  await run('dpkg-deb', ['-x', join(download, file), half]);
  rmSync(download, { recursive: true });
  rmSync(join(home, 'apt'), { recursive: true });
  // Whole or not there: a run that was cut off leaves nothing that looks finished.
  renameSync(half, root);
  return root;
}

type Apt = (command: string, args?: string[], cwd?: string) => Promise<void>;

/** apt-get with a list of its own, so that the machine's packages stay as they are. */
async function aptFor(suite: string, home: string): Promise<Apt> {
  const mirror = await debianMirror();
  const state = join(home, 'apt');
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
  return async (command, args = [], cwd = home) => {
    try {
      await run('apt-get', [...options, '-qq', command, ...args], { cwd, timeout: 45_000 });
    } catch (error) {
      throw new Unavailable(`apt-get ${command} for ${suite} failed: ${firstLine(error)}`);
    }
  };
}

/** The archive this machine takes its own packages from. */
async function debianMirror(): Promise<string> {
  if (
    !existsSync('/etc/os-release') ||
    !/^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  )
    throw new Unavailable('this is not Debian');
  let sites: string;
  try {
    ({ stdout: sites } = await run('apt-get', ['indextargets', '--format', '$(SITE)']));
  } catch (error) {
    throw new Unavailable(`apt does not say where its packages come from: ${firstLine(error)}`);
  }
  const site = [...new Set(sites.split('\n'))].find((line) => /\/debian\/?$/.test(line));
  if (site === undefined) throw new Unavailable('apt names no mirror of the Debian archive');
  return site;
}

function firstLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr ?? String(error);
  return text.trim().split('\n')[0] ?? '';
}
