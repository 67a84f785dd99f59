import { loadValues } from '../../facts/load.ts';
import { loadRecordings } from '../../recording/load.ts';
import { compareSeries, select } from '../../recording/queries.ts';
import type { DirtyLimits } from '../../writeback/estimate.ts';

/** One measured umount. */
export interface Point {
  /** Recording behind it. */
  id: string;
  series: string;
  version: string;
  volatile: boolean;
  /** Dirty memory before the umount, MiB. */
  mib: number;
  seconds: number;
}

/** The scaling runs of every kernel, oldest kernel first, and the disk rate they share, MB/s. */
export async function loadPoints(): Promise<{ points: Point[]; diskMBs: number }> {
  const runs = select(await loadRecordings(), { filesystem: 'ext4' }).filter(({ scenario }) =>
    scenario.startsWith('umount-scale-'),
  );
  const rates = new Set(runs.map(({ parameters }) => parameters.diskMBs));
  const [diskMBs] = rates;
  if (diskMBs === undefined || rates.size !== 1)
    throw new Error(`The scaling runs need one disk rate, not ${[...rates].join(', ') || 'none'}`);
  const points = runs
    .map(({ id, kernel, volatile, parameters, seconds }) => ({
      id,
      series: kernel.series,
      version: kernel.version,
      volatile,
      mib: parameters.dirtyMiB,
      seconds,
    }))
    .sort((a, b) => compareSeries(a.series, b.series) || a.mib - b.mib);
  return { points, diskMBs };
}

/** Numbers of the figure that are facts: the kernel's dirty limits and the kubelet's patience. */
export function loadLimits(): { limits: DirtyLimits; threshold: number } {
  const values = loadValues();
  const number = (id: string): number => {
    const value = values.find((row) => row.id === id)?.value;
    if (typeof value !== 'number')
      throw new Error(`content/facts/values.yaml has no number ${id}, which dirty-pages needs`);
    return value;
  };
  return {
    limits: { background: number('dirty-background-ratio'), ratio: number('dirty-ratio') },
    threshold: number('pleg-threshold'),
  };
}
