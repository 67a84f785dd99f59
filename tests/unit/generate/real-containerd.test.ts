/**
 * What the generator writes, read by the containerd it is for: `config dump` prints the
 * configuration as containerd understood it. Skipped, and said so, where Debian's packages cannot
 * be had.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpack, Unavailable } from '../../../lab/packages.ts';
import type { Question } from '../../../src/generate/answer.ts';
import { ask } from './rules.ts';

const run = promisify(execFile);
const minute = 60_000;

interface Dump {
  version: number;
  plugins: Record<string, Record<string, unknown>>;
}

const overlayfs = 'io.containerd.snapshotter.v1.overlayfs';

describe.each([
  { suite: 'trixie', series: '1.7', cri: 'io.containerd.grpc.v1.cri' },
  { suite: 'forky', series: '2.', cri: 'io.containerd.cri.v1.images' },
])('containerd $series of Debian $suite', ({ suite, series, cri }) => {
  let binary = '';
  let version = '';
  let unavailable: string | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'containerd-'));

  beforeAll(async () => {
    try {
      binary = join((await unpack(suite, 'containerd')).root, 'usr/bin/containerd');
      const { stdout } = await run(binary, ['--version']);
      // `containerd github.com/containerd/containerd 1.7.24~ds1 ...`
      version = stdout.split(' ')[2] ?? '';
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      unavailable = error.message;
      process.stderr.write(`skipped, containerd of Debian ${suite}: ${unavailable}\n`);
    }
  }, minute);
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  async function dump(text: string): Promise<{ config: Dump; log: string }> {
    const file = join(folder, 'config.toml');
    writeFileSync(file, text);
    const { stdout, stderr } = await run(binary, ['--config', file, 'config', 'dump']);
    return { config: parse(stdout) as unknown as Dump, log: stderr };
  }
  const generated = (question: Partial<Question>): string =>
    ask({ runtime: version, ...question }).files[0]?.text ?? '';

  test('reads the option and the flush as they are written, and complains of nothing', async ({
    skip,
  }) => {
    if (unavailable !== undefined) return skip(unavailable);
    expect(version.startsWith(series)).toBe(true);
    const { config, log } = await dump(generated({}));
    expect(config.plugins[overlayfs]?.['mount_options']).toEqual(['volatile']);
    expect(config.plugins[cri]?.['image_pull_with_sync_fs']).toBe(true);
    expect(log.split('\n').filter((line) => /level=(warning|error)/.test(line))).toEqual([]);
  });

  test('changes nothing else', async ({ skip }) => {
    if (unavailable !== undefined) return skip(unavailable);
    const text = generated({});
    const { config: bare } = await dump(`${text.split('\n')[0] ?? ''}\n`);
    const { config } = await dump(text);
    expect(bare.plugins[overlayfs]?.['mount_options']).toEqual([]);
    expect(bare.plugins[cri]?.['image_pull_with_sync_fs']).toBe(false);
    Object.assign(bare.plugins[overlayfs] ?? {}, { mount_options: ['volatile'] });
    Object.assign(bare.plugins[cri] ?? {}, { image_pull_with_sync_fs: true });
    expect(config.plugins).toEqual(bare.plugins);
  });

  test('leaves the flush off where the node is thrown away', async ({ skip }) => {
    if (unavailable !== undefined) return skip(unavailable);
    const { config } = await dump(generated({ nodeReturns: false }));
    expect(config.plugins[overlayfs]?.['mount_options']).toEqual(['volatile']);
    expect(config.plugins[cri]?.['image_pull_with_sync_fs']).toBe(false);
  });

  test('takes the setting for other clients where it is written', async ({ skip }) => {
    if (unavailable !== undefined) return skip(unavailable);
    const text = generated({ sharesContainerd: true });
    const { config, log } = await dump(text);
    const diff = config.plugins['io.containerd.service.v1.diff-service'];
    expect(diff?.['sync_fs'] === true).toBe(text.includes('diff-service'));
    expect(log).not.toMatch(/level=(warning|error)/);
  });

  test('takes the tables alone in a file that has other ones', async ({ skip }) => {
    if (unavailable !== undefined) return skip(unavailable);
    const [file] = ask({ runtime: version }).files;
    const { config } = await dump(
      `version = 2\noom_score = -999\n\n[plugins."io.containerd.gc.v1.scheduler"]\n  pause_threshold = 0.05\n\n${file?.tables ?? ''}`,
    );
    expect(config.plugins[overlayfs]?.['mount_options']).toEqual(['volatile']);
    expect(config.plugins[cri]?.['image_pull_with_sync_fs']).toBe(true);
    expect(config.plugins['io.containerd.gc.v1.scheduler']?.['pause_threshold']).toBe(0.05);
  });

  test('the check before the restart finds the option', async ({ skip }) => {
    if (unavailable !== undefined) return skip(unavailable);
    const answer = ask({ runtime: version });
    const file = join(folder, 'check.toml');
    writeFileSync(file, answer.files[0]?.text ?? '');
    const output = async (id: string): Promise<string> => {
      const step = answer.steps.apply.find((candidate) => candidate.id === id);
      const command = (step?.command ?? '')
        .replace('sudo containerd', binary)
        .replace('/etc/containerd/config.toml', file);
      return (await run('sh', ['-c', command])).stdout;
    };
    expect(await output('check')).toMatch(/mount_options = \[["']volatile["']\]/);
    expect(await output('check-sync')).toContain('image_pull_with_sync_fs = true');
  });
});
