import { POWER_CUTS } from './power-cuts.ts';
import { PROBES } from './probes.ts';
import { SYNC } from './sync.ts';
import type { Scenario } from './types.ts';
import { UMOUNT } from './umount.ts';
import { WRITE } from './write.ts';

export type {
  PowerCutScenario,
  ProbeScenario,
  Queue,
  RecordedScenario,
  Scenario,
} from './types.ts';

/**
 * Everything that the lab can record, in the order in which it does. Power cuts come first, while
 * the disk that they copy is still small.
 */
export const SCENARIOS: readonly Scenario[] = [
  ...POWER_CUTS,
  ...UMOUNT,
  ...SYNC,
  ...WRITE,
  ...PROBES,
];
