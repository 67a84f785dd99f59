import { PROBES } from './probes.ts';
import { SYNC } from './sync.ts';
import type { Scenario } from './types.ts';
import { UMOUNT } from './umount.ts';
import { WRITE } from './write.ts';

export type { ProbeScenario, Queue, RecordedScenario, Scenario } from './types.ts';

/** Everything that the lab can record, in the order in which it does. */
export const SCENARIOS: readonly Scenario[] = [...UMOUNT, ...SYNC, ...WRITE, ...PROBES];
