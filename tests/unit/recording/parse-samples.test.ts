import { describe, expect, test } from 'vitest';
import { parseResult } from '../../../src/recording/parse-result.ts';
import { parseSamples } from '../../../src/recording/parse-samples.ts';

const SERIES = `# op=umount t_start_mono=7.120712
@ t=0 state=. Dirty=262144 kB Writeback=0 kB
@ t=0.065790 state=D Dirty=253960 kB Writeback=8184 kB
[<0>] wb_wait_for_completion+0x89/0xc0
[<0>] ovl_sync_fs+0x52/0x70 [overlay]
@ t=0.127994 state=R Dirty=253952 kB Writeback=8192 kB
@ t=0.179072 state=D Dirty=253952 kB Writeback=8192 kB
[<0>] wb_wait_for_completion+0x89/0xc0
[<0>] ovl_sync_fs+0x52/0x70 [overlay]
@ t=13.362921 state=done Dirty=12 kB Writeback=16 kB
`;

describe('a series of samples', () => {
  test('is moved to the clock of the operation', () => {
    const { operation, samples, stacks } = parseSamples(SERIES, 'x.samples', 7.122647);
    expect(operation).toBe('umount');
    expect(samples).toEqual([
      { t: -0.001935, state: 'start', dirtyKiB: 262144, writebackKiB: 0 },
      { t: 0.063855, state: 'D', dirtyKiB: 253960, writebackKiB: 8184, stack: 0 },
      { t: 0.126059, state: 'R', dirtyKiB: 253952, writebackKiB: 8192 },
      { t: 0.177137, state: 'D', dirtyKiB: 253952, writebackKiB: 8192, stack: 0 },
      { t: 13.360986, state: 'done', dirtyKiB: 12, writebackKiB: 16 },
    ]);
    expect(stacks).toEqual([
      ['[<0>] wb_wait_for_completion+0x89/0xc0', '[<0>] ovl_sync_fs+0x52/0x70 [overlay]'],
    ]);
  });

  test('leaves out a stack that is the recorder’s own wait', () => {
    const left = SERIES.replace(
      'state=R Dirty=253952 kB Writeback=8192 kB\n',
      (line) => `${line}[<0>] anon_pipe_read+0x1/0x2\n[<0>] ksys_read+0x1/0x2\n`,
    );
    expect(left).not.toBe(SERIES);
    expect(parseSamples(left, 'x.samples', 7.122647)).toEqual(
      parseSamples(SERIES, 'x.samples', 7.122647),
    );
  });

  test.each([
    ['nothing in it', '', undefined, 'the series is empty'],
    ['no header', SERIES.replace(/^#.*\n/, ''), 1, 'the series does not begin with its header'],
    ['garbage', SERIES.replace('[<0>] ovl', '<0> ovl'), 5, 'neither a sample nor a stack frame'],
    [
      'half a sample',
      SERIES.replace(' Writeback=8184 kB', ''),
      3,
      'neither a sample nor a stack frame',
    ],
    ['time going backwards', SERIES.replace('t=0.179072', 't=0.127993'), 7, 'time goes backwards'],
    ['an unknown state', SERIES.replace('state=R', 'state=?'), 6, 'state ?'],
    ['a second beginning', SERIES.replace('state=R', 'state=.'), 6, 'state .'],
    ['no sample before', SERIES.replace(/@ t=0 .*\n/, ''), 2, 'state D'],
    [
      'a stack before its sample',
      SERIES.replace(/@ t=0\.06.*\n/, ''),
      3,
      'a stack frame before any sample of it',
    ],
    ['no end', SERIES.replace(/@ t=13.*\n/, ''), 10, 'the series ends early'],
    ['more behind the end', `${SERIES}[<0>] a+0x1/0x2\n`, 11, 'a line behind the last sample'],
  ])('with %s is refused', (_, text, line, reason) => {
    expect(() => parseSamples(text, 'boot/x.samples', 7.122647)).toThrow(
      `boot/x.samples${line === undefined ? '' : `:${line}`}: ${reason}`,
    );
  });

  test('cut off after any line is refused', () => {
    const lines = SERIES.trimEnd().split('\n');
    for (let kept = 0; kept < lines.length; kept += 1) {
      expect(() => parseSamples(lines.slice(0, kept).join('\n'), 'x.samples', 7)).toThrow(
        /^x\.samples/,
      );
    }
  });
});

const RESULT =
  '{"name":"umount-plain","op":"umount","t0_mono":7.122647,"seconds":13.360986,"rc":0,"errno":0,"errstr":"","dirty_kb":[262144,12],"writeback_kb":[0,16],"stack_samples":43}\n';

describe('a result', () => {
  test('is read', () => {
    expect(parseResult(RESULT, 'x.json')).toMatchObject({ op: 'umount', dirty_kb: [262144, 12] });
  });

  test.each([
    ['an empty file', '', 'x.json:1: not JSON'],
    ['half a file', RESULT.slice(0, 60), 'x.json:1: not JSON'],
    ['a missing field', RESULT.replace('"seconds":13.360986,', ''), 'x.json:1: seconds:'],
    [
      'an unknown field',
      RESULT.replace('"rc"', '"ms":1,"rc"'),
      'x.json:1: result: Unrecognized key: "ms"',
    ],
    ['another kind of value', RESULT.replace('[0,16]', '[0,-1]'), 'x.json:1: writeback_kb.1:'],
    ['no object', '[]', 'x.json:1: result:'],
  ])('%s is refused', (_, text, message) => {
    expect(() => parseResult(text, 'x.json')).toThrow(message);
  });
});
