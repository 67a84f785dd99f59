import type { Recording } from './types.ts';

/** What to select by; a field left out matches all. */
export interface Selection {
  series?: string;
  filesystem?: string;
  scenario?: string;
  operation?: string;
  volatile?: boolean;
}

/** The same run with and without `volatile`. */
export interface Pair {
  series: string;
  filesystem: string;
  scenario: string;
  plain: Recording;
  volatile: Recording;
}

/** Recordings that match every given field, in the order in which they came. */
export function select(recordings: readonly Recording[], by: Selection): Recording[] {
  return recordings.filter(
    (recording) =>
      (by.series === undefined || recording.kernel.series === by.series) &&
      (by.filesystem === undefined || recording.filesystem === by.filesystem) &&
      (by.scenario === undefined || recording.scenario === by.scenario) &&
      (by.operation === undefined || recording.operation === by.operation) &&
      (by.volatile === undefined || recording.volatile === by.volatile),
  );
}

/** The recording of an id; undefined where there is none. */
export function byId(recordings: readonly Recording[], id: string): Recording | undefined {
  return recordings.find((recording) => recording.id === id);
}

/** Runs recorded both ways, older kernels first; a run without its counterpart is left out. */
export function pairs(
  recordings: readonly Recording[],
  by: Omit<Selection, 'volatile'> = {},
): Pair[] {
  const found: Pair[] = [];
  for (const plain of select(recordings, { ...by, volatile: false })) {
    const { filesystem, scenario } = plain;
    const { series } = plain.kernel;
    const [other] = select(recordings, { series, filesystem, scenario, volatile: true });
    if (other !== undefined) found.push({ series, filesystem, scenario, plain, volatile: other });
  }
  return found.sort((a, b) => compareSeries(a.series, b.series));
}

/** Kernel series that were recorded, oldest first. */
export function seriesOf(recordings: readonly Recording[]): string[] {
  return [...new Set(recordings.map(({ kernel }) => kernel.series))].sort(compareSeries);
}

/** Orders `5.10`, `6.1`, `6.12`: numbers, not text. */
export function compareSeries(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}
