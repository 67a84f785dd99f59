import { z } from 'zod';
import { RecordingError } from './errors.ts';

const kib = z.int().nonnegative();

/** What the recorder writes about a run beside trace and samples. */
const resultSchema = z.strictObject({
  name: z.string().min(1),
  op: z.string().min(1),
  /** CLOCK_MONOTONIC seconds right before the operation. */
  t0_mono: z.number().positive(),
  seconds: z.number().nonnegative(),
  rc: z.int(),
  errno: z.int().nonnegative(),
  errstr: z.string(),
  /** kB before and after. */
  dirty_kb: z.tuple([kib, kib]),
  writeback_kb: z.tuple([kib, kib]),
  stack_samples: z.int().nonnegative(),
});

export type Result = z.infer<typeof resultSchema>;

/**
 * Reads the recorder's `NAME.json`.
 *
 * @throws RecordingError naming the field that is missing, unknown or of the wrong kind
 */
export function parseResult(text: string, file: string): Result {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RecordingError({
      file,
      line: 1,
      text: text.trim(),
      reason: `not JSON (${error instanceof Error ? error.message : String(error)})`,
      expected: "the recorder's result, one object",
    });
  }
  const result = resultSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    const field = issue === undefined || issue.path.length === 0 ? 'result' : issue.path.join('.');
    throw new RecordingError({
      file,
      line: 1,
      reason: `${field}: ${issue?.message ?? 'invalid'}`,
      expected: "the recorder's result",
    });
  }
  return result.data;
}
