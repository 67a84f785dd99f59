/** containerd out of Debian's packages, asked with `config dump` what it makes of a file. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { unpack, Unavailable } from '../../../lab/packages.ts';

const run = promisify(execFile);

export const minute = 60_000;

export const OVERLAYFS = 'io.containerd.snapshotter.v1.overlayfs';
export const DIFF = 'io.containerd.service.v1.diff-service';

export type Plugins = Record<string, Record<string, unknown> | undefined>;

/** What containerd read; undefined where it does not start. */
export interface Read {
  config: { plugins: Plugins } | undefined;
  /** All that it said meanwhile. */
  log: string;
}

/** Files beside a main file, by their path below its folder; `@HERE@` in a text is that folder. */
export interface Files {
  main: string;
  others?: Readonly<Record<string, string>>;
}

export interface RealContainerd {
  /** Where the program is. */
  binary: () => string;
  /** As it says itself: `1.7.24`. */
  version: () => string;
  /** The plugin that has `image_pull_with_sync_fs`. */
  cri: () => string;
  read: (files: Files) => Promise<Read>;
  /** The whole configuration that it writes itself. */
  defaults: () => Promise<string>;
}

/**
 * To be called in a `describe`: its tests are skipped, and that is said, where the package cannot be
 * had.
 *
 * @param suite of Debian
 */
export function realContainerd(suite: string): RealContainerd {
  let binary = '';
  let version = '';
  let unavailable: string | undefined;
  let folder = '';
  const known = new Map<string, Promise<Read>>();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'containerd-'));
    try {
      binary = join((await unpack(suite, 'containerd')).root, 'usr/bin/containerd');
      // `containerd github.com/containerd/containerd 1.7.24~ds1 ...`
      version = /\d+\.\d+\.\d+/.exec((await run(binary, ['--version'])).stdout)?.[0] ?? '';
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error.message;
      process.stderr.write(`skipped, containerd of Debian ${suite}: ${unavailable}\n`);
    }
  }, minute);
  beforeEach(({ skip }) => {
    if (unavailable !== undefined) skip(unavailable);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function ask({ main, others = {} }: Files): Promise<Read> {
    const home = mkdtempSync(join(folder, 'home-'));
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text.replaceAll('@HERE@', home));
    };
    for (const [path, text] of Object.entries(others)) write(path, text);
    write('config.toml', main);
    const args = ['--config', join(home, 'config.toml'), 'config', 'dump'];
    try {
      const { stdout, stderr } = await run(binary, args);
      const config = parse(stdout) as { plugins: Plugins; imports?: string[] };
      // The folder is another one each time, and 1.x prints the list in any order.
      delete config.imports;
      return { config, log: stderr };
    } catch (error) {
      const { code, stderr } = error as { code?: unknown; stderr?: string };
      if (typeof code !== 'number') throw error;
      return { config: undefined, log: stderr ?? '' };
    }
  }
  return {
    binary: () => binary,
    version: () => version,
    cri: () =>
      version.startsWith('1.') ? 'io.containerd.grpc.v1.cri' : 'io.containerd.cri.v1.images',
    defaults: async () => (await run(binary, ['config', 'default'])).stdout,
    read: (files) => {
      const key = JSON.stringify(files);
      const asked = known.get(key) ?? ask(files);
      known.set(key, asked);
      return asked;
    },
  };
}
