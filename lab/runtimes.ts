/** Runs Debian's container runtimes and records what they do: `npm run lab:runtimes`. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { release, version as buildOfKernel } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { unpackAll } from './packages.ts';
import { Refusal } from './refusal.ts';
import { enclosed } from './runtimes/enclosure.ts';
import {
  aboutExperiment,
  containerdExperiments,
  experimentNames,
  STORAGE,
} from './runtimes/experiments/index.ts';
import type { Job } from './runtimes/inside.ts';
import { PODMAN_PACKAGES } from './runtimes/podman.ts';
import { collect, writeBehaviour } from './runtimes/results.ts';
import { OLDEST, SUITES } from './runtimes/suites.ts';

const USAGE = `usage: npm run lab:runtimes -- [--suite NAME]... [--experiment NAME]... [--to FILE] [--refresh] [--list]

Unpacks containerd of several Debian suites, podman and buildah, installs nothing, and records what
each of them does with the mount option. Needs root, Debian's apt, strace, unshare, loop devices and overlayfs.
  --suite NAME       only containerd of this suite; may be repeated
  --experiment NAME  only this; may be repeated
  --to FILE          also writes all results, of this run and of earlier ones, as one file
  --refresh          takes the newest packages, even where the cache holds some
  --list             shows suites and experiments and ends`;

const RESULTS = resolve('.cache/lab/runtimes');

/** Programs that are not on every machine, and the packages that bring them. */
const NEEDED: Readonly<Record<string, string>> = {
  strace: 'strace',
  unshare: 'util-linux',
  findmnt: 'util-linux',
  flock: 'util-linux',
  mount: 'mount',
  umount: 'mount',
  'mkfs.ext4': 'e2fsprogs',
};

/** Exit codes: for what the machine lacks, and for bad usage. */
const LACKING = 1;
const REFUSED = 2;

async function main(argv: readonly string[]): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        suite: { type: 'string', multiple: true, default: [...SUITES] },
        experiment: { type: 'string', multiple: true, default: [...experimentNames] },
        to: { type: 'string' },
        refresh: { type: 'boolean' },
        list: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }));
    for (const name of values.suite) known(name, SUITES, 'suite');
    for (const name of values.experiment) known(name, experimentNames, 'experiment');
  } catch (error) {
    tell(`lab:runtimes: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return REFUSED;
  }
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (values.list === true) {
    for (const name of SUITES) process.stdout.write(`suite       ${name}\n`);
    for (const name of experimentNames)
      process.stdout.write(`experiment  ${name.padEnd(16)} ${aboutExperiment(name)}\n`);
    return 0;
  }

  const obstacle = whyNot();
  if (obstacle !== undefined) {
    tell(`lab:runtimes cannot run here: ${obstacle}`);
    return LACKING;
  }
  let job: Job;
  try {
    tell(`Taking packages of ${values.suite.join(', ')} from this machine's Debian mirror.`);
    const refresh = values.refresh === true;
    const [runc, busybox] = await unpackAll(OLDEST, ['runc', 'busybox-static'], { refresh });
    const releases = [];
    for (const suite of SUITES.filter((name) => values.suite.includes(name))) {
      const [containerd] = await unpackAll(suite, ['containerd'], { refresh });
      releases.push({ containerd, runc });
    }
    const podman = values.experiment.includes(STORAGE)
      ? [...(await unpackAll(OLDEST, PODMAN_PACKAGES, { refresh })), runc]
      : [];
    job = {
      releases,
      podman,
      busybox,
      experiments: containerdExperiments.filter((name) => values.experiment.includes(name)),
      results: RESULTS,
      // Of this process: another run may be under way.
      folder: join(RESULTS, `work-${process.pid}`),
      provenance: {
        date: new Date().toISOString().slice(0, 10),
        command: ['npm run lab:runtimes', ...(argv.length > 0 ? ['--', ...argv] : [])].join(' '),
        kernel: kernelVersion(release(), buildOfKernel()),
        system: systemName(),
      },
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(`lab:runtimes: ${error.message}`);
    return error.code;
  }

  for (const left of globSync(join(RESULTS, 'work-*')))
    if (!existsSync(`/proc/${left.split('-').at(-1) ?? ''}`)) rmSync(left, { recursive: true });
  mkdirSync(job.folder, { recursive: true });
  const inside = fileURLToPath(new URL('runtimes/inside.ts', import.meta.url));
  const code = await enclosed(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    inside,
    JSON.stringify(job),
  ]);
  rmSync(job.folder, { recursive: true, force: true });
  if (code !== 0) {
    tell('lab:runtimes: not all of it was run to its end; what was is in .cache/lab/runtimes.');
    return code;
  }
  if (values.to !== undefined) writeBehaviour(resolve(values.to), collect(RESULTS, tell));
  tell(`Results are in ${values.to ?? '.cache/lab/runtimes'}.`);
  return 0;
}

function known(name: string, names: readonly string[], what: string): void {
  if (!names.includes(name))
    throw new Error(`unknown ${what} "${name}"; known: ${names.join(', ')}`);
}

/** What keeps the lab from running here; undefined where nothing does. */
function whyNot(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it needs Linux on x86-64';
  if (process.getuid?.() !== 0) return 'it needs root, to mount and to start containers';
  const folders = (process.env['PATH'] ?? '').split(':');
  const has = (name: string): boolean => folders.some((folder) => existsSync(join(folder, name)));
  if (!has('apt-get') || !has('dpkg-deb'))
    return 'it takes packages through apt: it needs Debian or a derivative, with apt-get in its PATH';
  const missing = Object.entries(NEEDED).flatMap(([name, from]) => (has(name) ? [] : [from]));
  return missing.length > 0
    ? `something is not installed; apt-get install ${[...new Set(missing)].join(' ')}`
    : undefined;
}

/** The version of Debian's package, which a kernel of Debian names, or that of the source. */
function kernelVersion(released: string, build: string): string {
  return /\bDebian (\S+)/.exec(build)?.[1] ?? /^[\d.]+/.exec(released)?.[0] ?? released;
}

function systemName(): string {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? 'unknown';
}

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  tell(
    'lab:runtimes: the disk is full. Make room, then run the lab again; no file is half-written.',
  );
  process.exitCode = LACKING;
}
