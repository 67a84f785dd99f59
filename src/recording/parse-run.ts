import { z } from 'zod';
import { RecordingError } from './errors.ts';
import type { Scenario } from './scenarios.ts';
import type { RecordedParameters } from './types.ts';

/** What the lab writes beside a run, as far as a recording takes it over. */
const runSchema = z.object({
  schema: z.literal(1),
  filesystem: z.string().regex(/^[a-z0-9]+$/),
  scenario: z.string().regex(/^[a-z0-9-]+$/),
  volatile: z.boolean(),
  operation: z.string().min(1),
  dirtyMiB: z.int().nonnegative(),
  dirtyIn: z.enum(['overlay', 'neighbour']),
  diskMBs: z.number().positive(),
  queue: z
    .strictObject({ requests: z.int().positive(), maxSectorsKiB: z.int().positive() })
    .optional(),
  traced: z.boolean(),
  leftOut: z.string().optional(),
  commands: z.array(z.string().min(1)).min(1),
  command: z.string().min(1),
  machine: z.string().min(1),
  recordedAt: z.iso.datetime(),
});

/** A run that says of itself what it did, and the conditions it ran under. */
export interface DescribedRun {
  scenario: Scenario;
  queue?: RecordedParameters['queue'];
  diskMBs: number;
  machine: string;
  recordedAt: string;
}

/**
 * Reads `NAME.run`, which the lab writes beside its raw files. Runs without it are known by their
 * name alone, see scenarios.ts.
 *
 * @throws RecordingError naming the field that is missing or of the wrong kind
 */
export function parseRun(text: string, file: string): DescribedRun {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecordingError({ file, line: 1, reason: 'not JSON', expected: 'what a run was' });
  }
  const result = runSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new RecordingError({
      file,
      reason: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`,
      expected: 'what a run was',
    });
  }
  const { queue, diskMBs, machine, recordedAt, command, commands, ...run } = result.data;
  return {
    scenario: {
      scenario: run.scenario,
      filesystem: run.filesystem,
      volatile: run.volatile,
      dirtyMiB: run.dirtyMiB,
      dirtyIn: run.dirtyIn,
      traced: run.traced,
      operation: run.operation,
      commands: [command, ...commands],
      leftOut: run.leftOut,
      // Before every run that is known by its name alone.
      rank: -1,
    },
    ...(queue === undefined ? {} : { queue }),
    diskMBs,
    machine,
    recordedAt,
  };
}
