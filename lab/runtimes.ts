/** Runs Debian's container runtimes and records what they do: `npm run lab:runtimes`. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { release, version as buildOfKernel } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Unavailable, unpack, unpackAll } from './debian.ts';
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

const USAGE = `usage: npm run lab:runtimes -- [--suite NAME]... [--experiment NAME]... [--to FILE] [--list]

Unpacks containerd of several Debian suites, podman and buildah, installs nothing, and records what
each of them does with the mount option. Needs root, Debian's apt, strace, unshare, loop devices and overlayfs.
  --suite NAME       only containerd of this suite; may be repeated
  --experiment NAME  only this; may be repeated
  --to FILE          also writes all results, of this run and of earlier ones, as one file
  --list             shows suites and experiments and ends`;

/** Suites whose containerd is run: the newest of each series that Debian holds. */
const SUITES = ['bookworm', 'trixie', 'forky'];

/** runc of newer suites wants a newer C library than the oldest suite has. */
const OLDEST = 'bookworm';

const RESULTS = resolve('.cache/lab/runtimes');

const NEEDED = [
  'strace',
  'unshare',
  'findmnt',
  'mkfs.ext4',
  'mount',
  'umount',
  'apt-get',
  'dpkg-deb',
];

const SKIPPED = 0;
const REFUSED = 2;

async function main(argv: readonly string[]): Promise<number> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        suite: { type: 'string', multiple: true, default: SUITES },
        experiment: { type: 'string', multiple: true, default: [...experimentNames] },
        to: { type: 'string' },
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
    tell(`lab:runtimes skipped: ${obstacle}`);
    return SKIPPED;
  }
  let job: Job;
  try {
    tell(`Taking packages of ${values.suite.join(', ')} from this machine's Debian mirror.`);
    const [runc, busybox] = await unpackAll(OLDEST, ['runc', 'busybox-static']);
    if (runc === undefined || busybox === undefined) throw new Unavailable('no runc, no busybox');
    const releases = [];
    for (const suite of SUITES.filter((name) => values.suite.includes(name)))
      releases.push({ containerd: await unpack(suite, 'containerd'), runc });
    const podman = values.experiment.includes(STORAGE)
      ? [...(await unpackAll(OLDEST, PODMAN_PACKAGES)), runc]
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
    if (!(error instanceof Unavailable)) throw error;
    tell(`lab:runtimes: ${error.message}`);
    return REFUSED;
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
  const missing = NEEDED.filter(
    (name) => !folders.some((folder) => existsSync(join(folder, name))),
  );
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
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

process.exitCode = await main(process.argv.slice(2));
