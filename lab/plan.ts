import type { Queue, RecordedScenario, Scenario } from './scenarios/index.ts';

/** What was chosen for all runs of a boot. */
export interface Conditions {
  filesystem: string;
  /** Dirty data of the scenarios that do not fix their own, MiB. */
  dirtyMiB: number;
  /** Write limit of the recorded disk, MB/s (10^6 bytes). */
  rate: number;
}

export type Variant = 'plain' | 'volatile';

/** One operation to record, or one set of probes. */
export interface Run {
  /** Name of its files: `umount-64-plain`; for probes the scenario's name. */
  name: string;
  scenario: Scenario;
  /** Absent for probes, which mount both ways themselves. */
  recorded?: {
    /** Middle part of the recording's id. */
    id: string;
    variant: Variant;
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
export const USUAL_RATE = 20;

const LAZY = 'vm.dirty_writeback_centisecs=0 vm.dirty_ratio=90 vm.dirty_background_ratio=80';
const STOCK = 'vm.dirty_writeback_centisecs=500 vm.dirty_ratio=20 vm.dirty_background_ratio=10';
const OVERLAY = 'lowerdir=/mnt/d/low,upperdir=/mnt/d/up,workdir=/mnt/d/work';

/** What a run costs beside what its disk needs, seconds in an emulated machine. */
const OVERHEAD = 1.2;

/** All runs of the chosen scenarios, plain before volatile. */
export function runsOf(scenarios: readonly Scenario[], conditions: Conditions): Run[] {
  return scenarios.flatMap((scenario): Run[] => {
    if (scenario.kind === 'probe') {
      const commands = scenario.probes.map(({ command }) => command);
      return [{ name: scenario.name, scenario, commands, expected: 2 }];
    }
    const sizes = scenario.sizes === 'chosen' ? [conditions.dirtyMiB] : scenario.sizes;
    return sizes.flatMap((mib) =>
      (['plain', 'volatile'] as const).map((variant) => runOf(scenario, mib, variant, conditions)),
    );
  });
}

function runOf(
  scenario: RecordedScenario,
  mib: number,
  variant: Variant,
  { rate }: Conditions,
): Run {
  const sized = (text: string) => text.replaceAll('{mib}', String(mib));
  const id =
    sized(scenario.id) + (rate === USUAL_RATE ? '' : `-at-${String(rate).replace('.', '-')}-mbs`);
  const name = `${id}-${variant}`;
  const dirtyMiB = scenario.dirtyIn === 'nowhere' ? 0 : mib;
  const dirtyFile = scenario.dirtyIn === 'neighbour' ? '/mnt/d/other/f' : '/mnt/m/f';
  const record = ['recorder', 'run', '/out', name, scenario.operation, ...scenario.args.map(sized)];
  const { queue } = scenario;
  return {
    name,
    scenario,
    recorded: {
      id,
      variant,
      operation: scenario.operation,
      mib,
      dirtyIn: scenario.dirtyIn === 'neighbour' ? 'neighbour' : 'overlay',
      dirtyMiB,
      traced: scenario.untraced !== true,
      queue,
    },
    commands: [
      ...(queue === undefined ? [] : [`queue ${queue.requests} ${queue.maxSectorsKiB}`]),
      ...(scenario.lower === true ? [`lower ${mib}`] : []),
      `sysctl -w ${scenario.stockKnobs === true ? STOCK : LAZY}`,
      `mount -t overlay overlay -o ${OVERLAY}${variant === 'volatile' ? ',volatile' : ''} /mnt/m`,
      ...(scenario.dirtyIn === 'nowhere' ? [] : [`recorder fill ${dirtyFile} ${mib}`]),
      ...(scenario.prepare ?? []).map(sized),
      `${scenario.untraced === true ? 'NOTRACE=1 ' : ''}${record.join(' ')}`,
    ],
    expected: OVERHEAD + diskSeconds(scenario, mib, variant, rate),
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
  const lower = scenario.lower === true ? once / 2 : 0;
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
    lines.push('finish');
  }
  return `${lines.join('\n')}\n`;
}

/** A word that the shell takes as it stands. */
export const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
