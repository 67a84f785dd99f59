/**
 * What the merge writes, read by the containerd it is for: `config dump` before and after differ
 * in what was asked for and in nothing else. Skipped, and said so, where Debian's packages cannot
 * be had.
 */
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpack, Unavailable } from '../../../lab/packages.ts';
import { corpus, merge } from './merge-help.ts';

const run = promisify(execFile);
const minute = 60_000;
const LONG = 'io.containerd.snapshotter.v1.overlayfs';
const HEAD = `[plugins."${LONG}"]`;

type Plugins = Record<string, Record<string, unknown> | undefined>;

const inputs = globSync('tests/golden/merge/*.toml').map((file) => ({
  name: basename(file),
  text: readFileSync(file, 'utf8'),
}));

describe.each([
  { suite: 'trixie', runtime: '1.7.24', cri: 'io.containerd.grpc.v1.cri' },
  { suite: 'forky', runtime: '2.1.9', cri: 'io.containerd.cri.v1.images' },
])('containerd $runtime', ({ suite, runtime, cri }) => {
  let binary = '';
  let unavailable: string | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'merge-'));

  beforeAll(async () => {
    try {
      binary = join((await unpack(suite, 'containerd')).root, 'usr/bin/containerd');
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error.message;
      process.stderr.write(`skipped, containerd ${runtime}: ${unavailable}\n`);
    }
  }, minute);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** What containerd makes of a file; undefined where it does not start with it. */
  async function dump(text: string): Promise<{ plugins: Plugins } | undefined> {
    const file = join(folder, 'config.toml');
    writeFileSync(file, text);
    try {
      const { stdout } = await run(binary, ['--config', file, 'config', 'dump']);
      return parse(stdout) as unknown as { plugins: Plugins };
    } catch {
      return undefined;
    }
  }

  test.each([...corpus, ...inputs])(
    'reads $name and what was added to it',
    async ({ text }) => {
      if (unavailable !== undefined) return;
      const merged = merge(text, { runtime, imagePullWithSyncFs: true });
      const before = await dump(text);
      if (merged.outcome === 'refused') {
        // Nobody is kept from a change that would have worked: containerd refuses or ignores these.
        expect(before === undefined || merged.problem !== undefined).toBe(true);
        return;
      }
      const after = await dump(merged.text);
      expect(before, 'the file as it was').toBeDefined();
      expect(after, 'the file as it is').toBeDefined();
      if (before === undefined || after === undefined) return;
      const was = (before.plugins[LONG]?.['mount_options'] ?? []) as string[];
      expect(after.plugins[LONG]?.['mount_options']).toEqual(
        was.includes('volatile') ? was : [...was, 'volatile'],
      );
      expect(after.plugins[cri]?.['image_pull_with_sync_fs']).toBe(true);
      Object.assign(before.plugins[LONG] ?? {}, {
        mount_options: after.plugins[LONG]?.['mount_options'],
      });
      // A file may turn the CRI off; its table is then kept and not read.
      Object.assign((before.plugins[cri] ??= {}), { image_pull_with_sync_fs: true });
      expect(after).toEqual(before);
    },
    minute,
  );

  test(
    'reads the whole configuration that it prints itself, with one line changed for each key',
    async () => {
      if (unavailable !== undefined) return;
      const { stdout } = await run(binary, ['config', 'default']);
      const merged = merge(stdout, { runtime, imagePullWithSyncFs: true });
      expect(merged.changes.map(({ before, after }) => [before?.trim(), after?.trim()])).toEqual([
        ['image_pull_with_sync_fs = false', 'image_pull_with_sync_fs = true'],
        ['mount_options = []', expect.stringMatching(/^mount_options = \[(["'])volatile\1\]$/)],
      ]);
      expect((await dump(merged.text))?.plugins[LONG]?.['mount_options']).toEqual(['volatile']);
    },
    minute,
  );

  /** What the merge refuses, with the word that containerd would not have heard. */
  test.each([
    ['the long name without a version', `${HEAD}\nmount_options = ["volatile"]\n`, ['1.7.24']],
    [
      'the short name in version 2',
      'version = 2\n[plugins.overlayfs]\nmount_options = ["volatile"]\n',
      ['1.7.24', '2.1.9'],
    ],
    [
      'no quotation marks',
      `version = 2\n[plugins.${LONG}]\nmount_options = ["volatile"]\n`,
      ['1.7.24', '2.1.9'],
    ],
    [
      'a table twice',
      `version = 2\n${HEAD}\n${HEAD}\nmount_options = ["volatile"]\n`,
      ['1.7.24', '2.1.9'],
    ],
    [
      'a string for a list',
      `version = 2\n${HEAD}\nmount_options = "volatile"\n`,
      ['1.7.24', '2.1.9'],
    ],
    [
      'a table in two pairs of brackets',
      `version = 2\n[[plugins."${LONG}"]]\nmount_options = ["volatile"]\n`,
      ['1.7.24', '2.1.9'],
    ],
    ['version 3 for 1.7', `version = 3\n${HEAD}\nmount_options = ["volatile"]\n`, ['1.7.24']],
    [
      'version 4 for 2.1',
      `version = 4\n${HEAD}\nmount_options = ["volatile"]\n`,
      ['1.7.24', '2.1.9'],
    ],
    ['a byte order mark', `\ufeffversion = 2\n${HEAD}\nmount_options = ["volatile"]\n`, ['2.1.9']],
    [
      'a comma at the end of an inline table',
      `version = 2\n[plugins]\n"${LONG}" = { mount_options = ["volatile"], }\n`,
      ['1.7.24'],
    ],
  ])(
    'refuses or ignores %s, as the merge does',
    async (_, text, where) => {
      if (unavailable !== undefined || !where.includes(runtime)) return;
      expect(merge(text, { runtime }).outcome).toBe('refused');
      const read = await dump(text);
      expect(read?.plugins[LONG]?.['mount_options'] ?? []).toEqual([]);
    },
    minute,
  );

  test(
    'reads a drop-in that keeps what the main file says',
    async () => {
      if (unavailable !== undefined) return;
      const main = `imports = ["${folder}/conf.d/*.toml"]\nversion = 2\n${HEAD}\nroot_path = "/data/ovl"\nupperdir_label = true\nmount_options = ["metacopy=off"]\n`;
      const { text } = merge('', { runtime, dropIn: { path: `${folder}/conf.d/10.toml`, main } });
      await run('mkdir', ['-p', join(folder, 'conf.d')]);
      writeFileSync(join(folder, 'conf.d/10.toml'), text);
      const read = await dump(main);
      expect(read?.plugins[LONG]).toMatchObject({
        root_path: '/data/ovl',
        upperdir_label: true,
        mount_options: ['metacopy=off', 'volatile'],
      });
    },
    minute,
  );
});
