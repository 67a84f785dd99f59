/**
 * What the merge writes, read by the containerd it is for: `config dump` before and after differ
 * in what was asked for and in nothing else. Skipped, and said so, where Debian's packages cannot
 * be had.
 */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { localise } from '../../../src/facts/localise.ts';
import { mergeFor } from '../../../src/generate/merge/for-answer.ts';
import { DIFF, minute, OVERLAYFS, realContainerd, type Files } from './containerd-real.ts';
import { file } from './merge-arbitrary.ts';
import { corpus, merge, remarks } from './merge-help.ts';
import { ask, facts, rulesIn } from './rules.ts';

const HEAD = `[plugins."${OVERLAYFS}"]`;
const mergeFacts = { ...facts, remarks: localise(remarks, 'en') };

const inputs = globSync('tests/golden/merge/*.toml').map((file) => ({
  name: basename(file),
  text: readFileSync(file, 'utf8'),
}));

describe.each([
  { suite: 'trixie', old: true },
  { suite: 'forky', old: false },
])('containerd of Debian $suite', ({ suite, old }) => {
  const real = realContainerd(suite);

  /** The file that was and the file that is differ in what `keys` names, and in nothing else. */
  async function expectOnly(
    { before, after }: { before: Files; after: Files },
    { pull, unpack }: { pull: boolean; unpack: boolean },
  ): Promise<void> {
    const { config: was, log: saidBefore } = await real.read(before);
    const { config: is, log } = await real.read(after);
    expect(was, `the file as it was: ${saidBefore}`).toBeDefined();
    expect(is, `the file as it is: ${log}`).toBeDefined();
    if (was === undefined || is === undefined) return;
    const listed = (was.plugins[OVERLAYFS]?.['mount_options'] ?? []) as string[];
    expect(is.plugins[OVERLAYFS]?.['mount_options']).toEqual(
      listed.includes('volatile') ? listed : [...listed, 'volatile'],
    );
    const expected = structuredClone(was);
    const set = (plugin: string, key: string, value: unknown): void => {
      // A file may turn the CRI off; its table is then kept and not read.
      Object.assign((expected.plugins[plugin] ??= {}), { [key]: value });
      expect(is.plugins[plugin]?.[key]).toEqual(value);
    };
    set(OVERLAYFS, 'mount_options', is.plugins[OVERLAYFS]?.['mount_options']);
    if (pull) set(real.cri(), 'image_pull_with_sync_fs', true);
    if (unpack) set(DIFF, 'sync_fs', true);
    expect(is).toEqual(expected);
  }

  test.each([...corpus, ...inputs])(
    'reads $name and what was added to it',
    async ({ text }) => {
      const merged = merge(text, { runtime: real.version(), imagePullWithSyncFs: true });
      if (merged.outcome === 'refused') {
        // Nobody is kept from a change that would have worked: containerd refuses or ignores these.
        const { config } = await real.read({ main: text });
        expect(config === undefined || merged.problem !== undefined).toBe(true);
        return;
      }
      const pair = { before: { main: text }, after: { main: merged.text } };
      await expectOnly(pair, { pull: true, unpack: false });
    },
    minute,
  );

  const merging = facts.targets.targets.filter((row) => row.merges !== undefined);
  test.each(merging)(
    'reads every file that is merged for $id',
    async ({ id }) => {
      const row = rulesIn.en.targets.targets.find((target) => target.id === id);
      const platform = row?.notable.find(({ runtime }) => runtime?.startsWith('1.') === old);
      const fragment = ['minikube', 'microk8s', 'flatcar'].includes(id);
      const imports = (text: string): boolean =>
        ((parse(text.replace(/^\ufeff/, '')) as { imports?: string[] }).imports ?? []).length > 0;
      let changed = 0;
      for (const { text } of [...corpus, ...inputs])
        for (const nodeReturns of row?.merges === 'drop-in' ? [true, false] : [true]) {
          const question = {
            ...{ target: id, platform: platform?.platform ?? '', runtime: real.version() },
            ...{ format: '', rollout: '', kernel: '6.12', acceptKnownProblems: false },
            ...{ nodeReturns, sharesContainerd: true },
          };
          // A drop-in lies beside a main file that imports it.
          const main =
            row?.merges === 'drop-in' && !/^imports/m.test(text)
              ? `imports = ["/etc/containerd/conf.d/*.toml"]\n${text}`
              : text;
          const merged = mergeFor(main, question, ask(question), row, mergeFacts);
          if (merged.outcome !== 'changed') {
            expect(merged.text).toBe(main);
            continue;
          }
          changed += 1;
          const here = main.replaceAll('/etc/containerd/conf.d', '@HERE@/conf.d');
          const pair =
            row?.merges === 'drop-in'
              ? {
                  before: { main: here },
                  after: { main: here, others: { 'conf.d/10-volatile.toml': merged.text } },
                }
              : { before: { main }, after: { main: merged.text } };
          // What the answer's own file has to leave out is added where nothing imported hides it.
          const hidden = old && (row?.merges === 'drop-in' || (fragment && imports(main)));
          await expectOnly(pair, {
            pull: nodeReturns && !hidden,
            // 1.7 has it since 1.7.26.
            unpack: nodeReturns && !old,
          });
        }
      expect(changed).toBeGreaterThan(0);
    },
    minute,
  );

  test('reads the whole configuration that it prints itself, with one line changed for each key', async () => {
    const text = await real.defaults();
    const merged = merge(text, { runtime: real.version(), imagePullWithSyncFs: true });
    expect(merged.changes.map(({ before, after }) => [before?.trim(), after?.trim()])).toEqual([
      ['image_pull_with_sync_fs = false', 'image_pull_with_sync_fs = true'],
      ['mount_options = []', expect.stringMatching(/^mount_options = \[(["'])volatile\1\]$/)],
    ]);
    const { config } = await real.read({ main: merged.text });
    expect(config?.plugins[OVERLAYFS]?.['mount_options']).toEqual(['volatile']);
  });

  test(
    'reads random files that were merged, where it reads them as they were',
    async () => {
      let read = 0;
      const wanted = { runtime: real.version(), imagePullWithSyncFs: true };
      await fc.assert(
        fc.asyncProperty(file, async (text) => {
          const merged = merge(text, wanted);
          if (merged.outcome === 'refused') return;
          const { config } = await real.read({ main: text });
          // A random value may be of the wrong type for a key that it knows.
          if (config === undefined) return;
          read += 1;
          const pair = { before: { main: text }, after: { main: merged.text } };
          await expectOnly(pair, { pull: true, unpack: false });
        }),
        { numRuns: 30 },
      );
      expect(read).toBeGreaterThan(0);
    },
    minute,
  );

  /** What the merge refuses, with the word that containerd would not have heard. */
  test.each([
    ['the long name without a version', `${HEAD}\nmount_options = ["volatile"]\n`, ['trixie']],
    [
      'the short name in version 2',
      'version = 2\n[plugins.overlayfs]\nmount_options = ["volatile"]\n',
      ['trixie', 'forky'],
    ],
    [
      'no quotation marks',
      `version = 2\n[plugins.${OVERLAYFS}]\nmount_options = ["volatile"]\n`,
      ['trixie', 'forky'],
    ],
    [
      'a table twice',
      `version = 2\n${HEAD}\n${HEAD}\nmount_options = ["volatile"]\n`,
      ['trixie', 'forky'],
    ],
    [
      'a string for a list',
      `version = 2\n${HEAD}\nmount_options = "volatile"\n`,
      ['trixie', 'forky'],
    ],
    [
      'a table in two pairs of brackets',
      `version = 2\n[[plugins."${OVERLAYFS}"]]\nmount_options = ["volatile"]\n`,
      ['trixie', 'forky'],
    ],
    ['version 3 for 1.7', `version = 3\n${HEAD}\nmount_options = ["volatile"]\n`, ['trixie']],
    [
      'version 4 for 2.1',
      `version = 4\n${HEAD}\nmount_options = ["volatile"]\n`,
      ['trixie', 'forky'],
    ],
    ['a byte order mark', `\ufeffversion = 2\n${HEAD}\nmount_options = ["volatile"]\n`, ['forky']],
    [
      'a comma at the end of an inline table',
      `version = 2\n[plugins]\n"${OVERLAYFS}" = { mount_options = ["volatile"], }\n`,
      ['trixie'],
    ],
  ])('refuses or ignores %s, as the merge does', async (_, text, where) => {
    if (!where.includes(suite)) return;
    expect(merge(text, { runtime: real.version() }).outcome).toBe('refused');
    const { config } = await real.read({ main: text });
    expect(config?.plugins[OVERLAYFS]?.['mount_options'] ?? []).toEqual([]);
  });

  test('reads a drop-in that keeps what the main file says', async () => {
    const path = '/etc/containerd/conf.d/10.toml';
    const main = `imports = ["/etc/containerd/conf.d/*.toml"]\nversion = 2\n${HEAD}\nroot_path = "/data/ovl"\nupperdir_label = true\nmount_options = ["metacopy=off"]\n`;
    const { text } = merge('', { runtime: real.version(), dropIn: { path, main } });
    const { config } = await real.read({
      main: main.replace('/etc/containerd', '@HERE@'),
      others: { 'conf.d/10.toml': text },
    });
    expect(config?.plugins[OVERLAYFS]).toMatchObject({
      root_path: '/data/ovl',
      upperdir_label: true,
      mount_options: ['metacopy=off', 'volatile'],
    });
  });
});
