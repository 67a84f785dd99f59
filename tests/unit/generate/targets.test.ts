/** What holds for every target: its files have the form they need, and every question an answer. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import { loadValues } from '../../../src/facts/load.ts';
import { compareVersions, factVersion, inRange } from '../../../src/facts/version.ts';
import type { OutputFile, Question } from '../../../src/generate/answer.ts';
import { ask, facts, notable } from './rules.ts';

const { targets, rollouts, instead } = facts.targets;

/** Every file of every target and version worth showing, nodes that return and ones that do not. */
const files = [true, false].flatMap((nodeReturns) =>
  notable.flatMap(([name, question]) =>
    ask({ ...question, nodeReturns }).files.map((file): [string, OutputFile] => [
      `${name}${nodeReturns ? '' : ' discarded'}: ${file.name}`,
      file,
    ]),
  ),
);
const ofLanguage = (...languages: OutputFile['language'][]): [string, OutputFile][] =>
  files.filter(([, file]) => languages.includes(file.language));

/** The TOML of containerd inside a file of another form. */
function inner(text: string): string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (/^\[plugins|^imports/m.test(value)) found.push(value);
    } else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  for (const document of parseAllDocuments(text)) walk(document.toJS());
  return found;
}

describe('rows refer to rows that exist', () => {
  test.each(targets)('$id', (row) => {
    const known = [...facts.containerd.warnings, ...facts.containerd.steps].map(({ id }) => id);
    expect([...row.keep, ...row.keepWithFlush].filter((id) => !known.includes(id))).toEqual([]);
    expect(row.rollouts.filter((id) => !rollouts.some((one) => one.id === id))).toEqual([]);
    expect(row.instead.filter((id) => !instead.some((one) => one.id === id))).toEqual([]);
  });

  test('every roll-out and every help is used', () => {
    expect(rollouts.filter((one) => !targets.some((row) => row.rollouts.includes(one.id)))).toEqual(
      [],
    );
    expect(instead.filter((one) => !targets.some((row) => row.instead.includes(one.id)))).toEqual(
      [],
    );
  });

  test('every note stands at a line that is there', () => {
    const lost = [...targets, ...rollouts].flatMap((row) =>
      row.files.flatMap((file) =>
        file.notes
          .filter(
            (note) => !file.body?.split('\n').some((line) => line.trim().startsWith(note.line)),
          )
          // A line of containerd's own tables is not in the body.
          .filter((note) => !note.line.startsWith('[plugins'))
          .map((note) => `${row.id} ${file.id}: ${note.line}`),
      ),
    );
    expect(lost).toEqual([]);
  });
});

describe('the form of each file', () => {
  test.each(ofLanguage('toml'))('%s is strict TOML', (_name, file) => {
    expect(() => parseToml(file.text)).not.toThrow();
  });

  test.each(ofLanguage('template'))('%s is a template that begins with the base', (_name, file) => {
    const [first, ...rest] = file.text.split('\n');
    expect(first).toBe('{{ template "base" . }}');
    expect(parseToml(rest.join('\n'))).toHaveProperty('plugins');
  });

  test.each(ofLanguage('yaml'))('%s is YAML, and the TOML in it is TOML', (_name, file) => {
    const documents = parseAllDocuments(file.text, { strict: true });
    expect(documents.flatMap((document) => document.errors)).toEqual([]);
    for (const text of inner(file.text)) {
      const bare = text.replace(/^\{% raw -%\}$|^\{%- endraw %\}$|^\{\{.*\}\}$/gm, '');
      expect(() => parseToml(bare)).not.toThrow();
    }
  });

  test.each(ofLanguage('json'))('%s is Ignition that holds its file', (_name, file) => {
    const config = JSON.parse(file.text) as {
      ignition: { version: string };
      storage: { files: { path: string; mode: number; contents: { source: string } }[] };
    };
    expect(config.ignition.version).toMatch(/^3\.\d+\.0$/);
    const [first] = config.storage.files;
    expect(first?.path).toMatch(/^\//);
    expect(first?.mode).toBe(0o644);
    const source = decodeURIComponent(first?.contents.source.replace('data:,', '') ?? '');
    expect(parseToml(source)).toHaveProperty('plugins');
  });

  test.each(ofLanguage('shell'))('%s is a script that sh can read', (_name, file) => {
    expect(spawnSync('sh', ['-n'], { input: file.text }).status).toBe(0);
  });

  test.each(files)('%s ends in one line feed and holds no placeholder', (_name, file) => {
    expect(file.text).toMatch(/[^\n]\n$/);
    expect(file.text).not.toMatch(/%(?:config|tables|volatile|version|content)%|\r/);
    expect(file.text).toBe(file.lines.map((line) => `${line.text}\n`).join(''));
    expect(file.reason.source.length).toBeGreaterThan(0);
  });

  test('a drop-in states no version: a higher one than the main file has would break it', () => {
    const dropIns = files.filter(([, file]) =>
      /conf(?:ig)?(?:-v3)?\.(?:toml\.)?d\//.test(file.path),
    );
    expect(dropIns.length).toBeGreaterThan(0);
    for (const [, file] of dropIns) expect(file.text).not.toMatch(/^version/m);
  });

  test('with containerd 1.x a drop-in holds no table but that of the mount option', () => {
    for (const runtime of ['1.6.34', '1.7.24']) {
      const [file] = ask({ target: 'containerd-drop-in', runtime }).files;
      expect(file?.text.match(/^\[.*\]$/gm)).toEqual([
        '[plugins."io.containerd.snapshotter.v1.overlayfs"]',
      ]);
    }
  });
});

describe('the shape that a program reads', () => {
  const yamlOf = (question: Partial<Question>, name: string): unknown => {
    const file = ask(question).files.find((one) => one.name === name);
    return parseYaml(file?.text ?? '');
  };

  test('kind', () => {
    expect(yamlOf({ target: 'kind' }, 'kind-volatile.yaml')).toMatchObject({
      kind: 'Cluster',
      apiVersion: 'kind.x-k8s.io/v1alpha4',
      containerdConfigPatches: [expect.stringMatching(/^\[plugins/) as unknown],
    });
  });

  test('Talos', () => {
    expect(yamlOf({ target: 'talos', platform: '1.14' }, 'volatile.yaml')).toMatchObject({
      apiVersion: 'v1alpha1',
      kind: 'CRICustomizationConfig',
      name: 'volatile',
      content: expect.stringContaining('mount_options') as unknown,
    });
    expect(yamlOf({ target: 'talos', platform: '1.13.4' }, 'volatile.yaml')).toMatchObject({
      machine: { files: [{ op: 'create', path: '/etc/cri/conf.d/20-customization.part' }] },
    });
  });

  test('NodeConfig of EKS, inside user data of several parts', () => {
    const text = ask({ target: 'eks-al2023' }).files[0]?.text ?? '';
    const [, part = ''] = text.split('--BOUNDARY\n');
    const [head = '', body = ''] = part.split(/\n\n---\n/);
    expect(head).toBe('Content-Type: application/node.eks.aws');
    expect(parseYaml(body.split('--BOUNDARY--')[0] ?? '')).toMatchObject({
      apiVersion: 'node.eks.aws/v1alpha1',
      kind: 'NodeConfig',
      spec: {
        containerd: { config: expect.stringContaining('mount_options = ["volatile"]') as unknown },
      },
    });
  });

  test('Cluster API', () => {
    expect(yamlOf({ target: 'cluster-api' }, 'kubeadm-config-volatile.yaml')).toMatchObject({
      kind: 'KubeadmConfigTemplate',
      spec: {
        template: {
          spec: {
            files: [{ path: '/etc/containerd/conf.d/10-volatile.toml', permissions: '0644' }],
            preKubeadmCommands: [expect.any(String) as unknown, 'systemctl restart containerd'],
          },
        },
      },
    });
  });

  test('cloud-init', () => {
    const text = ask({ target: 'containerd-drop-in', rollout: 'cloud-init' }).files[0]?.text ?? '';
    expect(text).toMatch(/^#cloud-config\n/);
    expect(parseYaml(text)).toMatchObject({
      write_files: [{ path: '/etc/containerd/conf.d/10-volatile.toml', permissions: '0644' }],
      runcmd: [['sh', '-c', 'systemctl try-restart containerd']],
    });
  });

  test('Butane for Flatcar, and the octal number that it wants', () => {
    expect(
      yamlOf({ target: 'flatcar', platform: '4230.2.0' }, 'volatile.butane.yaml'),
    ).toMatchObject({
      variant: 'flatcar',
      version: '1.0.0',
      storage: { files: [{ path: '/etc/containerd/config.toml' }] },
    });
  });

  test('an Ansible play: one node at a time, and each module by its full name', () => {
    const [play] = yamlOf(
      { target: 'containerd-drop-in', rollout: 'ansible' },
      'volatile.yaml',
    ) as { serial: number; tasks: Record<string, unknown>[] }[];
    expect(play?.serial).toBe(1);
    for (const task of play?.tasks ?? [])
      expect(Object.keys(task).some((key) => key.startsWith('ansible.builtin.'))).toBe(true);
  });

  test('the DaemonSet is not privileged and touches no node without the label', () => {
    const text = ask({ target: 'containerd-drop-in', rollout: 'daemonset' }).files[0]?.text ?? '';
    const [map, set] = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    expect(map).toMatchObject({
      kind: 'ConfigMap',
      data: { '10-volatile.toml': expect.stringContaining('volatile') as unknown },
    });
    expect(set).toMatchObject({
      kind: 'DaemonSet',
      spec: {
        updateStrategy: { rollingUpdate: { maxUnavailable: 1 } },
        template: {
          spec: {
            nodeSelector: { 'volatile-mounts': 'on' },
            automountServiceAccountToken: false,
            containers: [
              {
                securityContext: {
                  readOnlyRootFilesystem: true,
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'], add: ['SYS_CHROOT'] },
                },
              },
            ],
          },
        },
      },
    });
    expect(text).not.toContain('privileged:');
    const { data } = map as { data: Record<string, string> };
    expect(spawnSync('sh', ['-n'], { input: data['run.sh'] }).status).toBe(0);
  });
});

function platformOf(version: { platform?: string | undefined } | undefined): {
  platform: string;
} {
  return { platform: version?.platform ?? '' };
}

describe('commands', () => {
  const steps = notable.flatMap(([, question]) => Object.values(ask(question).steps).flat());
  const commands = [...new Set(steps.map((step) => step.command))];

  test.each(commands)('%s', (command) => {
    // NODE, NAME and their like stand for what the reader puts there; they are words to the shell.
    expect(spawnSync('sh', ['-n', '-c', command]).status).toBe(0);
    expect(command).not.toContain('\n');
  });

  test.each(notable)(
    '%s: whoever is offered a file can verify it and roll it back',
    (_, question) => {
      const answer = ask(question);
      const applied = answer.files.some((file) => file.role === 'apply');
      if (!answer.offered) return;
      expect(answer.steps.verify.length).toBeGreaterThan(0);
      if (applied) {
        expect(answer.steps.apply.length).toBeGreaterThan(0);
        expect(answer.steps.rollback.length).toBeGreaterThan(0);
      }
    },
  );

  test('each target leads through commands that look for old and new containers', () => {
    // Those of kind are thrown away with their cluster; Talos has commands of its own.
    for (const row of targets.filter((one) => one.engine === 'containerd' && one.id !== 'kind')) {
      const [version] = row.notable;
      const { verify } = ask({
        target: row.id,
        runtime: '2.1.9',
        ...platformOf(version),
      }).steps;
      const commands = verify.map((step) => step.command).join('\n');
      expect([
        row.id,
        commands.includes('grep -vE'),
        commands.includes('(fsync=)?volatile'),
      ]).toEqual([row.id, row.id !== 'talos', true]);
    }
  });

  test('mounts are looked for in both spellings', () => {
    for (const step of steps.filter((one) => one.command.includes('volatile([ ,]|$)')))
      expect(step.command).toContain('(fsync=)?volatile');
  });
});

describe('verdicts', () => {
  test.each([
    [{ target: 'k3s', platform: '' }, 'unreadable'],
    [{ target: 'k3s', platform: 'latest' }, 'unreadable'],
    [{ target: 'k3s', platform: '1.36.2+k3s1', runtime: '2.3.4' }, 'works'],
    [{ target: 'k3s', platform: '1.99.0', runtime: '2.3.4' }, 'test-first'],
    [{ target: 'talos', platform: '1.5.0', runtime: '1.6.23' }, 'refused'],
    [{ target: 'kind', runtime: '1.7.18' }, 'known-problem'],
    [{ target: 'kind', runtime: '1.7.1' }, 'refused'],
    [{ target: 'kubeadm', kernel: '5.4' }, 'refused'],
    [{ target: 'kubeadm', kernel: '4.18.0-513.el8.x86_64' }, 'test-first'],
    [{ target: 'containerd', runtime: '1.7.24', format: '3' }, 'refused'],
    [{ target: 'containerd', runtime: '2.1.9', format: '4' }, 'refused'],
    [{ target: 'containerd', runtime: '2.3.0', format: '4' }, 'works'],
    [{ target: 'containerd', format: '5' }, 'unreadable'],
    [{ target: 'cri-o', runtime: '1.31.0' }, 'already-on'],
    [{ target: 'cri-o', runtime: 'cri-o://1.31.0' }, 'already-on'],
    [{ target: 'cri-o', runtime: '1.21.0' }, 'refused'],
    [{ target: 'podman', runtime: '4.3.1', kernel: '5.4' }, 'refused'],
    [{ target: 'docker' }, 'not-possible'],
    [{ target: 'gke', runtime: '', kernel: '' }, 'not-possible'],
    [{ target: 'docker', rollout: 'daemonset' }, 'unreadable'],
    [{ target: 'nomad' }, 'unreadable'],
  ] satisfies [Partial<Question>, string][])('%o: %s', (question, verdict) => {
    const answer = ask(question);
    expect(answer.verdict).toBe(verdict);
    if (!answer.offered) {
      expect(answer.files).toEqual([]);
      expect(answer.reasons.length).toBeGreaterThan(0);
    }
  });

  test('what is refused names what helps, where nothing can be set', () => {
    for (const row of targets.filter((one) => one.group === 'not-possible'))
      expect(ask({ target: row.id }).instead.length).toBeGreaterThan(1);
  });

  test.each([
    ['cri-o', 'crio-volatile-since'],
    ['podman', 'podman-rm-since'],
    ['buildah', 'buildah-since'],
  ])('%s is on from the version that prose names', (target, id) => {
    const value = loadValues().find((row) => row.id === id)?.value;
    const first = facts.targets.targets
      .find((row) => row.id === target)
      ?.support.find((row) => row.verdict === 'already-on')?.runtime?.[0]?.from;
    expect(compareVersions(factVersion(String(value)), factVersion(first ?? ''))).toBe(0);
  });

  test('a version of a target is judged as containerd by file is', () => {
    for (const runtime of ['1.6.23', '1.6.30', '1.7.3', '1.7.10', '1.7.24', '2.0.0', '2.2.7']) {
      const { verdict } = ask({ target: 'kubeadm', runtime });
      const row = facts.containerd.support.find((one) => inRange(factVersion(runtime), one));
      expect([runtime, verdict]).toEqual([runtime, row?.verdict]);
    }
  });
});

describe('any question has an answer', () => {
  const version = fc.oneof(
    fc.constantFrom('', 'latest', '1.7', '1.7.x', 'v2.1.4', 'containerd://1.7.24', '2.0.0-rc.3'),
    fc
      .tuple(fc.nat({ max: 12 }), fc.nat({ max: 60 }), fc.nat({ max: 60 }))
      .map((parts) => parts.join('.')),
    fc.string({ unit: 'binary' }),
  );
  const question = fc.record({
    target: fc.oneof(fc.constantFrom(...targets.map(({ id }) => id)), fc.string()),
    platform: version,
    format: fc.constantFrom('', '1', '2', '3', '4', 'x'),
    rollout: fc.constantFrom('', ...rollouts.map(({ id }) => id), 'x'),
    runtime: version,
    kernel: fc.oneof(
      version,
      fc.constantFrom('6.12', '5.4', '4.18.0-513.el8.x86_64', '5.15.0-1051-aws'),
    ),
    nodeReturns: fc.boolean(),
    sharesContainerd: fc.boolean(),
    acceptKnownProblems: fc.boolean(),
  });

  test('it answers or refuses in one line, and the same in both languages', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const [en, zh] = [ask(asked), ask(asked, 'zh-cn')];
        for (const answer of [en, zh])
          for (const reason of [...answer.reasons, ...answer.warnings]) {
            expect(reason.text).not.toMatch(/\n/);
            expect(reason.text.length).toBeGreaterThan(3);
          }
        expect(zh.verdict).toBe(en.verdict);
        expect(zh.reasons.map(({ id }) => id)).toEqual(en.reasons.map(({ id }) => id));
        expect(zh.warnings.map(({ id }) => id)).toEqual(en.warnings.map(({ id }) => id));
        expect(zh.files.map(({ text }) => text)).toEqual(en.files.map(({ text }) => text));
        expect(en.offered || en.files.length === 0).toBe(true);
        expect(en.offered || en.blocking.length > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('it does not depend on anything but its arguments', () => {
    fc.assert(
      fc.property(question, (asked) => {
        expect(ask(asked)).toEqual(ask(asked));
      }),
      { numRuns: 200 },
    );
  });
});
