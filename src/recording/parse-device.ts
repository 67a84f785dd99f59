import { z } from 'zod';
import { RecordingError } from './errors.ts';

const count = z.int().nonnegative();

/** What the recorder counted at the disk of the upper file system, and what the call answered. */
const deviceSchema = z.strictObject({
  flushes: count,
  writes: count,
  /** Of 512 bytes. */
  sectors: count,
  value: z.int(),
});

export type Device = z.infer<typeof deviceSchema>;

/**
 * Reads the recorder's `NAME.device`.
 *
 * @throws RecordingError where it is none
 */
export function parseDevice(text: string, file: string): Device {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const result = deviceSchema.safeParse(value);
  if (result.success) return result.data;
  throw new RecordingError({
    file,
    line: 1,
    text: text.trim(),
    reason: "not the disk's counts",
    expected: '{"flushes":N,"writes":N,"sectors":N,"value":N}',
  });
}
