import { compareSeries } from '../src/recording/queries.ts';
import type { PowerCutScenario, Queue, RecordedScenario, Scenario } from './scenarios/index.ts';

/** What was chosen for all runs of a boot. */
export interface Conditions {
  filesystem: string;
  /** Dirty data of the scenarios that do not fix their own, MiB. */
  dirtyMiB: number;
  /** Write limit of the recorded disk, MB/s (10^6 bytes). */
  rate: number;
}

export type Variant = 'plain' | 'volatile';
const VARIANTS: readonly Variant[] = ['plain', 'volatile'];

/** One operation to record, one set of probes, or one power cut. */
export interface Run {
  /** Name of its files: `umount-64-plain`; for probes the scenario's name. */
  name: string;
  scenario: Scenario;
  /** Middle part of the run's id. */
  id: string;
  /** Absent for probes, which mount both ways themselves. */
  variant?: Variant;
  /** Of recorded scenarios only. */
  recorded?: {
    operation: string;
    mib: number;
    dirtyIn: 'overlay' | 'neighbour';
    /** What is dirty before the operation, MiB. */
    dirtyMiB: number;
    traced: boolean;
    queue?: Queue | undefined;
  };
  /** What the guest runs, in order; for probes what stands in the plan is their own. */
  commands: string[];
  /** Roughly how long it takes, seconds. */
  expected: number;
}

/** The usual rate; the ids of recordings at another one carry it. */
const USUAL_RATE = 20;

const LAZY = 'vm.dirty_writeback_centisecs=0 vm.dirty_ratio=90 vm.dirty_background_ratio=80';
const STOCK = 'vm.dirty_writeback_centisecs=500 vm.dirty_ratio=20 vm.dirty_background_ratio=10';

/** Lower layers: on the disk of the upper one, or in memory. */
const LOWER = { disk: '/mnt/d/low', memory: '/mnt/l' } as const;

const mountOverlay = (option: string, lower: 'disk' | 'memory' = 'disk') =>
  `mount -t overlay overlay -o lowerdir=${LOWER[lower]},upperdir=/mnt/d/up,workdir=/mnt/d/work` +
  `${option === '' ? '' : `,${option}`} /mnt/m`;

/** What a power cut may take: a file that was safely on the disk, and one that was just written. */
const CUT_FILES: readonly { file: string; mib: number }[] = [
  { file: 'before', mib: 4 },
  { file: 'written', mib: 16 },
];

/** What a run costs beside what its disk needs, seconds in an emulated machine. */
const OVERHEAD = 1.2;

/**
 * All runs of the chosen scenarios that make sense under these conditions, plain before volatile.
 *
 * @param series the kernel's, `6.12`; without it those of every kernel
 */
export function runsOf(
  scenarios: readonly Scenario[],
  conditions: Conditions,
  series?: string,
): Run[] {
  return scenarios.flatMap((scenario): Run[] => {
    if (scenario.filesystems?.includes(conditions.filesystem) === false) return [];
    if (scenario.kind === 'probe') {
      const { name } = scenario;
      const commands = scenario.probes.map(({ command }) => command);
      return [{ name, id: name, scenario, commands, expected: 2 }];
    }
    if (scenario.kind === 'power-cut') {
      return VARIANTS.map((variant) => cutOf(scenario, variant, conditions));
    }
    const { since, sizes } = scenario;
    if (since !== undefined && series !== undefined && compareSeries(series, since) < 0) return [];
    return (sizes === 'chosen' ? [conditions.dirtyMiB] : sizes).flatMap((mib) =>
      VARIANTS.map((variant) => runOf(scenario, mib, variant, conditions)),
    );
  });
}

/** Names of runs at another rate than usual say so. */
const atRate = (id: string, rate: number): string =>
  id + (rate === USUAL_RATE ? '' : `-at-${String(rate).replace('.', '-')}-mbs`);

function runOf(
  scenario: RecordedScenario,
  mib: number,
  variant: Variant,
  { rate }: Conditions,
): Run {
  const sized = (text: string) => text.replaceAll('{mib}', String(mib));
  const id = atRate(sized(scenario.id), rate);
  const name = `${id}-${variant}`;
  const dirtyMiB = scenario.dirtyIn === 'nowhere' ? 0 : mib;
  const dirtyFile = scenario.dirtyIn === 'neighbour' ? '/mnt/d/other/f' : '/mnt/m/f';
  const record = ['recorder', 'run', '/out', name, scenario.operation, ...scenario.args.map(sized)];
  const { queue, lower, options = { plain: '', volatile: 'volatile' } } = scenario;
  return {
    name,
    id,
    scenario,
    variant,
    recorded: {
      operation: scenario.operation,
      mib,
      dirtyIn: scenario.dirtyIn === 'neighbour' ? 'neighbour' : 'overlay',
      dirtyMiB,
      traced: scenario.untraced !== true,
      queue,
    },
    commands: [
      ...(queue === undefined ? [] : [`queue ${queue.requests} ${queue.maxSectorsKiB}`]),
      ...(lower === undefined ? [] : [`lower ${LOWER[lower]} ${mib}`]),
      `sysctl -w ${scenario.stockKnobs === true ? STOCK : LAZY}`,
      mountOverlay(options[variant], lower),
      ...(scenario.dirtyIn === 'nowhere' ? [] : [`recorder fill ${dirtyFile} ${mib}`]),
      ...(scenario.prepare ?? []).map(sized),
      `${scenario.untraced === true ? 'NOTRACE=1 ' : ''}${record.join(' ')}`,
    ],
    expected: OVERHEAD + diskSeconds(scenario, mib, variant, rate),
  };
}

function cutOf(scenario: PowerCutScenario, variant: Variant, { rate }: Conditions): Run {
  const id = atRate(scenario.name, rate);
  const [before, written] = CUT_FILES.map(({ file, mib }) => `recorder fill /mnt/m/${file} ${mib}`);
  const mib = CUT_FILES.reduce((sum, each) => sum + each.mib, 0);
  return {
    name: `${id}-${variant}`,
    id,
    scenario,
    variant,
    commands: [
      `sysctl -w ${LAZY}`,
      mountOverlay(variant === 'volatile' ? 'volatile' : ''),
      ...[before, 'sync', written].filter((command) => command !== undefined),
      ...scenario.steps,
      'cut',
    ],
    // Beside the copy: the files are written, and once more when the next run begins.
    expected: OVERHEAD * 2 + (2 * mib * 1.048576) / rate + (scenario.seconds ?? 0),
  };
}

/** How long the disk is busy with a run, seconds. */
function diskSeconds(
  scenario: RecordedScenario,
  mib: number,
  variant: Variant,
  rate: number,
): number {
  const once = (mib * 1.048576) / rate;
  const writes = variant === 'plain' || scenario.operation === 'sync' ? once : 0;
  const lower = scenario.lower === 'disk' ? once / 2 : 0;
  return writes + lower + mib * 0.006 + (scenario.stockKnobs === true ? 6 : 0);
}

/** The plan as the guest's first process reads it; see guest/init for its words. */
export function planText(filesystem: string, runs: readonly Run[]): string {
  const lines = [`disk ${filesystem}`];
  for (const [index, { name, scenario, commands }] of runs.entries()) {
    lines.push(`begin ${index + 1} ${runs.length} ${quote(name)}`);
    if (scenario.kind === 'probe') {
      for (const { label, command } of scenario.probes) {
        lines.push(`probe ${quote(label)} ${quote(command)}`);
      }
    } else {
      for (const command of commands) lines.push(`step ${quote(command)}`);
    }
    lines.push(scenario.kind === 'power-cut' ? 'cut_off' : 'finish');
  }
  return `${lines.join('\n')}\n`;
}

/**
 * The plan of the boot that reads copied disks.
 *
 * @param copies runs in the order of the disks that hold their copies
 */
export function examinationText(filesystem: string, copies: readonly Run[]): string {
  const files = CUT_FILES.map(({ file, mib }) => `${file} ${mib}`).join(' ');
  const again = quote(`${mountOverlay('')} && umount /mnt/m`);
  return [
    'boot_files',
    ...copies.map(
      ({ name }, index) =>
        `survivors ${quote(name)} /dev/vd${diskLetter(index)} ${filesystem} ${again} ${files}`,
    ),
    '',
  ].join('\n');
}

/** The second disk is the one that results leave through. */
const diskLetter = (index: number): string => 'acdefghijklmnopqrstuvwxyz'.charAt(index);

/** A word that the shell takes as it stands. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
