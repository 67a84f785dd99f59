/** What people paste is read, or named as not understood; nothing that is pasted can break it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accepted, readPasted, type Machine } from '../../../src/generate/merge/pasted.ts';

const versions: readonly (readonly [text: string, says: Machine])[] = [
  // uname
  ['6.8.0-45-generic\n', { kernel: '6.8.0-45-generic' }],
  ['5.10.0-32-cloud-amd64', { kernel: '5.10.0-32-cloud-amd64' }],
  ['4.18.0-513.el8.x86_64', { kernel: '4.18.0-513.el8.x86_64' }],
  ['2.6.32-754.el6.x86_64', { kernel: '2.6.32-754.el6.x86_64' }],
  ['6.12', { kernel: '6.12' }],
  ['7.3.0-rc4', { kernel: '7.3.0-rc4' }],
  ['10.1.0', { kernel: '10.1.0' }],
  ['5.15.0-1051-aws', { kernel: '5.15.0-1051-aws' }],
  [
    '6.1.102-111.182.amzn2023.x86_64\r\n',
    { kernel: '6.1.102-111.182.amzn2023.x86_64', distribution: 'eks' },
  ],
  ['5.4.119-19-0009.11', { kernel: '5.4.119-19-0009.11' }],
  ['$ uname -r\n6.8.0-45-generic\n', { kernel: '6.8.0-45-generic' }],
  ['root@node-1:~# uname -r\n6.8.0-45-generic\n', { kernel: '6.8.0-45-generic' }],
  [
    'Linux node-1 6.8.0-45-generic #45-Ubuntu SMP PREEMPT_DYNAMIC Fri Aug 30 12:02:04 UTC 2024 x86_64 GNU/Linux',
    { kernel: '6.8.0-45-generic' },
  ],
  [
    'Linux version 6.1.0-25-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0)',
    { kernel: '6.1.0-25-amd64' },
  ],
  // containerd
  [
    'containerd github.com/containerd/containerd/v2 v2.1.4 75cb2b7193e4e490e9fbdc236c0e811ccaba3376',
    { runtime: 'containerd', runtimeVersion: '2.1.4' },
  ],
  [
    'containerd containerd.io 1.7.24 88bf19b2105c8b17560993bee28a01ddc2f97182',
    { runtime: 'containerd', runtimeVersion: '1.7.24' },
  ],
  [
    'containerd github.com/containerd/containerd 1.7.24~ds1 1.7.24~ds1-6+deb13u1',
    { runtime: 'containerd', runtimeVersion: '1.7.24~ds1' },
  ],
  [
    'containerd github.com/containerd/containerd 1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da\n',
    { runtime: 'containerd', runtimeVersion: '1.7.27' },
  ],
  [
    'containerd github.com/k3s-io/containerd v1.7.23-k3s2 ',
    { runtime: 'containerd', runtimeVersion: '1.7.23-k3s2', distribution: 'k3s' },
  ],
  [
    'ctr github.com/containerd/containerd 1.6.20~ds1',
    { runtime: 'containerd', runtimeVersion: '1.6.20~ds1' },
  ],
  ['v2.1.9', { runtime: 'containerd', runtimeVersion: '2.1.9' }],
  ['1.7.24', { runtime: 'containerd', runtimeVersion: '1.7.24' }],
  [
    'containerd://2.0.4-k3s2',
    { runtime: 'containerd', runtimeVersion: '2.0.4-k3s2', distribution: 'k3s' },
  ],
  [
    'Client:\n  Version:  v1.7.24\n  Revision: 88bf\n  Go version: go1.22.9\n\nServer:\n  Version:  v1.7.22\n  Revision: 7f7f\n  UUID: a\n',
    { runtime: 'containerd', runtimeVersion: '1.7.22' },
  ],
  [
    'Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  v2.0.2\nRuntimeApiVersion:  v1\n',
    { runtime: 'containerd', runtimeVersion: '2.0.2' },
  ],
  // k3s and RKE2 name Kubernetes and not containerd
  [
    'k3s version v1.31.6+k3s1 (6ab750f9)\ngo version go1.22.12\n',
    { distribution: 'k3s', platform: '1.31.6+k3s1' },
  ],
  ['v1.32.2+k3s1', { distribution: 'k3s', platform: '1.32.2+k3s1' }],
  [
    'rke2 version v1.30.4+rke2r1 (5d1c2e4)\ngo version go1.22.5 X:boringcrypto\n',
    { distribution: 'rke2', platform: '1.30.4+rke2r1' },
  ],
  // others
  ['Docker version 27.3.1, build ce12230', { runtime: 'docker', runtimeVersion: '27.3.1' }],
  ['docker://24.0.7', { runtime: 'docker', runtimeVersion: '24.0.7' }],
  [
    'Client: Docker Engine - Community\n Version:           27.3.1\n\nServer: Docker Engine - Community\n Engine:\n  Version:          27.3.1\n containerd:\n  Version:          1.7.22\n  GitCommit:        7f7fdf5\n',
    { runtime: 'containerd', runtimeVersion: '1.7.22' },
  ],
  [
    ' Server Version: 20.10.24\n Storage Driver: overlay2\n Kernel Version: 5.15.0-91-generic\n Operating System: Ubuntu 22.04.3 LTS\n',
    {
      kernel: '5.15.0-91-generic',
      runtime: 'docker',
      runtimeVersion: '20.10.24',
      os: 'Ubuntu 22.04.3 LTS',
    },
  ],
  [
    'crio version 1.30.4\nVersion:        1.30.4\nGitCommit:      d3e6a0b\nGoVersion:      go1.22.5\n',
    { runtime: 'cri-o', runtimeVersion: '1.30.4' },
  ],
  ['cri-o://1.29.6-5.rhaos4.16', { runtime: 'cri-o', runtimeVersion: '1.29.6-5.rhaos4.16' }],
  // both at once
  [
    '6.8.0-45-generic\ncontainerd containerd.io 1.7.24 88bf19b2105c\n',
    { kernel: '6.8.0-45-generic', runtime: 'containerd', runtimeVersion: '1.7.24' },
  ],
  [
    ' Kernel Version:             6.1.0-25-amd64\n OS Image:                   Debian GNU/Linux 12 (bookworm)\n Operating System:           linux\n Container Runtime Version:  containerd://1.6.20\n',
    {
      kernel: '6.1.0-25-amd64',
      runtime: 'containerd',
      runtimeVersion: '1.6.20',
      os: 'Debian GNU/Linux 12 (bookworm)',
    },
  ],
  ['\u001b[32m6.8.0-45-generic\u001b[0m\n', { kernel: '6.8.0-45-generic' }],
];

test.each(versions)('%j', (text, says) => {
  expect(readPasted(text)).toEqual({ kind: 'versions', ...says });
});

describe('kubectl get nodes -o wide', () => {
  const header =
    'NAME     STATUS   ROLES           AGE   VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE             KERNEL-VERSION     CONTAINER-RUNTIME\n';
  const row = (name: string, rest: string): string => `${name}   Ready    <none>   42d   ${rest}\n`;

  test('is read node by node', () => {
    expect(
      readPasted(
        header +
          row(
            'cp-1',
            'v1.30.2   10.0.0.1   <none>   Ubuntu 24.04.1 LTS   6.8.0-45-generic   containerd://1.7.24',
          ) +
          row(
            'w-1',
            'v1.30.2   10.0.0.2   <none>   Ubuntu 22.04.5 LTS   5.15.0-119-generic   containerd://1.7.12',
          ),
      ),
    ).toEqual({
      kind: 'nodes',
      mixed: true,
      first: {
        name: 'cp-1',
        kernel: '6.8.0-45-generic',
        runtime: 'containerd',
        runtimeVersion: '1.7.24',
        os: 'Ubuntu 24.04.1 LTS',
      },
      nodes: [
        expect.objectContaining({ name: 'cp-1', runtimeVersion: '1.7.24' }),
        expect.objectContaining({ name: 'w-1', kernel: '5.15.0-119-generic' }),
      ],
    });
  });

  test.each([
    [
      'v1.30.4-eks-a737599',
      'Amazon Linux 2023.5.20240916',
      '6.1.109-118.189.amzn2023.x86_64',
      'containerd://1.7.20',
      'eks',
    ],
    [
      'v1.30.1-eks-e564799',
      'Bottlerocket OS 1.20.5 (aws-k8s-1.30)',
      '6.1.92',
      'containerd://1.6.34+bottlerocket',
      'bottlerocket',
    ],
    [
      'v1.29.8-gke.1096000',
      'Container-Optimized OS from Google',
      '6.1.90+',
      'containerd://1.7.15',
      'gke',
    ],
    [
      'v1.31.6+k3s1',
      'Debian GNU/Linux 12 (bookworm)',
      '6.1.0-25-amd64',
      'containerd://2.0.2-k3s2',
      'k3s',
    ],
    [
      'v1.30.4+rke2r1',
      'SUSE Linux Enterprise Server 15 SP6',
      '6.4.0-150600.21-default',
      'containerd://1.7.17-k3s1',
      'k3s',
    ],
    ['v1.31.1', 'Talos (v1.8.1)', '6.6.54-talos', 'containerd://2.0.0-rc.5', 'talos'],
    [
      'v1.29.6',
      'Red Hat Enterprise Linux CoreOS 416.94',
      '5.14.0-427.el9.x86_64',
      'cri-o://1.29.6-5.rhaos4.16',
      undefined,
    ],
  ])('%s on %s', (version, os, kernel, runtime, distribution) => {
    const pasted = readPasted(
      header + row('n-1', `${version}   10.0.0.1   <none>   ${os}   ${kernel}   ${runtime}`),
    );
    expect(pasted).toMatchObject({ kind: 'nodes', mixed: false, first: { kernel, os } });
    const found = pasted.kind === 'nodes' ? pasted.first.distribution : 'nothing';
    expect(found).toBe(version.includes('rke2') ? 'rke2' : distribution);
  });

  test('is read without its header, and with CRLF', () => {
    expect(
      readPasted(
        row(
          'n',
          'v1.30.2   10.0.0.1   <none>   Ubuntu 24.04.1 LTS   6.8.0-45-generic   containerd://1.7.24',
        ).replaceAll('\n', '\r\n'),
      ),
    ).toMatchObject({ kind: 'nodes', first: { kernel: '6.8.0-45-generic' } });
  });
});

describe('a configuration', () => {
  test.each([
    ['version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n', 2, undefined],
    ['version = 3\n[plugins."io.containerd.cri.v1.images"]\n', 3, 2],
    ['[plugins."io.containerd.cri.v1.images"]\nsnapshotter = "overlayfs"\n', undefined, 2],
    ['[plugins.overlayfs]\nmount_options = ["volatile"]\n', undefined, undefined],
  ])('%j', (text, fileVersion, series) => {
    expect(readPasted(text)).toEqual({ kind: 'config', fileVersion, series, problem: undefined });
  });

  test('that is no TOML is named with what it is', () => {
    expect(readPasted('version = 2\n[plugins]\n{{ if .X }}\n')).toMatchObject({
      kind: 'config',
      problem: { id: 'template', line: 3 },
    });
    expect(
      readPasted('time="2026-01-01T00:00:00Z" level=warning msg="x"\nversion = 2\n[plugins]\n'),
    ).toMatchObject({ kind: 'config', problem: { id: 'log-lines', line: 1 } });
  });
});

test.each(['', '   \n', 'hello', 'bash: uname: command not found', '???', '300.1', 'a.b.c', '42'])(
  'names what it takes: %j',
  (text) => {
    expect(readPasted(text)).toEqual({ kind: 'unknown', accepted });
  },
);

test('never throws', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(...versions.map(([text]) => text)),
    fc.constantFrom('[plugins]\n', 'version = ', '://', '{{', '\r', '\n', '  ', '\0', '"', "'''"),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(['versions', 'nodes', 'config', 'unknown']).toContain(
        readPasted(pieces.join('')).kind,
      );
    }),
    { numRuns: 2000 },
  );
});

test('takes no time over a long text', () => {
  for (const text of [
    'a'.repeat(60_000),
    ' '.repeat(60_000),
    '1.'.repeat(30_000),
    '\n'.repeat(60_000),
    'Server:\n'.repeat(8_000),
  ]) {
    const start = performance.now();
    readPasted(text);
    expect(performance.now() - start).toBeLessThan(2_000);
  }
});
