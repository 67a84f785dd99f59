/** The command line as a script meets it: a process, its output, its errors and its exit code. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../../src/generate/answer.ts';

const main = resolve('src/cli/main.ts');

function cli(...args: string[]): { out: string; err: string; code: number | null } {
  // From elsewhere: the command may not depend on the folder it is started in.
  const result = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: tmpdir() });
  return { out: result.stdout, err: result.stderr, code: result.status };
}
const generate = (line: string): ReturnType<typeof cli> => cli('generate', ...line.split(' '));

describe('a combination that works', () => {
  test('prints the file and nothing but the file', () => {
    const { out, err, code } = generate('--target containerd --runtime 2.1.4 --kernel 6.12');
    expect(code).toBe(0);
    expect(parse(out)).toEqual({
      version: 3,
      plugins: {
        'io.containerd.snapshotter.v1.overlayfs': { mount_options: ['volatile'] },
        'io.containerd.cri.v1.images': { image_pull_with_sync_fs: true },
      },
    });
    expect(err).toMatch(/^works: containerd 2\.1\.4 /);
    expect(err).toContain('\nwarning: ');
  });

  test('knows what becomes of the node and who else uses containerd', () => {
    const discarded = generate('--runtime=1.7.24 --kernel=6.1 --node-discarded').out;
    expect(discarded).not.toContain('sync_fs');
    const returns = generate('--runtime 1.7.24 --kernel 6.1 --node-returns').out;
    expect(returns).toContain('image_pull_with_sync_fs = true');
    const shared = generate('--runtime 2.1.9 --kernel 6.1 --shared');
    expect(shared.out).toContain('sync_fs = true');
    expect(shared.err).toContain('docker restart');
  });

  test('--json is the whole answer', () => {
    const { out, code } = generate('--runtime 1.7.24 --kernel 6.12 --json');
    const answer = JSON.parse(out) as Answer;
    expect([code, answer.verdict, answer.files[0]?.path]).toEqual([
      0,
      'works',
      '/etc/containerd/config.toml',
    ]);
  });

  test('the same question gives the same bytes', () => {
    const line = '--runtime 2.1.9 --kernel 6.12.117+deb13-cloud-amd64 --json';
    expect(generate(line)).toEqual(generate(line));
  });
});

test('a kernel that nobody tested: the file, and how to test it, apart from each other', () => {
  const { out, err, code } = generate('--runtime 1.7.24 --kernel 4.18.0-513.el8.x86_64');
  expect(code).toBe(0);
  expect(parse(out)).toHaveProperty('version', 2);
  expect(err).toMatch(/^test-first: /);
  expect(err).toMatch(/\nsudo sh -c '.*mount -t overlay .*,volatile /);
});

test('a known problem that is accepted: the file, with the problem first', () => {
  const { out, err, code } = generate('--runtime 1.7.18 --kernel 6.1 --accept-known-problems');
  expect([code, out.includes('"volatile"')]).toEqual([0, true]);
  expect(err).toMatch(/^known-problem: .*VOLUME/);
});

describe('refused: exit code 2, one line, no output', () => {
  test.each([
    ['--runtime 1.7.3 --kernel 6.12', /^refused: .*mount_options.* containerd 1\.7\.19\.$/],
    ['--runtime 1.6.20 --kernel 6.1 --json', /^refused: .* containerd 1\.6\.34\.$/],
    ['--runtime 2.1.9 --kernel 5.4', /^refused: .*EINVAL.* Linux 5\.10\.$/],
    ['--runtime 2.1.9 --kernel 5.4.119-19-0009.11', /^refused: TencentOS.* Linux 5\.10\.$/],
    ['--runtime 1.7.18 --kernel 6.1', /^known-problem: .*1\.7\.19.*--accept-known-problems/],
    ['--runtime 1.7.3 --kernel 6.1 --accept-known-problems', /^refused: /],
    ['--runtime 1.7 --kernel 6.1', /^unreadable: 1\.7 .*containerd --version/],
    ['--runtime latest --kernel 6.1', /^unreadable: "latest" /],
    ['--runtime 2.1.9 --kernel six', /^unreadable: "six" .*uname -r/],
  ])('%s', (line, message) => {
    const { out, err, code } = generate(line);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 2]);
    expect(err.trimEnd()).toMatch(message);
  });
});

describe('bad usage: exit code 2, one line that names the way out', () => {
  test.each([
    [[], /generate.*--help/],
    [['generte'], /did you mean generate\?/],
    [['__proto__'], /unknown command/],
    [['generate'], /--runtime is missing/],
    [['generate', '--runtime', '2.1.9'], /--kernel is missing/],
    [['generate', '--runtme', '2.1.9'], /unknown option --runtme \(did you mean --runtime\?\)/],
    [['generate', '--node-dicarded'], /did you mean --node-discarded\?/],
    [['generate', '--frobnicate'], /^unknown option --frobnicate$/],
    [['generate', '-k', '6.1'], /unknown option -k/],
    [['generate', '--__proto__=1'], /unknown option/],
    [['generate', '--runtime', '--kernel', '6.1'], /--runtime needs a value/],
    [['generate', '--kernel'], /--kernel needs a value/],
    [['generate', '--shared=yes'], /--shared takes no value/],
    [['generate', '--kernel', '6.1', '--kernel', '6.2'], /--kernel is given twice/],
    [
      ['generate', '--node-returns', '--node-discarded', '--runtime', '2.1.9', '--kernel', '6.1'],
      /exclude each other/,
    ],
    [
      ['generate', '--target', 'containred', '--runtime', '2.1.9', '--kernel', '6.1'],
      /did you mean containerd\?/,
    ],
    [['generate', '2.1.9'], /unexpected argument "2\.1\.9"/],
    [['generate', '--runtime', 'a\nb', '--kernel', '6.1'], /"a b"/],
  ])('%j', (args, message) => {
    const { out, err, code } = cli(...args);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 2]);
    expect(err.trimEnd()).toMatch(message);
  });
});

test.each([[['--help']], [['generate', '--help']]])('%j explains on standard output', (args) => {
  const { out, err, code } = cli(...args);
  expect([code, err]).toEqual([0, '']);
  for (const option of ['--runtime', '--kernel', '--node-discarded', '--json'])
    expect(out).toContain(option);
});
