import { z } from 'zod';
import { walk } from './tree.ts';
import type { RecordedCall, Recording } from './types.ts';

const count = z.int().nonnegative();
const duration = z.number().nonnegative();
const layer = z.enum(['entry', 'vfs', 'overlay', 'upper', 'block']);
const memory = z.strictObject({ dirtyKiB: count, writebackKiB: count });

const call: z.ZodType<RecordedCall> = z.lazy(() =>
  z.strictObject({
    fn: z.string().regex(/^[A-Za-z_][\w.]*$/),
    module: z.string().min(1).optional(),
    layer,
    superblock: z.enum(['overlay', 'upper']).nullable(),
    start: duration,
    seconds: duration,
    calls: z.array(call).min(1).optional(),
  }),
);

/** The shape of `content/recordings/<id>.json`; see types.ts for what the fields mean. */
export const recordingSchema: z.ZodType<Recording> = z.strictObject({
  schema: z.literal(1),
  id: z.string().regex(/^\d+\.\d+-[a-z0-9]+-[a-z0-9-]+-(?:plain|volatile)$/),
  kernel: z.strictObject({
    series: z.string().regex(/^\d+\.\d+$/),
    version: z.string().regex(/^\d+\.\d+(?:\.\d+)?$/),
    release: z.string().min(1),
    package: z.string().min(1),
  }),
  filesystem: z.string().regex(/^[a-z0-9]+$/),
  scenario: z.string().regex(/^[a-z0-9-]+$/),
  operation: z.string().regex(/^[a-z_]+$/),
  volatile: z.boolean(),
  parameters: z.strictObject({
    dirtyMiB: z.int().nonnegative(),
    diskMBs: z.number().positive(),
    dirtyIn: z.enum(['overlay', 'neighbour']),
    queue: z
      .strictObject({ requests: z.int().positive(), maxSectorsKiB: z.int().positive() })
      .optional(),
  }),
  seconds: duration,
  returnCode: z.int(),
  errno: z.int().nonnegative(),
  before: memory,
  after: memory,
  device: z.strictObject({ flushes: count, writes: count, sectors: count }).optional(),
  calls: z.array(call),
  stacks: z.array(z.array(z.string().min(1)).min(1)),
  samples: z.array(
    memory.extend({
      t: z.number(),
      state: z.string().regex(/^(?:[A-Za-z]|start|done)$/),
      stack: z.int().nonnegative().optional(),
    }),
  ),
  provenance: z.strictObject({
    recordedBy: z.string().min(1),
    commandLine: z.string(),
    files: z.array(z.string().min(1)).min(2),
    machine: z.string().min(1),
    recordedAt: z.iso.datetime().optional(),
    notes: z.array(z.string().min(1)),
  }),
});

/** Times are kept to the nanosecond: sums of them may be off by one. */
const ROUNDING = 1.5e-9;

/**
 * What in a recording contradicts itself, one sentence each; empty when its numbers agree: calls
 * lie in order within their parents and within the operation, samples are in order and span the
 * operation, and what stands twice is the same.
 */
export function contradictions(recording: Recording): string[] {
  const found: string[] = [];
  const check = (holds: boolean, sentence: string) => {
    if (!holds) found.push(sentence);
  };
  const { kernel, filesystem, scenario, samples } = recording;
  const variant = recording.volatile ? 'volatile' : 'plain';
  const id = `${kernel.series}-${filesystem}-${scenario}-${variant}`;
  check(recording.id === id, `id is ${recording.id}, its parts make ${id}`);
  check(
    kernel.version === kernel.series || kernel.version.startsWith(`${kernel.series}.`),
    `kernel ${kernel.version} is not of series ${kernel.series}`,
  );

  // End of the last call seen below each parent; '' is the forest itself.
  const ends = new Map<string, number>();
  for (const { call, path, parent, end } of walk(recording)) {
    const within = parent?.path ?? '';
    const elder = ends.get(within) ?? parent?.call.start ?? 0;
    check(call.start >= elder - ROUNDING, `${path} begins before its elder sibling or parent`);
    check(
      end <= (parent?.end ?? recording.seconds) + ROUNDING,
      `${path} ends after what it is part of`,
    );
    ends.set(within, end);
  }

  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || samples.length < 2) {
    found.push('fewer than two samples');
  } else {
    check(first.state === 'start' && first.t <= 0, 'the first sample is not before the operation');
    check(last.state === 'done', 'the last sample is not after the operation');
    check(
      last.t === recording.seconds,
      `the last sample is at ${last.t}, the operation took ${recording.seconds}`,
    );
    check(same(first, recording.before), 'the first sample differs from before');
    check(same(last, recording.after), 'the last sample differs from after');
  }
  for (const [index, sample] of samples.entries()) {
    const previous = samples[index - 1];
    if (previous !== undefined)
      check(sample.t >= previous.t, `sample ${index} is before its predecessor`);
    if (sample.stack !== undefined) {
      check(
        sample.stack < recording.stacks.length,
        `sample ${index} names stack ${sample.stack}, which is missing`,
      );
    }
  }
  const used = new Set(samples.map((sample) => sample.stack));
  for (const index of recording.stacks.keys())
    check(used.has(index), `stack ${index} is in no sample`);
  return found;
}

function same(a: { dirtyKiB: number; writebackKiB: number }, b: typeof a): boolean {
  return a.dirtyKiB === b.dirtyKiB && a.writebackKiB === b.writebackKiB;
}

/**
 * Takes parsed JSON for a Recording.
 *
 * @param name what the errors call it, usually the file
 * @throws Error naming the field, or the first contradiction
 */
export function validateRecording(value: unknown, name: string): Recording {
  const result = recordingSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new Error(`${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
  }
  const [first] = contradictions(result.data);
  if (first !== undefined) throw new Error(`${name}: ${first}`);
  return result.data;
}
