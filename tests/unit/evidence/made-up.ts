/** Evidence that is made up: whole rows from the few things that a test is about. */
import type { Observation } from '../../../src/evidence/claims.ts';
import type {
  Measured,
  PowerCutRun,
  ProbeRun,
  RecordedRun,
} from '../../../src/evidence/measured.ts';
import type { Evidence } from '../../../src/evidence/observe.ts';
import type { RuntimeBehaviour, RuntimeResult } from '../../../src/evidence/runtime-behaviour.ts';
import type { RecordedCall, Recording } from '../../../src/recording/types.ts';

interface About {
  series?: string;
  filesystem?: RecordedRun['filesystem'];
  chosenBy?: string;
  volatile?: boolean;
}

function about({
  series = '6.12',
  filesystem = 'ext4',
  chosenBy = 'umount',
  volatile = false,
}: About) {
  return {
    chosenBy,
    filesystem,
    kernel: {
      series,
      suite: 'trixie',
      release: `${series}.9-amd64`,
      package: `${series}.9-1`,
      commandLine: 'quiet',
    },
    volatile,
    diskMBs: 20,
    commands: ['mount', 'recorder run'],
    command: `npm run lab -- --kernel ${series} --scenario ${chosenBy}`,
    machine: 'made up',
    recordedAt: '2026-11-23T12:00:00.000Z',
  };
}

export function recorded(
  run: About & Partial<Omit<RecordedRun, keyof About | 'kind'>> = {},
): RecordedRun {
  const {
    series = '6.12',
    filesystem = 'ext4',
    chosenBy = 'umount',
    volatile = false,
    ...rest
  } = run;
  const dirtyMiB = rest.dirtyMiB ?? 64;
  const scenario = rest.scenario ?? `${chosenBy}-${dirtyMiB}`;
  return {
    kind: 'recorded',
    ...about({ series, filesystem, chosenBy, volatile }),
    id: `${series}-${filesystem}-${scenario}-${volatile ? 'volatile' : 'plain'}`,
    scenario,
    operation: chosenBy,
    dirtyMiB,
    dirtyIn: 'overlay',
    seconds: volatile ? 0.001 : 3.3,
    returnCode: 0,
    errno: 0,
    error: '',
    dirtyKiB: [65536, volatile ? 65536 : 0],
    writebackKiB: [0, 0],
    flushes: volatile ? 0 : 2,
    writes: volatile ? 0 : 60,
    sectors: volatile ? 0 : 131072,
    value: 0,
    ...rest,
  };
}

/** Both runs of an operation that the option skips. */
export const pair = (run: Parameters<typeof recorded>[0] = {}): RecordedRun[] => [
  recorded({ ...run, volatile: false }),
  recorded({ ...run, volatile: true }),
];

export function probe(
  label: string,
  answer: Partial<ProbeRun['probes'][number]>,
  run: About = {},
): ProbeRun {
  const { series = '6.12', filesystem = 'ext4', chosenBy = 'reuse' } = run;
  return {
    kind: 'probe',
    ...about({ ...run, chosenBy }),
    id: `${series}-${filesystem}-${chosenBy}`,
    scenario: chosenBy,
    probes: [{ label, command: 'mount', status: 0, out: [], dmesg: [], ...answer }],
  };
}

export function powerCut(
  survivors: PowerCutRun['survivors'],
  run: About & { remount?: Partial<PowerCutRun['remount']> } = {},
): PowerCutRun {
  const {
    series = '6.12',
    filesystem = 'ext4',
    chosenBy = 'power-cut-fsync',
    volatile = false,
  } = run;
  return {
    kind: 'power-cut',
    ...about({ ...run, chosenBy }),
    id: `${series}-${filesystem}-${chosenBy}-${volatile ? 'volatile' : 'plain'}`,
    scenario: chosenBy,
    survivors,
    remount: {
      label: 'mount again',
      command: 'mount',
      status: 0,
      out: [],
      dmesg: [],
      ...run.remount,
    },
  };
}

/** What every experiment on a containerd says of itself. */
export const containerd = (version: string) => ({
  runtime: 'containerd' as const,
  version,
  provenance: {
    date: '2026-11-23',
    command: 'npm run lab:runtimes',
    kernel: '6.18.44',
    system: 'Debian',
    packages: [],
    image: `sha256:${'0'.repeat(64)}`,
  },
});

export const runtime = (
  version: string,
  findings: Extract<RuntimeResult, { experiment: 'forms' }>['findings'],
): RuntimeResult => ({ ...containerd(version), experiment: 'forms', findings });

export const form = (
  name: string,
  outcome: 'applied' | 'ignored' | 'refused',
  says: string[] = [],
) => ({ form: name, about: name, file: '', outcome, options: [], says });

/** The recording of a run, with these calls. */
export function recordingOf(run: RecordedRun, calls: RecordedCall[] = []): Recording {
  const [before, after] = run.dirtyKiB;
  return {
    schema: 1,
    id: run.id,
    kernel: {
      series: run.kernel.series,
      version: `${run.kernel.series}.9`,
      release: run.kernel.release,
      package: run.kernel.package,
    },
    filesystem: run.filesystem,
    scenario: run.scenario,
    operation: run.operation,
    volatile: run.volatile,
    parameters: { dirtyMiB: run.dirtyMiB, diskMBs: run.diskMBs, dirtyIn: run.dirtyIn },
    seconds: run.seconds,
    returnCode: 0,
    errno: 0,
    before: { dirtyKiB: before, writebackKiB: 0 },
    after: { dirtyKiB: after, writebackKiB: 0 },
    calls,
    stacks: [],
    samples: [
      { t: 0, state: 'start', dirtyKiB: before, writebackKiB: 0 },
      { t: run.seconds, state: 'done', dirtyKiB: after, writebackKiB: 0 },
    ],
    provenance: {
      recordedBy: run.command,
      commandLine: 'quiet',
      files: ['a', 'b'],
      machine: 'made up',
      notes: [],
    },
  };
}

export const call = (
  fn: string,
  seconds: number,
  { superblock = null, calls }: Partial<Pick<RecordedCall, 'superblock' | 'calls'>> = {},
): RecordedCall => ({
  fn,
  layer: 'vfs',
  superblock,
  start: 0,
  seconds,
  ...(calls === undefined ? {} : { calls }),
});

export function evidence(
  runs: Measured['runs'],
  recordings: readonly Recording[] = [],
  results: RuntimeBehaviour['results'] = [],
): Evidence {
  return {
    measured: { schema: 1, runs },
    recording: (id) => recordings.find((recording) => recording.id === id),
    runtimes: { schema: 1, results },
  };
}

/** The opposite of an observation: what it wants of each row, this one does not. */
export function turnAround(observation: Observation): Observation {
  const { not, ...rest } = observation;
  return not === true ? rest : { ...rest, not: true };
}
