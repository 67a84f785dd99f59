/**
 * What is said of the generated file, held against the containerd it is for: it complains of nothing
 * in it, and the commands that check it before the restart find what they should.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { realContainerd } from './containerd-real.ts';
import { ask } from './rules.ts';

const run = promisify(execFile);

describe.each([
  { suite: 'trixie', series: '1.7' },
  { suite: 'forky', series: '2.' },
])('containerd $series of Debian $suite', ({ suite, series }) => {
  const real = realContainerd(suite);

  test('complains of nothing', async () => {
    expect(real.version().startsWith(series)).toBe(true);
    for (const sharesContainerd of [false, true]) {
      const main = ask({ runtime: real.version(), sharesContainerd }).files[0]?.text ?? '';
      const { config, log } = await real.read({ main });
      expect(config).toBeDefined();
      expect(log.split('\n').filter((line) => /level=(warning|error)/.test(line))).toEqual([]);
    }
  });

  test('the check before the restart finds the option', async () => {
    const answer = ask({ runtime: real.version() });
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const file = join(folder, 'check.toml');
    writeFileSync(file, answer.files[0]?.text ?? '');
    const output = async (id: string): Promise<string> => {
      const step = answer.steps.apply.find((candidate) => candidate.id === id);
      const command = (step?.command ?? '')
        .replace('sudo containerd', real.binary())
        .replace('/etc/containerd/config.toml', file);
      return (await run('sh', ['-c', command])).stdout;
    };
    try {
      expect(await output('check')).toMatch(/mount_options = \[["']volatile["']\]/);
      expect(await output('check-sync')).toContain('image_pull_with_sync_fs = true');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
