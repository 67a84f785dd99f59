/**
 * What somebody pasted: the output of a command that names a kernel or a runtime, or a whole
 * configuration. It fills the form; what it does not say stays open.
 */
import { parseVersion } from '../../facts/version.ts';
import { isTable, parseDocument } from './document.ts';
import { recognise, type Remark } from './recognise.ts';

export type Runtime = 'containerd' | 'cri-o' | 'docker';

/** What a text says of one machine; what it does not say is undefined. */
export interface Machine {
  /** `uname -r`, whole. */
  kernel?: string;
  runtime?: Runtime;
  /** As it was written, without `v` and without what stands in front of it. */
  runtimeVersion?: string;
  /** Who made the cluster or the node: `k3s`, `rke2`, `eks`, `gke`, `talos`, ... */
  distribution?: Distribution;
  /** The version of what carries the runtime, where that decides a path: `1.30.10+k3s1`, Talos' own. */
  platform?: string;
  /** The operating system in its own words. */
  os?: string;
}

export interface Node extends Machine {
  name: string;
}

export type Distribution =
  | 'k3s'
  | 'rke2'
  | 'k0s'
  | 'eks'
  | 'gke'
  | 'aks'
  | 'talos'
  | 'bottlerocket'
  | 'flatcar'
  | 'microk8s'
  | 'minikube'
  | 'kind';

/** The outputs that are understood, in the order a form may list them. */
export const accepted = [
  'uname -r',
  'containerd --version',
  'kubectl get nodes -o wide',
  'containerd config dump',
  '/etc/containerd/config.toml',
  'k3s --version',
  'rke2 --version',
  'docker version',
  'crio --version',
  'crictl version',
] as const;

export type Pasted =
  | ({ kind: 'versions' } & Machine)
  /** `kubectl get nodes -o wide`: `first` is the first node; `mixed`: the nodes are not alike. */
  | { kind: 'nodes'; first: Node; nodes: Node[]; mixed: boolean }
  /** A configuration of containerd, whole or in part. */
  | {
      kind: 'config';
      /** The `version` it states. */
      fileVersion: number | undefined;
      /** 1 or 2, where its tables are those of one series of containerd alone. */
      series: 1 | 2 | undefined;
      /** Why it cannot be merged as it is, where it is no TOML. */
      problem: Remark | undefined;
    }
  | { kind: 'unknown'; accepted: typeof accepted };

/** Longer than any of these outputs; a form that is given more takes it for a mistake. */
const LIMIT = 2_000_000;

/** Never throws, whatever the text is. */
export function readPasted(text: string): Pasted {
  const unknown: Pasted = { kind: 'unknown', accepted };
  if (text.length > LIMIT) return unknown;
  const plain = text
    .replace(/^\ufeff/, '')
    // eslint-disable-next-line no-control-regex -- the colours of a terminal
    .replace(/\u001b\[[\d;]*m/g, '')
    .replace(/\r\n?/g, '\n');
  // A line longer than a terminal is wide many times over is none of these outputs, and empty
  // lines say nothing: without them no pattern below has far to look.
  const lines = plain.split('\n').filter((line) => line.length < 600 && line.trim() !== '');
  const nodes = nodesOf(lines);
  if (nodes[0] !== undefined) {
    const key = ({ kernel, runtime, runtimeVersion }: Node): string =>
      [kernel, runtime, runtimeVersion].join(' ');
    return {
      kind: 'nodes',
      first: nodes[0],
      nodes,
      mixed: new Set(nodes.map(key)).size > 1,
    };
  }
  const config = configOf(plain);
  if (config !== undefined) return config;
  const machine = machineOf(lines.slice(0, 200).join('\n'));
  return Object.keys(machine).length > 0 ? { kind: 'versions', ...machine } : unknown;
}

const RUNTIMES: Readonly<Record<string, Runtime>> = {
  containerd: 'containerd',
  'cri-o': 'cri-o',
  docker: 'docker',
};

/** `containerd://1.7.24` of kubectl. */
const ADDRESS = /\b(containerd|cri-o|docker):\/\/v?(\d[\w.+~-]*)/;

function nodesOf(lines: readonly string[]): Node[] {
  return lines.flatMap((line): Node[] => {
    // The system's name has single spaces; columns stand two apart, or a tab.
    const cells = line.trim().split(/\s*\t\s*|\s{2,}/);
    const runtime = ADDRESS.exec(cells.at(-1) ?? '');
    const kernel = cells.at(-2) ?? '';
    if (runtime === null || cells.length < 4 || !isRelease(kernel)) return [];
    const [name = ''] = line.trim().split(/\s+/);
    const version = /\bv\d+\.\d+\.\d+\S*/.exec(line)?.[0] ?? '';
    const os = cells.at(-3) ?? '';
    return [
      {
        name,
        ...machine({
          kernel,
          runtime: RUNTIMES[runtime[1] ?? ''],
          runtimeVersion: runtime[2],
          ...carrier(`${version} ${os} ${kernel} ${runtime[2] ?? ''}`),
          os: os === '<none>' ? undefined : os,
        }),
      },
    ];
  });
}

function configOf(text: string): Pasted | undefined {
  if (
    !/^[\t ]*(?:\[+[\t ]*plugins\b|(?:plugins[\t ]*[.=]|mount_options[\t ]*=|version[\t ]*=|imports[\t ]*=))/m.test(
      text,
    )
  )
    return undefined;
  const parsed = parseDocument(text);
  if (!parsed.ok)
    return {
      kind: 'config',
      fileVersion: undefined,
      series: undefined,
      problem: recognise(text, parsed.fault),
    };
  const { version, plugins } = parsed.document.value;
  const names = isTable(plugins) ? Object.keys(plugins) : [];
  const fileVersion = typeof version === 'number' ? version : undefined;
  const is2 =
    (fileVersion ?? 0) > 2 || names.some((name) => name.startsWith('io.containerd.cri.v1.'));
  // A dump prints every plugin there is; these are gone since 2.0.
  const is1 = names.some((name) =>
    /^io\.containerd\.(?:runtime\.v1\.linux|monitor\.v1\.cgroups|snapshotter\.v1\.aufs)$/.test(
      name,
    ),
  );
  return {
    kind: 'config',
    fileVersion,
    series: is2 ? 2 : is1 && names.length > 12 ? 1 : undefined,
    problem: undefined,
  };
}

function machineOf(text: string): Machine {
  const find = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const lines = text
    .split('\n')
    // `$ uname -r` and `root@node:~# uname -r` are what was asked, not what was answered.
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:\S*@\S*[:~ ][^#$]*)?[$#] /.test(line));
  const [only = ''] = lines;
  const alone = lines.length === 1;

  const kernel =
    (alone && isRelease(only) && !isRuntimeVersion(only) ? only : undefined) ??
    find(/^Linux (?:version )?(?:\S+ )??(\d+\.\d+[\w.+~-]*) /m) ??
    find(/^\s*"?kernel[ _]?version"?:\s*"?(\d+\.\d+[\w.+~-]*)/im) ??
    lines.find((line) => lines.length <= 4 && isRelease(line) && !isRuntimeVersion(line));

  const address = ADDRESS.exec(text);
  const crio =
    find(/^crio version v?(\d[\w.+~-]*)/m) ??
    find(/^RuntimeName:\s*cri-o\s[\s\S]{0,200}?^RuntimeVersion:\s*v?(\d[\w.+~-]*)/m);
  const containerd =
    find(/^containerd (?:\S+ )?v?(\d+\.\d+\.\d+[\w.+~-]*)(?: |$)/m) ??
    find(/^RuntimeName:\s*containerd\s[\s\S]{0,200}?^RuntimeVersion:\s*v?(\d[\w.+~-]*)/m) ??
    find(/^[\t ]*containerd:[\t ]*\n[\t ]*Version:\s*v?(\d[\w.+~-]*)/m) ??
    find(/^Server:[\t ]*\n[\t ]*Version:[\t ]*v?(\d+\.\d+\.\d+[\w.+~-]*)\n\s*Revision:/m) ??
    find(
      /^(?:ctr|containerd\.io|containerd) (?:containerd\.io |github\.com\S+ )?v?(\d+\.\d+\.\d+\S*)/m,
    ) ??
    lines.find((line) => lines.length <= 4 && isRuntimeVersion(line));
  const docker =
    find(/^Docker version (\d[\w.+~-]*)/m) ??
    find(/^Server:[^\n]*Docker[^\n]*\n(?:.*\n){0,3}?\s*(?:Server )?Version:\s*(\d[\w.+~-]*)/m) ??
    find(/^\s*Server Version:\s*(\d[\w.+~-]*)/m);

  const [runtime, version]: [Runtime | undefined, string | undefined] =
    address !== null
      ? [RUNTIMES[address[1] ?? ''], address[2]]
      : crio !== undefined
        ? ['cri-o', crio]
        : containerd !== undefined
          ? ['containerd', containerd]
          : docker !== undefined
            ? ['docker', docker]
            : [undefined, undefined];
  return machine({
    kernel,
    runtime,
    runtimeVersion: version?.replace(/^v/, '').replace(/[,.]$/, ''),
    ...carrier(text.slice(0, 4000)),
    os:
      find(/^\s*(?:Operating System|OS Image|"?osImage"?):\s*"?([^"\n]+)/m)?.trim() ??
      find(/^PRETTY_NAME="?([^"\n]+)/m),
  });
}

/** A kernel's version as `uname -r` prints it: three numbers, or two and what a packager added. */
function isRelease(text: string): boolean {
  return (
    /^v?\d{1,2}\.\d{1,4}(?:\.\d{1,6})?(?:[-+.~_][\w.+~-]*)?$/.test(text) &&
    /^v?[2-9]|^1\d/.test(text)
  );
}

/** `1.7.24`, `v2.1.9`, `1.7.23-k3s2`; a kernel 2.6 is older than any of these. */
function isRuntimeVersion(text: string): boolean {
  const version = parseVersion(text);
  if (version === undefined) return false;
  const { major, minor } = version;
  return (major === 1 && minor <= 7) || (major === 2 && minor < 6);
}

const distributions: readonly (readonly [Distribution, RegExp])[] = [
  // RKE2 takes its containerd from k3s, so that its nodes bear both marks.
  ['rke2', /[-+]rke2r?\d|\brke2 version\b/i],
  ['k3s', /[-+]k3s\d|\bk3s version\b/i],
  ['k0s', /\+k0s\b|[-.]k0s/i],
  ['talos', /\btalos\b/i],
  ['bottlerocket', /\bbottlerocket\b/i],
  ['gke', /-gke\.|container-optimized os/i],
  ['eks', /-eks-|\.amzn2/i],
  ['aks', /-azure\b.*aks|\baks-/i],
  ['flatcar', /\bflatcar\b/i],
  ['microk8s', /microk8s/i],
  ['minikube', /\bminikube\b|\bbuildroot\b/i],
];

/**
 * Where a distribution's own version stands beside its name. k3s and RKE2 mark their containerd
 * (`1.7.23-k3s2`) as they mark themselves; Kubernetes has had two digits there since 2018.
 */
const platforms: Partial<Record<Distribution, RegExp>> = {
  k3s: /\bv?(1\.\d\d\.\d+\S*?[-+]k3s\d+)/i,
  rke2: /\bv?(1\.\d\d\.\d+\S*?[-+]rke2r?\d+)/i,
  k0s: /\bv?(\d+\.\d+\.\d+[-+.]k0s(?:\.\d+)?)/i,
  talos: /\btalos\b[^\n\d]{0,20}v?(\d+\.\d+\.\d+[\w.-]*)/i,
  flatcar: /\bflatcar\b[^\n\d]{0,60}(\d{4}\.\d+\.\d+)/i,
};

function carrier(text: string): {
  distribution: Distribution | undefined;
  platform: string | undefined;
} {
  const distribution = distributions.find(([, sign]) => sign.test(text))?.[0];
  const version = distribution === undefined ? undefined : platforms[distribution];
  return { distribution, platform: version?.exec(text)?.[1] };
}

/** Leaves out what is not known: a form then keeps what it has. */
function machine(known: { [Key in keyof Machine]: Machine[Key] | undefined }): Machine {
  const all: [string, string | undefined][] = Object.entries(known);
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
