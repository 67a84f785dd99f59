/**
 * Every file that is offered for containerd, laid where its target's own program lays it, and read
 * by the containerd of Debian: the option is there, and `config dump` differs from the one without
 * it in nothing else.
 *
 * k3s, kind, k0s, Talos and nodeadm are not run. What they do with a fragment is done here by the
 * rule that their sources state: a file is imported, text is appended, tables are joined key by key.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { compareVersions, parseVersion } from '../../../src/facts/version.ts';
import type { Answer, OutputFile, Question } from '../../../src/generate/answer.ts';
import { DIFF, minute, OVERLAYFS, realContainerd, type Files } from './containerd-real.ts';
import { corpus, merge } from './merge-help.ts';
import { ask, facts } from './rules.ts';

/** Settings of a vendor's file that have to outlive ours. */
const PAUSE = 'registry.example/pause:9';
const vendors: Readonly<Record<number, string>> = {
  2: `version = 2
oom_score = -999
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE}"
  max_concurrent_downloads = 7
[plugins."io.containerd.gc.v1.scheduler"]
  pause_threshold = 0.05
`,
  3: `version = 3
oom_score = -999
[plugins."io.containerd.cri.v1.images"]
  max_concurrent_downloads = 7
[plugins."io.containerd.cri.v1.images".pinned_images]
  sandbox = "${PAUSE}"
[plugins."io.containerd.gc.v1.scheduler"]
  pause_threshold = 0.05
`,
};

/** A configuration with our lines and the same one without them. */
interface Pair {
  with: Files;
  without: Files;
}

type Tree = Record<string, unknown>;

/** Key by key, the second one's values over the first one's: what kind and the others do. */
function joined(below: Tree, above: Tree): Tree {
  const isTree = (value: unknown): value is Tree =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date);
  const result: Tree = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const there = result[key];
    result[key] = isTree(value) && isTree(there) ? joined(there, value) : value;
  }
  return result;
}

const IMPORTING = 'imports = ["@HERE@/conf.d/*.toml"]\n';
const alone = (with_: string, without: string): Pair => ({
  with: { main: with_ },
  without: { main: without },
});
const imported = (text: string, vendor: string): Pair => ({
  with: { main: IMPORTING + vendor, others: { 'conf.d/10-volatile.toml': text } },
  without: { main: IMPORTING + vendor },
});
const appended = (text: string, vendor: string): Pair => alone(`${vendor}\n${text}`, vendor);
const merged = (text: string, vendor: string): Pair =>
  alone(stringify(joined(tree(vendor), tree(text))), stringify(tree(vendor)));
const tree = (text: string): Tree => parse(text);

/** The text between the marks of a here-document, as the script itself writes it. */
function written(script: string): string {
  const home = mkdtempSync(join(tmpdir(), 'script-'));
  try {
    mkdirSync(join(home, 'etc'));
    const moved = script.replaceAll('/etc/containerd', join(home, 'etc'));
    expect(spawnSync('sh', ['-c', moved]).status).toBe(0);
    return readFileSync(join(home, 'etc/config.d/10-volatile.toml'), 'utf8');
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** What becomes of the file that a target is given, beside a vendor's file; by the target's id. */
const placed: Readonly<Record<string, (file: OutputFile, vendor: string, old: boolean) => Pair[]>> =
  {
    containerd: whole,
    kubeadm: whole,
    'containerd-drop-in': ({ text }, vendor) => [imported(text, vendor)],
    k3s: rancher,
    rke2: rancher,
    kind: ({ text }, vendor) => {
      const { containerdConfigPatches } = parseYaml(text) as { containerdConfigPatches: string[] };
      return [containerdConfigPatches.join('\n')].map((patch) => merged(patch, vendor));
    },
    minikube: ({ text }, vendor) => [appended(text, vendor)],
    microk8s: ({ text }, vendor) => [appended(text, vendor)],
    'image-builder': ({ text }, vendor) => [appended(text, vendor)],
    // Below the keys of the file and above its tables.
    kubespray: ({ text }, vendor) => {
      const { containerd_extra_args: lines } = parseYaml(text) as { containerd_extra_args: string };
      return [alone(vendor.replace('[plugins', `${lines}\n[plugins`), vendor)];
    },
    k0s: ({ text }, vendor, old) => {
      if (old) return [merged(text, vendor)];
      // Since containerd 2 it joins the tables of the CRI itself and has the others imported.
      const { plugins, ...rest } = tree(text) as { plugins: Tree };
      const isCri = (name: string): boolean => name.startsWith('io.containerd.cri.');
      const part = (wanted: boolean): string =>
        stringify({
          ...(wanted ? {} : rest),
          plugins: Object.fromEntries(
            Object.entries(plugins).filter(([name]) => isCri(name) === wanted),
          ),
        });
      const pair = imported(part(false), vendor);
      const main = IMPORTING + stringify(joined(tree(vendor), tree(part(true))));
      return [{ with: { ...pair.with, main }, without: pair.without }];
    },
    talos: ({ text }, vendor) => {
      const patch = parseYaml(text) as {
        content?: string;
        machine?: { files: { content: string }[] };
      };
      const content = patch.content ?? patch.machine?.files[0]?.content ?? '';
      return [merged(content, vendor)];
    },
    flatcar: ({ text }, vendor) => {
      const main = text.replace('/usr/share/containerd/config.toml', '@HERE@/shipped.toml');
      expect(main).not.toBe(text);
      const others = { 'shipped.toml': vendor };
      const bare = main.split('\n').slice(0, 2).join('\n');
      return [{ with: { main, others }, without: { main: `${bare}\n`, others } }];
    },
    'cluster-api': ({ text }, vendor) => {
      const template = parseYaml(text) as {
        spec: { template: { spec: { files: { content: string }[] } } };
      };
      return template.spec.template.spec.files.map(({ content }) => imported(content, vendor));
    },
    'eks-al2': ({ text }, vendor) => [imported(written(text), vendor)],
    'eks-al2023': ({ text }, vendor) => {
      const part = /^---\n([\s\S]*?)^--BOUNDARY/m.exec(text)?.[1] ?? '';
      const node = parseYaml(part) as { spec: { containerd: { config: string } } };
      return [merged(node.spec.containerd.config, vendor)];
    },
  };

function whole({ text, tables = '' }: OutputFile, vendor: string): Pair[] {
  const version = text.split('\n')[0] ?? '';
  const own = alone(text, `${version}\n`);
  // Its tables may stand at the end of a file that has none of them.
  const pair = appended(tables, vendor);
  const fits = vendor.startsWith(version) && !tables.includes('grpc.v1.cri');
  return fits && !/^\[plugins\."io\.containerd\.cri/m.test(tables) ? [own, pair] : [own];
}

function rancher({ text, path }: OutputFile, vendor: string): Pair[] {
  if (path.endsWith('.toml')) return [imported(text, vendor)];
  expect(text.startsWith('{{ template "base" . }}\n')).toBe(true);
  return [alone(text.replace('{{ template "base" . }}', vendor), vendor)];
}

/** Real files of the tools, where there are some beside the repository. */
const bases: Readonly<Record<string, readonly string[]>> = {
  kind: ['kind-v0.11-node.toml'],
  minikube: ['minikube-kicbase.toml'],
  microk8s: ['microk8s-template.toml'],
  'eks-al2': ['eks-al2-2023-10.toml'],
  'eks-al2023': ['eks-al2023-v3.toml', 'eks-al2023-nvidia-v3.toml'],
  talos: ['talos-cri-plugin-part.toml'],
};

/** Every question about a target whose answer a containerd of this series is to read. */
function questionsFor(id: string, version: string): Question[] {
  const row = facts.targets.targets.find((target) => target.id === id);
  const series = (text: string): string =>
    text.startsWith('1.') ? text.split('.').slice(0, 2).join('.') : '2';
  const same = (row?.notable ?? []).filter(
    ({ runtime = '' }) => series(runtime) === series(version),
  );
  const places = same.flatMap((one) => [one, { ...one, runtime: version }]);
  const starts =
    places.length > 0 ? places : (row?.notable ?? []).map((one) => ({ ...one, runtime: version }));
  const formats = [
    '',
    ...(row?.files ?? []).flatMap(({ format = 'new' }) => (format === 'new' ? [] : [format])),
  ];
  return starts.flatMap(({ platform = '', runtime = version }) =>
    [...new Set(formats)].flatMap((format) =>
      [true, false].flatMap((nodeReturns) =>
        [true, false].map((sharesContainerd) => ({
          target: id,
          platform,
          runtime,
          format,
          rollout: '',
          kernel: '6.12',
          nodeReturns,
          sharesContainerd,
          acceptKnownProblems: true,
        })),
      ),
    ),
  );
}

const targets = facts.targets.targets.filter(({ engine }) => engine === 'containerd');
const applied = (answer: Answer): OutputFile | undefined =>
  answer.files.find(({ role }) => role === 'apply');

test('what becomes of a file is known here for every target', () => {
  expect(Object.keys(placed).sort()).toEqual(targets.map(({ id }) => id).sort());
});

describe.each([
  { suite: 'trixie', old: true },
  { suite: 'forky', old: false },
])('containerd of Debian $suite', ({ suite, old }) => {
  const real = realContainerd(suite);
  const has = (version: string): boolean =>
    compareVersions(parseVersion(real.version()) ?? fail(), parseVersion(version) ?? fail()) >= 0;

  test.each(targets)(
    'reads what $id is given, and everything else as before',
    async ({ id }) => {
      const readings = new Map<string, { pair: Pair; text: string; question: Question }>();
      for (const question of questionsFor(id, real.version())) {
        const answer = ask(question);
        const file = applied(answer);
        // Version 4 came with 2.3: none of these reads it, see below.
        if (file === undefined || question.format === '4') continue;
        const real_ = (bases[id] ?? []).flatMap((name) =>
          corpus.flatMap((one) => (one.name === name ? [one.text] : [])),
        );
        const files = [...Object.values(vendors), ...real_].filter(
          (text) => !old || !/^version = [34]/m.test(text),
        );
        for (const vendor of files)
          for (const pair of placed[id]?.(file, vendor, old) ?? [])
            readings.set(JSON.stringify(pair), { pair, text: file.text, question });
      }
      expect(readings.size).toBeGreaterThan(0);
      for (const { pair, text, question } of readings.values()) {
        const about = JSON.stringify({ question, ...pair.with });
        const before = await real.read(pair.without);
        const after = await real.read(pair.with);
        expect(before.config, `${about} without: ${before.log}`).toBeDefined();
        expect(after.config, `${about}: ${after.log}`).toBeDefined();
        if (before.config === undefined || after.config === undefined) return;
        const was = before.config.plugins;
        const is = after.config.plugins;
        expect(was[OVERLAYFS]?.['mount_options'], about).toEqual([]);
        expect(is[OVERLAYFS]?.['mount_options'], about).toEqual(['volatile']);
        const cri = real.cri();
        const pull = text.includes('image_pull_with_sync_fs');
        expect(pull && !question.nodeReturns, about).toBe(false);
        expect(is[cri]?.['image_pull_with_sync_fs'], about).toBe(pull);
        // 1.7 has the other flush since 1.7.26.
        const unpack = text.includes('diff-service');
        expect(unpack && !question.sharesContainerd, about).toBe(false);
        if (has('2.0.0') || has('1.7.26')) expect(is[DIFF]?.['sync_fs'], about).toBe(unpack);
        const expected = structuredClone(before.config);
        Object.assign(expected.plugins[OVERLAYFS] ?? {}, { mount_options: ['volatile'] });
        Object.assign(expected.plugins[cri] ?? {}, { image_pull_with_sync_fs: pull });
        if (is[DIFF]?.['sync_fs'] !== undefined)
          Object.assign(expected.plugins[DIFF] ?? {}, { sync_fs: unpack });
        expect(after.config, about).toEqual(expected);
        // It takes no key of ours for one that it does not know.
        expect(after.log, about).not.toMatch(
          /(Ignoring unknown key|level=error).*(mount_options|sync_fs)/,
        );
      }
    },
    minute,
  );
});

/** What no version of containerd that Debian holds can show. */
describe('outputs that cannot be run here', () => {
  test.each<[string, Partial<Question>]>([
    ['version 4 of the file', { runtime: '2.3.4', format: '4' }],
    ['a drop-in in conf.d, containerd 2.2', { target: 'containerd-drop-in', runtime: '2.2.7' }],
    ['a drop-in in conf.d, containerd 2.3', { target: 'containerd-drop-in', runtime: '2.3.4' }],
  ])('%s: marked as read in the source', (_, question) => {
    const answer = ask(question);
    expect(applied(answer)?.reason.status).toBe('read');
    expect(answer.reasons[0]?.status).toBe('read');
  });
});

describe('what is refused', () => {
  describe('containerd of Debian bookworm', () => {
    const real = realContainerd('bookworm');

    test.each(targets)(
      'ignores in silence what $id would be given',
      async ({ id }) => {
        const [question, ...more] = questionsFor(id, '1.6.39').filter(
          ({ format }) => format === '',
        );
        const refused = ask({ ...question, runtime: real.version() });
        expect(refused.offered).toBe(false);
        expect(refused.blocking).toContain('ignored-1.6');
        // The last release of 1.6 takes the same file, and knows the key.
        let count = 0;
        for (const other of [question, ...more]) {
          const file = applied(ask({ ...other, runtime: '1.6.39' }));
          if (file === undefined) continue;
          for (const pair of placed[id]?.(file, vendors[2] ?? '', true) ?? []) {
            const before = await real.read(pair.without);
            const after = await real.read(pair.with);
            expect(before.config).toBeDefined();
            expect(after).toEqual(before);
            expect(after.log).toBe('');
            count += 1;
          }
        }
        // Some came only with a later containerd.
        if (id.startsWith('containerd')) expect(count).toBeGreaterThan(0);
      },
      minute,
    );

    test('takes a list that is none, and the long name without a version', async () => {
      const bare = await real.read({ main: 'version = 2\n' });
      const main = `version = 2\n[plugins."${OVERLAYFS}"]\nmount_options = 7\n`;
      expect(await real.read({ main })).toEqual(bare);
      const { config } = await real.read({ main: main.split('\n').slice(1).join('\n') });
      expect(JSON.stringify(config)).not.toContain('mount_options');
    });
  });

  describe('containerd of Debian trixie', () => {
    const real = realContainerd('trixie');

    test('does not see the long name without a version', async () => {
      const text = applied(ask({ runtime: real.version() }))?.text ?? '';
      const main = text.split('\n').slice(1).join('\n');
      const { config, log } = await real.read({ main });
      expect(config?.plugins[OVERLAYFS]?.['mount_options']).toEqual([]);
      expect(config?.plugins[real.cri()]?.['image_pull_with_sync_fs']).toBe(false);
      // It speaks of the version and of no table.
      expect(log).not.toContain('overlayfs');
    });

    test.each(['3', '4'])('does not start with version %s', async (format) => {
      expect(ask({ runtime: real.version(), format }).offered).toBe(false);
      const main = applied(ask({ runtime: '2.3.4', format }))?.text ?? '';
      expect(main).toContain(`version = ${format}\n`);
      const { config, log } = await real.read({ main });
      expect(config).toBeUndefined();
      expect(log).toContain('unsupported config version');
    });
  });

  describe('containerd of Debian forky', () => {
    const real = realContainerd('forky');

    test('does not start with version 4', async () => {
      expect(ask({ runtime: real.version(), format: '4' }).offered).toBe(false);
      const main = applied(ask({ runtime: '2.3.4', format: '4' }))?.text ?? '';
      expect(main).toContain('version = 4\n');
      const { config, log } = await real.read({ main });
      expect(config).toBeUndefined();
      expect(log).toContain(
        'expected containerd config version equal to or less than `3`, got `4`',
      );
    });
  });

  describe.each(['trixie', 'forky'])('containerd of Debian %s', (suite) => {
    const real = realContainerd(suite);

    test.each(['"volatile"', '7', 'true', '[7]', '{ volatile = true }', '[["volatile"]]'])(
      'does not start with mount_options = %s',
      async (value) => {
        const main = `version = 2\n[plugins."${OVERLAYFS}"]\nmount_options = ${value}\n`;
        expect((await real.read({ main })).config).toBeUndefined();
        const { outcome, problem } = merge(main, { runtime: real.version() });
        expect([outcome, problem?.id]).toEqual(['refused', 'mount-options-type']);
      },
    );
  });
});

function fail(): never {
  throw new Error('not a version');
}
