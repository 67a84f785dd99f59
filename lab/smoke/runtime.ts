/** The short lab's runtime: the newest containerd, with the file that a user of this project gets. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unavailable, unpackAll } from '../packages.ts';
import { ask } from '../programs.ts';
import { Refusal } from '../refusal.ts';
import { enclosed } from '../runtimes/enclosure.ts';
import { NEWEST, OLDEST } from '../runtimes/suites.ts';
import { mountObstacle } from './obstacle.ts';
import { runtimeChecks, type Check, type RuntimeSeen } from './checks.ts';
import type { SmokeJob } from './inside.ts';

const NODE = [process.execPath, '--disable-warning=ExperimentalWarning'] as const;

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export async function smokeRuntime(tell: (line: string) => void): Promise<Check[]> {
  const obstacle = await mountObstacle();
  if (obstacle !== undefined) throw new Unavailable(obstacle);
  tell(`Taking containerd of ${NEWEST} from this machine's Debian mirror.`);
  const [runc, busybox] = await unpackAll(OLDEST, ['runc', 'busybox-static']);
  const [containerd] = await unpackAll(NEWEST, ['containerd']);
  // The upstream part of Debian's version: `2.1.9+ds1-5`.
  const version = /^\d+\.\d+\.\d+/.exec(containerd.version)?.[0] ?? containerd.version;

  const file = await generated(version);
  // Below the folder of this project, since /run and /etc are others inside.
  const folder = resolve('.cache/lab/runtimes', `work-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    tell(`Running a container in containerd ${version}.`);
    const to = join(folder, 'seen.json');
    const job: SmokeJob = { containerd, runc, busybox, version, file, to };
    const [node, ...flags] = NODE;
    const code = await enclosed(node, [...flags, program('inside.ts'), JSON.stringify(job)]);
    if (code !== 0) throw new Refusal(`The container could not be tried: see above (${code}).`);
    return runtimeChecks(JSON.parse(readFileSync(to, 'utf8')) as RuntimeSeen);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the command line prints for this containerd on this machine. */
async function generated(version: string): Promise<string> {
  const [node, ...flags] = NODE;
  const args = ['generate', '--runtime', version, '--kernel', release()];
  const { code, out, err } = await ask(node, [...flags, program('../../src/cli/main.ts'), ...args]);
  if (code !== 0) throw new Refusal(`No file is generated: ${err.trim()}`);
  return out;
}
