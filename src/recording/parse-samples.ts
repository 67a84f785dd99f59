import { RecordingError } from './errors.ts';
import type { Sample } from './types.ts';

/** The series a sampler wrote, moved to the clock of the recorded operation. */
export interface SampleSeries {
  /** The operation named in the header. */
  operation: string;
  samples: Sample[];
  /** Distinct stacks in order of first sight, leaf first. */
  stacks: string[][];
}

const HEADER = /^# op=(\S+) t_start_mono=(\d+\.\d{6})$/;
const SAMPLE = /^@ t=(\d+(?:\.\d{6})?) state=(\S+) Dirty=(\d+) kB Writeback=(\d+) kB$/;
const FRAME = /^\[<[0-9a-f]+>\] [A-Za-z_][\w.]*\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[[\w-]+\])?$/;
/** The recorder's processes wait for each other at pipes, before and behind the operation. */
const WAITS_FOR_RECORDER = /\] (?:anon_)?pipe_read\+/;
const STATES = /^[RSDTtXZIPW]$/;

/**
 * Reads the recorder's `NAME.samples`: a header, then one line per sample with the stack below it.
 *
 * The sampler counts from its own start; the result's `t0_mono` is the moment the recorded
 * process entered the operation. The series is moved to the latter, so the first sample, taken
 * before the start signal, has a negative time.
 *
 * @param t0 CLOCK_MONOTONIC seconds of the operation's start
 * @throws RecordingError on an unknown line, on time going backwards, and on a series without the
 *   sample before or the sample after the operation
 */
export function parseSamples(text: string, file: string, t0: number): SampleSeries {
  const lines = text.split('\n');
  const samples: Sample[] = [];
  const stacks: string[][] = [];
  const known = new Map<string, number>();
  let operation: string | undefined;
  let shift = 0;
  let frames: string[] = [];
  let ended = false;

  const finish = () => {
    const sample = samples.at(-1);
    if (sample === undefined || frames.length === 0) return;
    // A sample takes a moment: what was stacked up at its end may no longer be the operation.
    if (frames.some((frame) => WAITS_FOR_RECORDER.test(frame))) {
      frames = [];
      return;
    }
    const key = frames.join('\n');
    let index = known.get(key);
    if (index === undefined) {
      index = stacks.push(frames) - 1;
      known.set(key, index);
    }
    sample.stack = index;
    frames = [];
  };

  for (const [index, raw] of lines.entries()) {
    const line = raw.trimEnd();
    const fail = (reason: string, expected?: string) =>
      new RecordingError({ file, line: index + 1, text: line, reason, expected });
    if (line === '') continue;
    if (operation === undefined) {
      const header = HEADER.exec(line);
      if (header === null) {
        throw fail('the series does not begin with its header', '"# op=... t_start_mono=..."');
      }
      operation = header[1] ?? '';
      shift = micros(header[2] ?? '0') - Math.round(t0 * 1e6);
      continue;
    }
    if (ended) throw fail('a line behind the last sample', 'the end of the file');
    const sample = SAMPLE.exec(line);
    if (sample !== null) {
      finish();
      const [, time = '', mark = '', dirty, writeback] = sample;
      const first = samples.length === 0;
      if (first !== (mark === '.')) {
        throw fail(`state ${mark}`, first ? 'state . before the operation' : 'a process state');
      }
      ended = mark === 'done';
      if (!first && !ended && !STATES.test(mark)) throw fail(`state ${mark}`, 'a process state');
      const t = (micros(time) + shift) / 1e6;
      const previous = samples.at(-1);
      if (previous !== undefined && t < previous.t) {
        throw fail(
          'time goes backwards',
          `at least t=${((previous.t * 1e6 - shift) / 1e6).toFixed(6)}`,
        );
      }
      samples.push({
        t,
        state: first ? 'start' : mark,
        dirtyKiB: Number(dirty),
        writebackKiB: Number(writeback),
      });
      continue;
    }
    if (!FRAME.test(line)) {
      throw fail('neither a sample nor a stack frame', '"@ t=..." or "[<0>] fn+0x1/0x2"');
    }
    if (samples.length < 2) throw fail('a stack frame before any sample of it', '"@ t=..."');
    frames.push(line);
  }
  if (operation === undefined) {
    throw new RecordingError({ file, reason: 'the series is empty', expected: 'a header' });
  }
  if (!ended) {
    throw new RecordingError({
      file,
      line: lines.length,
      reason: 'the series ends early',
      expected: 'a last sample with state=done',
    });
  }
  return { operation, samples, stacks };
}

function micros(text: string): number {
  const [whole = '0', fraction = ''] = text.split('.');
  return Number(whole) * 1e6 + Number(fraction.padEnd(6, '0'));
}
