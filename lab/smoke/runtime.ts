/**
 * The short lab's runtimes: containerd of every suite, with the file that a user of this project
 * gets and with one that it has merged, and podman and buildah, which need none.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unavailable, unpackAll, type DebianPackage } from '../packages.ts';
import { ask, type Answer } from '../programs.ts';
import { Refusal } from '../refusal.ts';
import { enclosed } from '../runtimes/enclosure.ts';
import { PODMAN_PACKAGES } from '../runtimes/podman.ts';
import { OLDEST, SUITES } from '../runtimes/suites.ts';
import { mountObstacle } from './obstacle.ts';
import { runtimeChecks, storageChecks, type Check } from './checks.ts';
import type { Seen, SmokeJob, Trial } from './inside.ts';

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;

/** The release of containerd 1.6 that knows the option; Debian's is older, and does not. */
const LAST_OF_1_6 = '1.6.39';

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export async function smokeRuntime(tell: (line: string) => void): Promise<Check[]> {
  const obstacle = await mountObstacle();
  if (obstacle !== undefined) throw new Unavailable(obstacle);
  tell(`Taking containerd of ${SUITES.join(', ')} from this machine's Debian mirror.`);
  const [runc, busybox] = await unpackAll(OLDEST, ['runc', 'busybox-static']);
  const podman = await unpackAll(OLDEST, PODMAN_PACKAGES);
  // Below the folder of this project, since /run and /etc are others inside.
  const folder = resolve('.cache/lab/runtimes', `work-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const trials: Trial[] = [];
    const checks: Check[] = [];
    for (const suite of SUITES) {
      // A mirror in the middle of an update may lack one suite and have the others.
      const containerd = await had(suite);
      if (typeof containerd === 'string') {
        checks.push({ outcome: 'skipped', name: `containerd of ${suite}`, seen: containerd });
        continue;
      }
      const found = await trialsOf(containerd, folder);
      trials.push(...found.trials);
      checks.push(...found.checks);
    }
    for (const { version, file } of trials)
      tell(`Running a container in containerd ${version} with ${file}.`);
    const [own] = podman;
    const optOut = await generated('--target', 'podman', '--file', 'storage.conf', ...of(own));
    const to = join(folder, 'seen.json');
    const storage = { packages: [...podman, runc], optOut };
    const job: SmokeJob = { trials, runc, busybox, storage, to };
    const [node, ...flags] = NODE;
    const code = await enclosed(node, [...flags, program('inside.ts'), JSON.stringify(job)]);
    if (code !== 0) throw new Refusal(`The containers could not be tried: see above (${code}).`);
    const seen = JSON.parse(readFileSync(to, 'utf8')) as Seen;
    return [...checks, ...seen.runtimes.flatMap(runtimeChecks), ...ofStorage(seen.storage)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** containerd of a suite, or why it cannot be had. */
async function had(suite: string): Promise<DebianPackage | string> {
  try {
    return (await unpackAll(suite, ['containerd']))[0];
  } catch (error) {
    if (error instanceof Unavailable) return error.message;
    throw error;
  }
}

function ofStorage(seen: Seen['storage']): Check[] {
  return 'lacks' in seen
    ? [{ outcome: 'skipped', name: 'podman and buildah', seen: seen.lacks }]
    : storageChecks(seen);
}

/** What a containerd is tried with, and what the command line says to its version. */
async function trialsOf(
  containerd: DebianPackage,
  folder: string,
): Promise<{ trials: Trial[]; checks: Check[] }> {
  const [, version] = of(containerd);
  const { code, out, err } = await generate('--runtime', version);
  const known = code === 0;
  const about = { containerd, version, wanted: known };
  // A version that the generator refuses gets the file of one that it does not.
  const text = known ? out : await generated('--runtime', LAST_OF_1_6);
  const bare = `${text.split('\n').find((line) => line.startsWith('version')) ?? ''}\n`;
  const whole: Trial = { ...about, file: 'the generated file', text, without: bare };
  if (!known) {
    const seen = code === 2 ? err.trim() : `exit code ${code}`;
    const name = `containerd ${version}: the generator refuses it a file`;
    const checks: Check[] = [{ outcome: code === 2 ? 'passed' : 'failed', name, seen }];
    return { trials: [{ ...whole, file: `the file of ${LAST_OF_1_6}` }], checks };
  }
  // Merged into all that this containerd writes itself.
  const binary = join(containerd.root, 'usr/bin/containerd');
  const { out: without } = await ask(binary, ['config', 'default']);
  const place = join(folder, 'config.toml');
  writeFileSync(place, without);
  const merged = await generated('--runtime', version, '--merge', place);
  return {
    trials: [whole, { ...about, file: 'a merged file', text: merged, without }],
    checks: [],
  };
}

/** The upstream part of Debian's version, `2.1.9+ds1-5`, as an option of the command line. */
function of(found: DebianPackage | undefined): ['--runtime', string] {
  const debian = found?.version ?? '';
  return ['--runtime', /\d+\.\d+\.\d+/.exec(debian)?.[0] ?? debian];
}

/** What the command line answers for this machine. */
function generate(...args: readonly string[]): Promise<Answer> {
  const [node, ...flags] = NODE;
  const given = ['generate', '--kernel', release(), ...args];
  return ask(node, [...flags, program('../../src/cli/main.ts'), ...given]);
}

async function generated(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await generate(...args);
  if (code !== 0) throw new Refusal(`No file is generated: ${err.trim()}`);
  return out;
}
