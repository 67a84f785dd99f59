/** One containerd out of a package, with root, state and socket of its own. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'smol-toml';
import type { DebianPackage } from '../packages.ts';
import type { PrintedConfig } from '../../src/evidence/runtime-behaviour.ts';
import { SNAPSHOTTER } from './forms.ts';
import { parseMountCommand, type Mount } from './mounts.ts';

/**
 * Where everything lives while the lab runs: on a file system of the lab's own, so that what
 * programs say of their paths is the same on every machine. containerd 2 takes absolute paths only.
 */
export const BASE = '/run/lab';

const SOCKET = `${BASE}/containerd.sock`;
const STATE = `${BASE}/state`;
const CONFIG = `${BASE}/config.toml`;

/** What is run: containerd of one suite with the runc of another. */
export interface Programs {
  containerd: DebianPackage;
  runc: DebianPackage;
}

export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

const READY_WITHIN = 20_000;
const STOPPED_WITHIN = 10_000;
const COMMAND_WITHIN = 60_000;

function environment({ containerd, runc }: Programs): NodeJS.ProcessEnv {
  const folders = [`${containerd.root}/usr/bin`, `${runc.root}/usr/sbin`, process.env['PATH']];
  return { ...process.env, PATH: folders.join(':'), TMPDIR: `${BASE}/tmp` };
}

/** Runs a program to its end, whatever that is. */
export function command(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Output> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { env, timeout: COMMAND_WITHIN },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr: error !== null && stderr === '' ? error.message : stderr });
      },
    );
    // Nobody types: who reads to the end of the input has it at once.
    child.stdin?.end();
  });
}

/** `containerd --config FILE config COMMAND`; needs no privilege and starts nothing. */
export async function configCommand(
  programs: Programs,
  name: 'default' | 'dump' | 'migrate',
  text = '',
): Promise<Output> {
  writeFileSync(CONFIG, text);
  const file = `${programs.containerd.root}/usr/bin/containerd`;
  return command(file, ['--config', CONFIG, 'config', name], environment(programs));
}

export function readPrinted(text: string): PrintedConfig {
  const config = parse(text) as {
    version?: number;
    imports?: string[];
    plugins?: Record<string, { mount_options?: string[]; upperdir_label?: boolean }>;
  };
  const table = config.plugins?.[SNAPSHOTTER];
  return {
    version: config.version ?? 0,
    // 1.x prints them in any order.
    imports: (config.imports ?? []).toSorted(),
    mountOptions: table?.mount_options ?? null,
    upperdirLabel: table?.upperdir_label ?? null,
  };
}

/** The version of the configuration that this containerd writes itself. */
export async function nativeVersion(programs: Programs): Promise<number> {
  return readPrinted((await configCommand(programs, 'default')).stdout).version;
}

/** A containerd that ended instead of serving. */
export class Refused extends Error {
  override name = 'Refused';
  readonly log: string;
  constructor(log: string) {
    super(log.trim().split('\n').at(-1) ?? 'containerd ended');
    this.log = log;
  }
}

/** A ctr that failed; the message holds the command and its words. */
export class CtrError extends Error {
  override name = 'CtrError';
}

export class Containerd {
  readonly pid: number;
  readonly socket = SOCKET;
  readonly root: string;
  #log = '';
  readonly #child: ChildProcess;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(child: ChildProcess, root: string, env: NodeJS.ProcessEnv) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    this.root = root;
    this.#env = env;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param root a folder on the disk whose images and snapshots it uses
   * @throws Refused when it ends before it answers
   */
  static async start(programs: Programs, config: string, root: string): Promise<Containerd> {
    rmSync(STATE, { recursive: true, force: true });
    rmSync(SOCKET, { force: true });
    mkdirSync(`${BASE}/tmp`, { recursive: true });
    writeFileSync(CONFIG, config);
    const env = environment(programs);
    const args = ['--config', CONFIG, '--root', root, '--state', STATE, '--address', SOCKET];
    const child = spawn(`${programs.containerd.root}/usr/bin/containerd`, args, {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const daemon = new Containerd(child, root, env);
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    for (const deadline = Date.now() + READY_WITHIN; Date.now() < deadline;) {
      if (child.exitCode !== null || child.signalCode !== null) {
        await closed;
        throw new Refused(daemon.log);
      }
      // Not `version`: after a power cut the file with the server's id may be empty.
      if (existsSync(SOCKET) && (await daemon.ctr('namespaces', 'ls')).code === 0) return daemon;
      await sleep(50);
    }
    await daemon.stop();
    throw new Error(`containerd did not answer within ${READY_WITHIN} ms:\n${daemon.log}`);
  }

  /** All that it said since it started. */
  get log(): string {
    return this.#log;
  }

  ctr(...args: string[]): Promise<Output> {
    return command('ctr', ['--address', SOCKET, ...args], this.#env);
  }

  /** As `ctr`, for what has to succeed. */
  async must(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.ctr(...args);
    if (code !== 0) throw new CtrError(`ctr ${args.join(' ')} failed: ${stderr.trim()}`);
    return stdout;
  }

  /** The mount that belongs to an active snapshot or a view. */
  async mountOf(key: string): Promise<Mount> {
    return parseMountCommand(await this.must('snapshots', 'mounts', '/target', key));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    // Not 'close': a shim that lives on may hold the pipe of the log.
    const closed = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOPPED_WITHIN);
    await closed;
    clearTimeout(late);
  }
}

/** Starts a containerd for as long as `work` takes. */
export async function withContainerd<T>(
  programs: Programs,
  config: string,
  root: string,
  work: (daemon: Containerd) => Promise<T>,
): Promise<T> {
  const daemon = await Containerd.start(programs, config, root);
  try {
    return await work(daemon);
  } finally {
    await daemon.stop();
  }
}
