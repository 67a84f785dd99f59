/**
 * The command line as a script meets it: output, errors and exit code. What only a process can
 * show runs as one; the rest calls the same function.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../../src/cli/run.ts';
import type { Answer, Question } from '../../../src/generate/answer.ts';
import type { MergedFile } from '../../../src/generate/merge/for-answer.ts';
import { inWords, merge } from '../generate/merge-help.ts';
import { ask, facts, notable } from '../generate/rules.ts';

const main = resolve('src/cli/main.ts');

interface Result {
  out: string;
  err: string;
  code: number | null;
}

const cli = (...args: string[]): Promise<Result> => run(args);
const generate = (line: string): Promise<Result> => cli('generate', ...line.split(' '));

/** The same as a process of its own, from a folder that is not the project's. */
function start(
  args: readonly string[],
  options: { input?: string | Buffer; cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Result & { bytes: Buffer } {
  const { input, cwd = tmpdir(), env } = options;
  const result = spawnSync(process.execPath, [main, ...args], {
    cwd,
    ...(input === undefined ? {} : { input }),
    env: { ...process.env, npm_lifecycle_event: '', ...env },
  });
  return {
    out: result.stdout.toString(),
    bytes: result.stdout,
    err: result.stderr.toString(),
    code: result.status,
  };
}

/** Refused: the exit code, one line on standard error, and not a byte on standard output. */
async function refusal(...args: string[]): Promise<string> {
  const { out, err, code } = await cli('generate', ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/^[^\n]+\n$/);
  return err.trimEnd();
}

/** The options that ask a question. */
function optionsOf(question: Partial<Question>): string[] {
  const { target, platform, runtime, rollout } = question;
  const values = Object.entries({ target, platform, runtime, rollout, kernel: '6.12' });
  return values.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`--${name}`, value],
  );
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('as a process, from anywhere: the file on standard output and nothing else', async () => {
  const args = ['generate', '--runtime', '2.1.4', '--kernel', '6.12'];
  const result = start(args);
  expect(result).toMatchObject(await cli(...args));
  expect(result.code).toBe(0);
  expect(start(['generate', '--runtime', '1.7.3', '--kernel', '6.12'])).toMatchObject({
    out: '',
    code: 2,
  });
});

describe('a combination that works', () => {
  test('prints the file and nothing but the file', async () => {
    const { out, err, code } = await generate('--target containerd --runtime 2.1.4 --kernel 6.12');
    expect(code).toBe(0);
    expect(parse(out)).toEqual({
      version: 3,
      plugins: {
        'io.containerd.snapshotter.v1.overlayfs': { mount_options: ['volatile'] },
        'io.containerd.cri.v1.images': { image_pull_with_sync_fs: true },
      },
    });
    expect(err).toMatch(/^works: containerd 2\.1\.4 /);
    expect(err).toContain('\nfile: /etc/containerd/config.toml: ');
    expect(err).toContain('\nwarning: ');
  });

  test('knows what becomes of the node and who else uses containerd', async () => {
    const discarded = await generate('--runtime=1.7.24 --kernel=6.1 --node-discarded');
    expect(discarded.out).not.toContain('sync_fs');
    const returns = await generate('--runtime 1.7.24 --kernel 6.1 --node-returns');
    expect(returns.out).toContain('image_pull_with_sync_fs = true');
    const shared = await generate('--runtime 2.1.9 --kernel 6.1 --shared');
    expect(shared.out).toContain('\n  sync_fs = true');
    expect(shared.err).toContain('docker restart');
  });

  test('--json is the whole answer', async () => {
    const { out, code } = await generate('--runtime 1.7.24 --kernel 6.12 --json');
    expect(code).toBe(0);
    const answer = JSON.parse(out) as Answer;
    expect(answer).toEqual(JSON.parse(JSON.stringify(ask({ runtime: '1.7.24' }))));
    expect(answer.files[0]?.path).toBe('/etc/containerd/config.toml');
  });

  test('the same question gives the same bytes', async () => {
    const line = '--runtime 2.1.9 --kernel 6.12.117+deb13-cloud-amd64 --json';
    expect(await generate(line)).toEqual(await generate(line));
  });

  test('--format: the version that the file states', async () => {
    const { out, err } = await generate('--runtime 2.3.4 --kernel 6.12 --format 2');
    expect(out).toMatch(/^version = 2\n/);
    expect(err).not.toContain('read in the source code) To');
  });

  test.each([
    [
      '--runtime 2.3.4 --kernel 6.12 --format 4',
      /^file: .*Version 4.*\(read in the source code\)$/m,
    ],
    [
      '--target containerd-drop-in --runtime 2.2.7 --kernel 6.12',
      /^works: .*\(read in the source code\)$/m,
    ],
  ])('%s says that it was read and not run', async (line, message) => {
    const { err, code } = await generate(line);
    expect(code).toBe(0);
    expect(err).toMatch(message);
  });

  const offered = notable
    .map(([name, question]): [string, Partial<Question>, Answer] => [name, question, ask(question)])
    .filter(([, , answer]) => answer.files.some(({ role }) => role === 'apply'));

  test.each(offered)(
    '%s: the first file as the generator has it',
    async (_name, question, answer) => {
      const { out, err, code } = await cli('generate', ...optionsOf(question));
      const [first, ...others] = answer.files;
      expect([code, out]).toEqual([0, first?.text]);
      expect(err).toMatch(new RegExp(`^${answer.verdict}: `));
      for (const other of others) expect(err).toContain(`--file ${other.name}\n`);
    },
  );

  test.each(offered.filter(([, , answer]) => answer.files.length > 1))(
    '%s: every other file by its name',
    async (_name, question, answer) => {
      expect(new Set(answer.files.map(({ name }) => name)).size).toBe(answer.files.length);
      for (const one of answer.files) {
        const { out, err } = await cli('generate', ...optionsOf(question), '--file', one.name);
        expect(out).toBe(one.text);
        expect(err).toContain(`\nfile: ${one.path}: `);
      }
    },
  );
});

test('a kernel that nobody tested: the file, and how to test it, apart from each other', async () => {
  const { out, err, code } = await generate('--runtime 1.7.24 --kernel 4.18.0-513.el8.x86_64');
  expect(code).toBe(0);
  expect(parse(out)).toHaveProperty('version', 2);
  expect(err).toMatch(/^test-first: /);
  expect(err).toMatch(/\nsudo sh -c '.*mount -t overlay .*,volatile /);
});

test('a known problem that is accepted: the file, with the problem first', async () => {
  const { out, err, code } = await generate(
    '--runtime 1.7.18 --kernel 6.1 --accept-known-problems',
  );
  expect([code, out.includes('"volatile"')]).toEqual([0, true]);
  expect(err).toMatch(/^known-problem: .*VOLUME/);
});

describe('refused: exit code 2, one line, no output', () => {
  test.each([
    ['--runtime 1.7.3 --kernel 6.12', /^refused: .*mount_options.* containerd 1\.7\.19\.$/],
    ['--runtime 1.6.20 --kernel 6.1 --json', /^refused: .* containerd 1\.6\.34\.$/],
    ['--runtime 1.6.20 --kernel 6.1 --explain', /^refused: .* containerd 1\.6\.34\.$/],
    ['--runtime 2.1.9 --kernel 5.4', /^refused: .*EINVAL.* Linux 5\.10\.$/],
    ['--runtime 2.1.9 --kernel 5.4.119-19-0009.11', /^refused: TencentOS.* Linux 5\.10\.$/],
    ['--runtime 1.7.18 --kernel 6.1', /^known-problem: .*1\.7\.19.*--accept-known-problems/],
    ['--runtime 1.7.3 --kernel 6.1 --accept-known-problems', /^refused: /],
    ['--runtime 1.7 --kernel 6.1', /^unreadable: 1\.7 .*containerd --version/],
    ['--runtime latest --kernel 6.1', /^unreadable: "latest" /],
    ['--runtime 2.1.9 --kernel six', /^unreadable: "six" .*uname -r/],
    ['--runtime 2.1.9 --kernel 6.1 --format 5', /^unreadable: "5" .*Known: 1, /],
    ['--runtime 1.7.24 --kernel 6.1 --format 4', /^refused: Version 4 /],
    ['--target kind --runtime 2.1.9 --kernel 6.1 --rollout ansible', /^unreadable: .*"ansible"/],
    ['--target talos --platform one --runtime 2.1.6 --kernel 6.1', /^unreadable: "one" .*talosctl/],
    ['--target talos --platform 1.5.0 --runtime 1.6.39 --kernel 6.1', /^refused: Talos 1\.5\.0/],
    ['--target docker', /^not-possible: .*overlay2.* What helps instead: .*sysctl/],
    ['--target gke --json', /^not-possible: GKE /],
    ['--target cri-o --runtime 1.21.0 --kernel 6.1', /^refused: CRI-O 1\.21\.0/],
  ])('%s', async (line, message) => {
    expect(await refusal(...line.split(' '))).toMatch(message);
  });
});

describe('on already', () => {
  const line = '--target cri-o --runtime 1.31.0 --kernel 6.12';

  test('there is nothing to write: since when, how to see it, how to turn it off', async () => {
    const said = await refusal(...line.split(' '));
    expect(said).toMatch(/^already-on: CRI-O 1\.31\.0 .* since 1\.22\.0 /);
    expect(said).toMatch(
      /nothing to write\. .*--file storage\.conf\. To see it: grep .*\/proc\/mounts$/,
    );
  });

  test('a file that is given changes nothing in that', async () => {
    const path = file('crio.toml', '[crio]\n');
    expect(await refusal(...line.split(' '), '--merge', path)).toMatch(/^already-on: /);
  });

  test('--file storage.conf is what turns it off', async () => {
    const { out, code } = await generate(`${line} --file storage.conf`);
    expect(code).toBe(0);
    expect(parse(out)).toMatchObject({ storage: { options: { 'disable-volatile': true } } });
  });

  test('--explain and --json answer', async () => {
    expect(await generate(`${line} --explain`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /Verdict: already-on[\s\S]*To turn it off: .*storage\.conf/,
      ) as string,
    });
    const { out, code } = await generate(`${line} --json`);
    expect([code, (JSON.parse(out) as Answer).verdict]).toEqual([0, 'already-on']);
  });

  test('on a kernel that nobody tested there is nothing to write either', async () => {
    expect(
      await refusal(...'--target podman --runtime 4.3.1 --kernel 4.18.0-513.el8.x86_64'.split(' ')),
    ).toMatch(/^test-first: .*nothing to write/);
  });
});

describe('--merge', () => {
  const wanted = ['--runtime', '2.1.9', '--kernel', '6.12'];
  const golden = globSync('tests/golden/merge/*.toml').sort();

  test.each(golden.flatMap((path) => ['1.7.24', '2.1.9'].map((runtime) => ({ path, runtime }))))(
    '$path on $runtime: what the library makes of it',
    async ({ path, runtime }) => {
      const existing = readFileSync(path, 'utf8');
      const args = ['--runtime', runtime, '--kernel', '6.12', '--merge', path];
      const library = merge(existing, { runtime, kernel: '6.12', imagePullWithSyncFs: true });
      if (library.problem !== undefined) {
        expect(await refusal(...args)).toContain(inWords(library.problem).text);
        return;
      }
      const { out, err, code } = await cli('generate', ...args);
      expect([code, out]).toEqual([0, library.text]);
      for (const one of library.warnings) expect(err).toContain(inWords(one).text);
      // The lines on standard error turn the one file into the other.
      expect(patched(existing, err)).toEqual(linesOf(out));
      if (library.outcome === 'unchanged') expect(err).toMatch(/^unchanged: .*as it came/m);
      else expect(err).toMatch(/^changed: \/etc\/containerd\/config\.toml:$/m);
      expect(err).not.toContain('Never put the file over it');
    },
  );

  test('byte for byte: line ends, a byte order mark, and no line end at the end', () => {
    const bytes = Buffer.from(
      '\ufeffversion = 2\r\n# Größe 大小 \u{1f4be}\r\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\r\n  root_path = "/ü"',
    );
    const path = file('windows.toml', bytes);
    const args = ['--runtime', '1.7.24', '--kernel', '6.12', '--node-discarded', '--merge', path];
    const { bytes: out, code } = start(['generate', ...args]);
    expect(code).toBe(0);
    expect(out.toString('latin1')).toBe(
      `${bytes.toString('latin1')}\r\n  mount_options = ["volatile"]`,
    );
    // What has the option already comes back as it was.
    const again = start(['generate', ...args.slice(0, -1), file('again.toml', out)]);
    expect(again.bytes.equals(out)).toBe(true);
    expect(again.err).toMatch(/^unchanged: /m);
  });

  test('numbers lines that are gone as the file had them, new ones as the result has them', async () => {
    const path = file(
      'numbers.toml',
      'version = 2\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\n  root_path = "/x"\n[plugins."io.containerd.grpc.v1.cri"]\n  image_pull_with_sync_fs = false\n',
    );
    const { err } = await generate(`--runtime 1.7.24 --kernel 6.12 --merge ${path}`);
    expect(err.match(/^[-+]\d.*$/gm)).toEqual([
      '+4:   mount_options = ["volatile"]',
      '-5:   image_pull_with_sync_fs = false',
      '+6:   image_pull_with_sync_fs = true',
    ]);
  });

  test('reads standard input', async () => {
    const [path = ''] = golden;
    expect(
      start(['generate', ...wanted, '--merge', '-'], { input: readFileSync(path) }),
    ).toMatchObject(await cli('generate', ...wanted, '--merge', path));
    expect(start(['generate', ...wanted, '--merge=-'], { input: '' })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('nothing in it') as string,
    });
  });

  test('a path is meant from where it was typed, through npm too', () => {
    file('here.toml', 'version = 2\n');
    const args = ['generate', ...wanted, '--merge', 'here.toml'];
    expect(start(args, { cwd: folder }).code).toBe(0);
    const npm = { npm_lifecycle_event: 'cli', INIT_CWD: folder };
    expect(start(args, { env: npm }).code).toBe(0);
    expect(start(args).err).toMatch(/^cannot read here\.toml: there is no such file\n$/);
  });

  test('takes the version that the file states, and no other', async () => {
    const path = file('two.toml', 'version = 2\n');
    const args = [...wanted, '--merge', path];
    const { out, err } = await cli('generate', ...args, '--json');
    expect((JSON.parse(out) as Answer).files[0]?.text).toMatch(/^version = 2\n/);
    expect(err).toContain('changed: ');
    expect(await refusal(...args, '--format', '3')).toMatch(/--format 3, but .* version 2$/);
  });

  test('--json has the merge beside the answer, --explain its lines', async () => {
    const path = file('plain.toml', 'version = 3\n');
    const { out } = await cli('generate', ...wanted, '--merge', path, '--json');
    const { merge: merged, ...answer } = JSON.parse(out) as Answer & { merge: MergedFile };
    expect(merged.text).toBe(merge('version = 3\n', { imagePullWithSyncFs: true }).text);
    expect(answer.verdict).toBe('works');
    const put = 'sudo cp config.toml /etc/containerd/config.toml';
    const commands = answer.steps.apply.map(({ command }) => command);
    expect(commands).toContain(put);
    expect(commands.join('\n')).not.toContain('sudoedit');
    const { out: text } = await cli('generate', ...wanted, '--merge', path, '--explain');
    expect(text).toMatch(/\nYour file: changed\n {2}\+2: \n {2}\+3: \[plugins/);
    expect(text).toContain(`    $ ${put}\n`);
  });

  test('a drop-in is made beside the main file', async () => {
    const path = file('main.toml', 'version = 3\nimports = ["/etc/containerd/conf.d/*.toml"]\n');
    const args = ['--target', 'containerd-drop-in', ...wanted, '--merge', path];
    const { out, err } = await cli('generate', ...args);
    expect(out).toBe(ask({ target: 'containerd-drop-in' }).files[0]?.text);
    expect(err).toContain('\nchanged: /etc/containerd/conf.d/10-volatile.toml:\n+1: [plugins');
  });

  test.each<[why: string, text: string | Buffer, args: string, message: RegExp]>([
    [
      'a template',
      '{{ if .X }}\nversion = 2\n{{ end }}\n',
      '',
      /^refused: Line 1 .*template \(Go\)/,
    ],
    ['YAML', 'apiVersion: v1\nkind: X\n', '', /^refused: .*YAML/],
    ['broken TOML', 'version = 2\n[plugins\n', '', /^refused: Line 2 /],
    ['nothing', '', '', /^refused: There is nothing in it/],
    ['another program’s', '[crio]\nx = 1\n', '', /^refused: .*CRI-O/],
    ['too new a version', 'version = 7\n', '', /^refused: .*version 7 \(line 1\)/],
    ['no text', Buffer.from([0x76, 0xff, 0xfe]), '', /^cannot read .*: it is not UTF-8 text$/],
    [
      'a target of its own file',
      'version = 3\n',
      '--target kind',
      /^refused: kind .*kind-volatile/,
    ],
    [
      'a main file that imports nothing',
      'version = 3\n',
      '--target containerd-drop-in',
      /^refused: Nothing in the main file imports .* Add imports/,
    ],
    [
      'a roll-out',
      'version = 3\nimports = ["/etc/containerd/conf.d/*.toml"]\n',
      '--target containerd-drop-in --rollout ansible',
      /^refused: A roll-out /,
    ],
    [
      'a version that is refused',
      'version = 2\n',
      '--runtime 1.7.3',
      /^refused: containerd 1\.7\.3/,
    ],
  ])('refuses %s', async (why, text, extra, message) => {
    const path = file(`${why.replaceAll(/\W+/g, '-')}.toml`, text);
    const given = extra === '' ? [] : extra.split(' ');
    const args = given.includes('--runtime') ? ['--kernel', '6.12'] : wanted;
    expect(await refusal(...args, ...given, '--merge', path)).toMatch(message);
  });

  test.each([
    ['/nowhere/config.toml', /^cannot read \/nowhere\/config\.toml: there is no such file$/],
    [tmpdir(), /: it is a folder$/],
  ])('refuses to read %s', async (path, message) => {
    expect(await refusal(...wanted, '--merge', path)).toMatch(message);
  });
});

/** Lines without their ends; what follows the last end is no line. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** The file with the `-` and `+` lines of standard error put to use. */
function patched(existing: string, err: string): (string | undefined)[] {
  const changes = err.split('\n').flatMap((line) => {
    const match = /^([-+])(\d+): (.*)$/.exec(line);
    return match === null ? [] : [{ sign: match[1], line: Number(match[2]), text: match[3] ?? '' }];
  });
  const lines: (string | undefined)[] = linesOf(existing);
  for (const { sign, line, text } of changes) {
    if (sign !== '-') continue;
    expect(lines[line - 1]).toBe(text);
    lines[line - 1] = undefined;
  }
  const result = lines.filter((line) => line !== undefined);
  for (const { sign, line, text } of changes) if (sign === '+') result.splice(line - 1, 0, text);
  return result;
}

describe('--list', () => {
  test('names every target with what it needs', async () => {
    const { out, err, code } = await generate('--list');
    expect([code, err]).toEqual([0, '']);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(
      facts.targets.targets.map(({ id }) => id),
    );
    expect(out).toMatch(
      /^k3s .*--platform .*--runtime .*--kernel .*\[--rollout ansible\|cloud-init\]$/m,
    );
    expect(out).toMatch(/^docker .*\(not possible\)$/m);
    expect(out).toMatch(/^containerd .*\[--format 1\|2\|3\|4\] \[--merge FILE\]$/m);
  });

  test('--json as data, whose examples are answered', async () => {
    const { out } = await generate('--list --json');
    const rows = JSON.parse(out) as { id: string; needs: Record<string, string> }[];
    expect(rows).toHaveLength(facts.targets.targets.length);
    for (const { id, needs } of rows) {
      const args = Object.entries(needs).flatMap(([name, value]) => [`--${name}`, value]);
      const { err } = await cli('generate', '--target', id, ...args);
      expect(err).not.toMatch(/missing|unreadable/);
    }
  });
});

test('--explain: verdict, reasons with sources, file with reasons, warnings, commands', async () => {
  const { out, err, code } = await generate('--runtime 2.1.9 --kernel 6.12 --explain');
  expect([code, err]).toEqual([0, '']);
  const titles = out.match(/^\S.*$/gm) ?? [];
  expect(titles).toEqual([
    'containerd, its own file',
    'Verdict: works',
    'File: /etc/containerd/config.toml',
    'Know this before you apply it',
    'To apply it',
    'To see that it works',
    'To take it back',
    'To clean up what it leaves',
  ]);
  const answer = ask({});
  const flat = out.replace(/\s+/g, ' ');
  const steps = Object.values(answer.steps).flat();
  for (const { text } of [
    ...answer.reasons,
    ...answer.warnings,
    ...steps,
    ...answer.files.flatMap(({ lines }) => lines.flatMap(({ reasons }) => reasons)),
  ])
    expect(flat).toContain(text.replace(/\s+/g, ' '));
  for (const { command } of steps) expect(out).toContain(`    $ ${command}\n`);
  expect(out).toMatch(/\[measured\]\s+https:\/\//);
  expect(out).not.toMatch(/undefined|\[object/);
});

describe('bad usage: exit code 2, one line that names the way out', () => {
  test.each([
    [[], /generate.*--help/],
    [['generte'], /did you mean generate\?/],
    [['__proto__'], /unknown command/],
    [['generate'], /--runtime is missing, such as --runtime \d/],
    [['generate', '--runtime', '2.1.9'], /--kernel is missing/],
    [
      ['generate', '--target', 'k3s', '--runtime', '2.2.7', '--kernel', '6.12'],
      /--platform is missing, .*k3s --version/,
    ],
    [['generate', '--target', 'kind', '--platform', '1.0'], /--platform says nothing for kind/],
    [['generate', '--target', 'kubeadm', '--format', '2'], /--format says nothing for kubeadm/],
    [['generate', '--runtme', '2.1.9'], /unknown option --runtme \(did you mean --runtime\?\)/],
    [['generate', '--node-dicarded'], /did you mean --node-discarded\?/],
    [['generate', '--frobnicate'], /^unknown option --frobnicate$/],
    [['generate', '-k', '6.1'], /unknown option -k/],
    [['generate', '--__proto__=1'], /unknown option/],
    [['generate', '--runtime', '--kernel', '6.1'], /--runtime needs a value/],
    [['generate', '--kernel'], /--kernel needs a value/],
    [['generate', '--merge'], /--merge needs a value/],
    [['generate', '--shared=yes'], /--shared takes no value/],
    [['generate', '--kernel', '6.1', '--kernel', '6.2'], /--kernel is given twice/],
    [
      ['generate', '--node-returns', '--node-discarded', '--runtime', '2.1.9', '--kernel', '6.1'],
      /exclude each other/,
    ],
    [['generate', '--merge', 'x', '--file', 'y'], /--merge and --file exclude each other/],
    [['generate', '--explain', '--json'], /--explain and --json exclude each other/],
    [['generate', '--json', '--file', 'y'], /--json and --file exclude each other/],
    [['generate', '--list', '--kernel', '6.1'], /--list and --kernel exclude each other/],
    [
      ['generate', '--target', 'containred', '--runtime', '2.1.9', '--kernel', '6.1'],
      /did you mean containerd\?/,
    ],
    [['generate', '--target', 'eks'], /did you mean eks-al2023 or eks-al2\?/],
    [
      ['generate', '--runtime', '2.1.9', '--kernel', '6.1', '--file', 'confg.toml'],
      /no file "confg\.toml" \(did you mean config\.toml\?\); it has: config\.toml$/,
    ],
    [['generate', '2.1.9'], /unexpected argument "2\.1\.9"/],
    [['generate', '--runtime', 'a\nb', '--kernel', '6.1'], /"a b"/],
  ])('%j', async (args, message) => {
    const { out, err, code } = await cli(...args);
    expect([code, out, err.split('\n').length]).toEqual([2, '', 2]);
    expect(err.trimEnd()).toMatch(message);
  });
});

test('whatever is typed: a file, or one line and nothing else', async () => {
  const word = fc.oneof(
    fc.constantFrom(
      '2.1.9',
      '1.7.24',
      '1.6.20',
      '6.12',
      '5.4',
      '1.36.1+k3s1',
      '-',
      '',
      '\u001b[2J',
    ),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
  );
  const names = ['target', 'platform', 'runtime', 'kernel', 'format', 'rollout', 'file', 'merge'];
  const option = fc.oneof(
    fc.tuple(fc.constantFrom(...names), word).map(([name, value]) => [`--${name}=${value}`]),
    fc.constantFrom(...facts.targets.targets.map(({ id }) => id)).map((id) => [`--target=${id}`]),
    fc.constantFrom(['--shared'], ['--json'], ['--explain'], ['--list'], ['--node-discarded']),
    word.map((one) => [one]),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(option, { maxLength: 6 }), async (chosen) => {
      // Standard input belongs to the test's own process.
      fc.pre(!chosen.flat().includes('--merge=-'));
      const { out, err, code } = await cli('generate', ...chosen.flat());
      // eslint-disable-next-line no-control-regex -- what a terminal would take for a command
      expect(err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/);
      if (code === 0) expect(out).toMatch(/\n$/);
      else {
        expect([code, out]).toEqual([2, '']);
        expect(err).toMatch(/^[^\n]+\n$/);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([[['--help']], [['generate', '--help']]])('%j explains every option', async (args) => {
  const { out, err, code } = await cli(...args);
  expect([code, err]).toEqual([0, '']);
  for (const option of [
    'target',
    'runtime',
    'kernel',
    'platform',
    'format',
    'rollout',
    'node-returns',
    'node-discarded',
    'shared',
    'accept-known-problems',
    'merge',
    'file',
    'explain',
    'json',
    'list',
  ])
    expect(out).toMatch(new RegExp(`^ {2}--${option}\\b`, 'm'));
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
