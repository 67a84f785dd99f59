/** What a reader's file becomes for each target: the library's own merge, asked for what the answer offers. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { localise } from '../../../src/facts/localise.ts';
import type { Question } from '../../../src/generate/answer.ts';
import {
  createMerger,
  mergeFor,
  statedFormat,
  type MergedFile,
  type MergeFacts,
} from '../../../src/generate/merge/for-answer.ts';
import { merge, remarks } from './merge-help.ts';
import { ask, facts, rulesIn } from './rules.ts';

const mergeFacts: MergeFacts = { ...facts, remarks: localise(remarks, 'en') };
const asked: Question = {
  target: 'containerd',
  platform: '',
  format: '',
  rollout: '',
  runtime: '2.1.9',
  kernel: '6.12',
  nodeReturns: true,
  sharesContainerd: false,
  acceptKnownProblems: false,
};

function into(existing: string, change: Partial<Question> = {}): MergedFile {
  const question = { ...asked, ...change };
  const row = rulesIn.en.targets.targets.find(({ id }) => id === question.target);
  return mergeFor(existing, question, ask(question), row, mergeFacts);
}

const main = `version = 3
imports = ["/etc/containerd/conf.d/*.toml"]

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
`;
const main2 = `version = 2
imports = ["/etc/containerd/conf.d/*.toml"]
[plugins."io.containerd.snapshotter.v1.overlayfs"]
  root_path = "/mnt/images"
`;

describe('a file that is changed in place', () => {
  test.each([
    ['containerd', '', '/etc/containerd/config.toml'],
    ['kubeadm', '', '/etc/containerd/config.toml'],
    ['flatcar', '4230.2.0', '/etc/containerd/config.toml'],
  ])('%s: what the library makes of it, flushes as in its own file', (target, platform, path) => {
    const { outcome, text, changes, path: place, name } = into(main, { target, platform });
    const library = merge(main, { imagePullWithSyncFs: true });
    expect({ outcome, text, changes }).toEqual({
      outcome: 'changed',
      text: library.text,
      changes: library.changes,
    });
    expect([place, name]).toEqual([path, 'config.toml']);
  });

  test.each([
    ['minikube', '/etc/containerd/config.toml', 'config.toml'],
    [
      'microk8s',
      '/var/snap/microk8s/current/args/containerd-template.toml',
      'containerd-template.toml',
    ],
  ])('%s: the whole file under its own name, not that of the fragment', (target, path, name) => {
    const result = into(main, { target });
    const { text } = merge(main, { imagePullWithSyncFs: true });
    expect(result).toMatchObject({ outcome: 'changed', path, name, text });
  });

  test.each<[Partial<Question>, string, string]>([
    [{ target: 'minikube' }, main, 'minikube-sync'],
    [{ target: 'microk8s', runtime: '1.7.24' }, 'version = 2\n', 'microk8s-sync'],
    [
      { target: 'flatcar', platform: '3975.2.0', runtime: '1.7.21' },
      'version = 2\n',
      'flatcar-sync',
    ],
  ])('%j: the flush that the fragment has to leave out is added, and said', (change, file, id) => {
    const ids = (list: readonly { id: string }[]): string[] => list.map((one) => one.id);
    const result = into(file, change);
    expect(result.text).toContain('image_pull_with_sync_fs = true');
    expect(ids(result.warnings)).toContain('flush-added');
    expect(ids(ask({ ...asked, ...change }).warnings)).toContain(id);
    expect(result.settled).toContain(id);
    // It is there already: nothing was added, and nobody has to add it.
    const again = into(result.text, change);
    expect(ids(again.warnings)).not.toContain('flush-added');
    expect(again).toMatchObject({ outcome: 'unchanged', settled: result.settled });
    for (const without of [{ nodeReturns: false }, { runtime: '1.6.39' }]) {
      const plain = into('version = 2\n', { ...change, ...without });
      expect(plain.text).not.toContain('sync_fs');
      expect(ids(plain.warnings)).not.toContain('flush-added');
      expect(plain.settled).not.toContain(id);
    }
  });

  test('no flush where a file that containerd 1.x imports would take its table away', () => {
    const file = 'version = 2\nimports = ["/usr/share/containerd/config.toml"]\n';
    const change = { target: 'flatcar', platform: '3975.2.0', runtime: '1.7.21' };
    const result = into(file, change);
    expect(result.text).not.toContain('sync_fs');
    expect(result.settled).not.toContain('flatcar-sync');
    const two = { ...change, platform: '4230.2.0', runtime: '2.0.5' };
    expect(into(file, two).text).toContain('sync_fs');
  });

  test.each<[Partial<Question>, Parameters<typeof merge>[1]]>([
    [{ nodeReturns: false }, {}],
    [{ sharesContainerd: true }, { imagePullWithSyncFs: true, syncOnUnpack: true }],
    [{ nodeReturns: false, sharesContainerd: true }, {}],
    [{ runtime: '1.7.24' }, { runtime: '1.7.24', imagePullWithSyncFs: true }],
    [{ runtime: '1.6.39' }, { runtime: '1.6.39' }],
  ])('%j decides which keys are written', (change, wanted) => {
    const file = `version = 2\n`;
    expect(into(file, change).text).toBe(merge(file, wanted).text);
    expect(into(file, change).outcome).toBe('changed');
  });

  test('of the answer’s own warnings those that speak of a file by hand are settled', () => {
    const warned = (change: Partial<Question>): string[] =>
      ask({ ...asked, ...change }).warnings.map(({ id }) => id);
    for (const change of [{}, { target: 'kubeadm' }]) {
      const { settled } = into(main, change);
      expect(settled.length).toBeGreaterThan(0);
      for (const id of settled) expect(warned(change)).toContain(id);
    }
    const dropIn = { target: 'containerd-drop-in', runtime: '1.7.24' };
    expect(warned(dropIn)).toContain(into(main2, dropIn).settled[0]);
    expect(into('').settled).toEqual([]);
  });

  test('what is there already is handed back byte for byte', () => {
    const { text } = into(main);
    expect(into(text)).toMatchObject({ outcome: 'unchanged', text, changes: [] });
  });

  test('a file of version 1 gets the flush under the name that its containerd reads', () => {
    const old = 'version = 1\n[plugins.overlayfs]\n';
    const shared = { format: '1', sharesContainerd: true };
    for (const [runtime, pull, unpack] of [
      ['1.7.24', '[plugins.cri]', undefined],
      ['1.7.26', '[plugins.cri]', '[plugins.diff-service]'],
      ['2.1.9', '[plugins."io.containerd.cri.v1.images"]', 'diff-service'],
    ] as const) {
      const { text } = into(old, { ...shared, runtime });
      expect(text).toContain(`${pull}\n  image_pull_with_sync_fs = true\n`);
      if (unpack === undefined) expect(text).not.toContain('diff-service');
      else expect(text).toContain(unpack);
    }
  });

  test('a table keeps its short name in a file of version 1, as containerd 2 reads one of two', () => {
    const old = 'version = 1\n[plugins.diff-service]\n  default = ["walking"]\n';
    const { text } = into(old, { format: '1', sharesContainerd: true });
    expect(text).toContain('default = ["walking"]\n  sync_fs = true\n');
    expect(text).not.toContain('v1.diff-service');
  });

  test('what containerd 2 does not read in a file of version 1 is named', () => {
    const old = 'version = 1\n[plugins.cri]\n  max_concurrent_downloads = 7\n';
    const ids = (change: Partial<Question>): string[] =>
      into(old, { format: '1', ...change }).warnings.map(({ id }) => id);
    expect(ids({})).toContain('cri-in-version-1');
    expect(ids({ runtime: '1.7.24' })).toEqual([]);
    expect(into(old.replace('1', '2'), { format: '2' }).outcome).toBe('changed');
  });

  test('what the merge refuses comes in words, with its warnings', () => {
    const file =
      'version = 2\r\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\r\n  mount_options = "volatile"\r\n';
    const result = into(file);
    expect(result).toMatchObject({ outcome: 'refused', text: file, path: '', name: '' });
    expect(result.problem).toMatchObject({ id: 'mount-options-type', line: 3 });
    expect(result.warnings.map(({ id }) => id)).toContain('windows-line-ends');
  });
});

describe('a drop-in beside the main file', () => {
  const target = 'containerd-drop-in';

  test('on containerd 2 it has its own keys, and every line is new', () => {
    const result = into(main, { target });
    expect(result).toMatchObject({
      outcome: 'changed',
      path: '/etc/containerd/conf.d/10-volatile.toml',
      name: '10-volatile.toml',
    });
    expect(result.text).toBe(ask({ target }).files[0]?.text);
    expect(result.changes.every(({ before }) => before === undefined)).toBe(true);
    expect(result.warnings.map(({ id }) => id)).toEqual([]);
  });

  test('on 1.x it says again what it would hide', () => {
    const result = into(main2, { target, runtime: '1.7.24' });
    expect(result.text).toContain('root_path = "/mnt/images"');
    expect(result.text).not.toContain('sync_fs');
    expect(result.warnings).toContainEqual(
      expect.objectContaining({
        id: 'drop-in-replaces-table',
        source: expect.any(Array) as unknown,
      }),
    );
  });

  test.each([
    ['nothing imports it', 'version = 3\n', 'drop-in-not-imported', undefined],
    ['it has all of it', into(main).text, 'drop-in-not-needed', undefined],
    ['it is no TOML', 'version = \n', 'syntax', 1],
    ['it is empty', '\n', 'empty', undefined],
    [
      'it brings along a word that this kernel does not know',
      `${main}[plugins."io.containerd.snapshotter.v1.overlayfs"]\nmount_options = ["fsync=volatile"]\n`,
      'fsync-spelling',
      7,
    ],
  ])('none where %s', (_why, file, id, line) => {
    const result = into(file, { target });
    expect(result).toMatchObject({ outcome: 'refused', text: file });
    expect([result.problem?.id, result.problem?.line]).toEqual([id, line]);
  });
});

describe('no file to take away', () => {
  test.each<[Partial<Question>, string]>([
    [{ runtime: '1.7.3' }, 'ignored-1.7'],
    [{ runtime: '1.7.18' }, 'volume-1.7'],
    [{ kernel: '5.4' }, 'kernel-lacks'],
    [{ runtime: '1.7' }, 'runtime-series'],
    [{ target: 'nowhere' }, 'target'],
    [{ target: 'docker' }, 'docker-none'],
    [{ target: 'cri-o', runtime: '1.31.0' }, 'crio-on'],
  ])('%j: the answer has the reason', (change, id) => {
    const result = into(main, change);
    expect(result).toMatchObject({ outcome: 'refused', text: main, changes: [] });
    expect(result.problem?.id).toBe(id);
    expect(result.problem?.text).toBe(ask({ ...asked, ...change }).reasons[0]?.text);
  });

  test('an accepted problem is no refusal', () => {
    expect(into(main, { runtime: '2.0.0-rc.1', acceptKnownProblems: true }).outcome).toBe(
      'changed',
    );
  });

  test.each(facts.targets.targets.filter((row) => row.merges === undefined))(
    '$id leaves the file as it is',
    (row) => {
      const [first] = row.notable;
      const change = {
        target: row.id,
        platform: first?.platform ?? '',
        runtime: first?.runtime ?? '',
      };
      const result = into(main, change);
      expect(result).toMatchObject({ outcome: 'refused', text: main });
      const [file] = ask(change).files;
      if (file?.role === 'apply') expect(result.problem?.text).toContain(file.path);
    },
  );

  test('a roll-out is not made of one node’s file', () => {
    const result = into(main, { target: 'containerd-drop-in', rollout: 'ansible' });
    expect(result.problem?.id).toBe('rollout-carries-own');
  });
});

describe('the steps for a merged file', () => {
  const merging = facts.targets.targets.flatMap((row) =>
    row.merges === 'main' ? row.notable.map((version) => ({ target: row.id, ...version })) : [],
  );
  const version2 = 'version = 2\n';
  const commandsOf = (steps: MergedFile['steps']): string =>
    Object.values(steps)
      .flatMap((list) => list.map(({ command }) => command))
      .join('\n');

  test.each(merging)('$target $platform $runtime: nothing is edited by hand', (change) => {
    const result = into(version2, change);
    expect(result.outcome).toBe('changed');
    const { path, name, steps } = result;
    expect(commandsOf(steps)).not.toMatch(/sudoedit|tee -a|sed -i|volatile\.toml/);
    const puts = steps.apply.filter(({ command }) =>
      new RegExp(`\\b(cp|install)\\b.* (/tmp/)?${name} ${path}\\b(?!\\.)`).test(command),
    );
    expect(puts).toHaveLength(1);
    // The copy is made before, and the way back brings it.
    const copy = `${path}.before-volatile`;
    const kept = steps.apply.findIndex(({ command }) => command.includes(copy));
    expect(kept).toBeGreaterThanOrEqual(0);
    const [put] = puts;
    if (put === undefined) return;
    expect(kept).toBeLessThanOrEqual(steps.apply.indexOf(put));
    expect(commandsOf({ ...steps, apply: [] })).toContain(`cp -a ${copy} ${path}`);
    expect(commandsOf(steps)).not.toMatch(/\{[a-z]+\}/);
  });

  test('all other steps are the answer’s own, in its order', () => {
    const by = new Map(
      remarks.flatMap(({ id, step }) => (step?.replaces ?? []).map((old) => [old, id] as const)),
    );
    for (const change of merging) {
      const own = ask({ ...asked, ...change }).steps;
      const { steps } = into(version2, change);
      for (const phase of ['apply', 'verify', 'rollback', 'cleanup'] as const) {
        expect(steps[phase].map(({ id }) => id)).toEqual(
          own[phase].map(({ id }) => by.get(id) ?? id),
        );
        for (const step of own[phase])
          if (!by.has(step.id)) expect(steps[phase]).toContainEqual(step);
      }
    }
    const known = new Set([
      ...facts.containerd.steps.map(({ id }) => id),
      ...facts.targets.targets.flatMap(({ steps }) => steps.map(({ id }) => id)),
    ]);
    for (const id of by.keys()) expect(known).toContain(id);
  });

  test('a drop-in is put in its place as the one that is offered', () => {
    const change = { target: 'containerd-drop-in' };
    expect(into(main, change).steps).toEqual(ask(change).steps);
    expect(commandsOf(into(main, change).steps)).toContain(
      'sudo install -D -m 0644 10-volatile.toml /etc/containerd/conf.d/10-volatile.toml',
    );
  });

  test('a file that has it already is not put anywhere, and is still looked at', () => {
    const ids = into(into(main).text).steps.apply.map(({ id }) => id);
    expect(ids).toEqual(['look', 'keep', 'check', 'check-sync', 'restart']);
  });

  test('where the merge is refused they are the answer’s own', () => {
    expect(into('version = \n').steps).toEqual(ask({}).steps);
    expect(into(main, { runtime: '1.7.3' }).steps.apply).toEqual([]);
  });

  test('they keep the file that is there, its mode, and bring it back', () => {
    const folder = mkdtempSync(join(tmpdir(), 'merged-'));
    try {
      const place = join(folder, 'config.toml');
      const { text, steps, path } = into(main);
      writeFileSync(place, main);
      chmodSync(place, 0o600);
      const work = mkdtempSync(join(folder, 'here-'));
      writeFileSync(join(work, 'config.toml'), text);
      const run = (id: string): void => {
        const step = [...steps.apply, ...steps.rollback].find((one) => one.id === id);
        const command = (step?.command ?? 'false').replaceAll('sudo ', '').replaceAll(path, place);
        expect(spawnSync('sh', ['-c', command], { cwd: work }).status).toBe(0);
      };
      run('keep');
      run('put-merged');
      expect(readFileSync(place, 'utf8')).toBe(text);
      expect(statSync(place).mode & 0o777).toBe(0o600);
      run('restore');
      expect(readFileSync(place, 'utf8')).toBe(main);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('a merger gives what one merge gives, however the questions alternate', () => {
  const merger = createMerger();
  for (const existing of [main, main2, 'version = \n', '', main])
    for (const target of ['containerd', 'containerd-drop-in'])
      for (const runtime of ['2.1.9', '1.7.24', '1.7.3']) {
        const question = { ...asked, target, runtime };
        const row = rulesIn.en.targets.targets.find(({ id }) => id === target);
        expect(merger.merge(existing, question, ask(question), row, mergeFacts)).toEqual(
          into(existing, { target, runtime }),
        );
      }
});

test.each([
  ['version = 3\n', '3'],
  ['\ufeffversion = 2\r\n', '2'],
  ['# version = 2\n', ''],
  ['version = "2"\n', ''],
  ['version = \n', ''],
  ['', ''],
])('%j states version %j', (text, version) => {
  expect(statedFormat(text)).toBe(version);
});
