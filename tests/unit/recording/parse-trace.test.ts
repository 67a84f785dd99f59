import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordingError } from '../../../src/recording/errors.ts';
import { parseTrace, type TracedCall } from '../../../src/recording/parse-trace.ts';
import { forests, HEADER, print } from './forest.ts';

/** `fn{child child}` of a forest, to compare shapes at a glance. */
function shape(calls: readonly TracedCall[]): string {
  return calls
    .map(({ fn, calls: below }) => (below.length === 0 ? fn : `${fn}{${shape(below)}}`))
    .join(' ');
}

/** The fault of a text, or undefined where it parses. Anything but a RecordingError fails. */
function faultOf(text: string, options = {}) {
  try {
    parseTrace(text, 'x.trace', options);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(RecordingError);
    return (error as RecordingError).fault;
  }
}

const UMOUNT = `${HEADER}    7.124401 |                |  __x64_sys_umount() {
    7.125002 |  # 1038.199 us |    path_umount();
    7.126168 |  # 3472.243 us |  } /* __x64_sys_umount */
    7.126172 |                |  task_work_run() {
    7.126754 |                |    ovl_sync_fs [overlay]() {
    7.126755 |    1.082 us    |      ovl_sync_status [overlay]();
    7.126967 |  $ 13231244 us |      wb_wait_for_completion();
   20.482492 |  $ 13355737 us |    } /* ovl_sync_fs [overlay] */

   20.483588 |  @ 627967.5 us |  }
`;

describe('a trace', () => {
  test('becomes a call forest with times in nanoseconds', () => {
    const [umount, work] = parseTrace(UMOUNT, 'x.trace');
    expect(umount).toEqual({
      fn: '__x64_sys_umount',
      line: 5,
      entry: 7_124_401_000,
      exit: 7_126_168_000,
      duration: 3_472_243,
      calls: [
        {
          fn: 'path_umount',
          line: 6,
          entry: 7_125_002_000,
          duration: 1_038_199,
          next: 7_126_168_000,
          calls: [],
        },
      ],
    });
    const sync = work?.calls[0];
    expect(sync).toMatchObject({ fn: 'ovl_sync_fs', module: 'overlay', duration: 13_355_737_000 });
    expect(sync?.calls.map((call) => call.duration)).toEqual([1_082, 13_231_244_000]);
    expect(work).toMatchObject({ exit: 20_483_588_000, duration: 627_967_500 });
  });

  test('keeps calls of one name apart at every depth', () => {
    const trace = `${HEADER}    1.000000 |                |  sync_filesystem() {
    1.000001 |    1.000 us    |    ovl_sync_fs [overlay]();
    1.000003 |                |    ovl_sync_fs [overlay]() {
    1.000004 |                |      sync_filesystem() {
    1.000005 |    1.000 us    |        ext4_sync_fs();
    1.000007 |    3.000 us    |      } /* sync_filesystem */
    1.000008 |    5.000 us    |    } /* ovl_sync_fs [overlay] */
    1.000009 |    9.000 us    |  } /* sync_filesystem */
`;
    expect(shape(parseTrace(trace, 'x.trace'))).toBe(
      'sync_filesystem{ovl_sync_fs ovl_sync_fs{sync_filesystem{ext4_sync_fs}}}',
    );
  });

  test('may end inside a call that began after the operation', () => {
    const open = `${UMOUNT}   20.483652 |                |  __x64_sys_write() {\n`;
    expect(faultOf(open)?.reason).toBe('the trace ends inside a call');
    const calls = parseTrace(open, 'x.trace', { mayStayOpenAfter: 20_483_600_000 });
    expect(calls.at(-1)).toEqual({
      fn: '__x64_sys_write',
      line: 15,
      entry: 20_483_652_000,
      calls: [],
    });
  });

  test.each([
    ['no rows at all', HEADER, undefined, 'the trace has no rows'],
    ['an empty file', '', undefined, 'the trace has no rows'],
    ['another tracer', '# tracer: nop\n#\n', 1, 'the trace was made by nop'],
    ['garbage', `${UMOUNT}CPU:0 [LOST 12 EVENTS]\n`, 15, 'not a row of a function_graph trace'],
    [
      'half a row',
      UMOUNT.replace('us |    path_umount();', ''),
      6,
      'not a row of a function_graph trace',
    ],
    ['half a call', UMOUNT.replace('path_umount();', 'path_umount('), 6, 'not a call'],
    ['half a tail', UMOUNT.replace('/* __x64_sys_umount */', '/* __x64_s'), 7, 'not a call'],
    [
      'a foreign tail',
      UMOUNT.replace('} /* __x64_sys_umount', '} /* path_umount'),
      7,
      'the tail names path_umount',
    ],
    [
      'a tail of another module',
      UMOUNT.replace('} /* ovl_sync_fs [overlay] */', '} /* ovl_sync_fs */'),
      12,
      'the tail names ovl_sync_fs',
    ],
    [
      'one brace too many',
      `${UMOUNT}   20.483589 |    1.000 us    |  }\n`,
      15,
      'a call ends that never began',
    ],
    ['time going backwards', UMOUNT.replace('7.126754', '7.126171'), 9, 'time goes backwards'],
    [
      'a leaf without DURATION',
      UMOUNT.replace('# 1038.199 us', '             '),
      6,
      'a leaf has no DURATION',
    ],
    [
      'a tail without DURATION',
      UMOUNT.replace('# 3472.243 us', '             '),
      7,
      'the tail has no DURATION',
    ],
    [
      'an opening with DURATION',
      UMOUNT.replace('|                |  task', '|    1.000 us    |  task'),
      8,
      'an opening row has a DURATION',
    ],
    [
      'a missing opening',
      UMOUNT.replace(/.*ovl_sync_fs.*\{\n/, ''),
      9,
      'indented by 6 spaces, as if calls were missing',
    ],
  ])('with %s is refused', (_, text, line, reason) => {
    const fault = faultOf(text);
    expect([fault?.line, fault?.reason]).toEqual([line, reason]);
  });

  test('names file, line, text and what was expected', () => {
    const text = UMOUNT.replace('} /* __x64_sys_umount', '} /* path_umount');
    expect(() => parseTrace(text, 'boot/umount-plain.trace')).toThrow(
      'boot/umount-plain.trace:7: the tail names path_umount, expected __x64_sys_umount, opened in line 5\n' +
        '        7.126168 |  # 3472.243 us |  } /* path_umount */',
    );
  });

  test('cut off after any line parses or says where it ends', () => {
    const lines = UMOUNT.split('\n');
    for (let kept = 0; kept < lines.length - 1; kept += 1) {
      const text = lines.slice(0, kept).join('\n');
      const complete = kept === 7 || kept === lines.length - 1;
      const fault = faultOf(text);
      if (complete) expect(fault).toBeUndefined();
      else expect(fault?.reason).toMatch(/^the trace (?:ends inside|has no rows)/);
    }
  });
});

describe('any trace', () => {
  test('printed and parsed is the same forest', () => {
    fc.assert(
      fc.property(forests, fc.nat({ max: 1e9 }), fc.boolean(), (forest, begin, tails) => {
        const { text, calls } = print(forest, begin, tails);
        expect(parseTrace(text, 'x.trace')).toEqual(calls);
      }),
    );
  });

  test('cut off at any line or character parses or is refused with its line', () => {
    fc.assert(
      fc.property(forests, fc.nat(), fc.boolean(), (forest, cut, atLine) => {
        const { text } = print(forest, 5_000_000);
        const lines = text.split('\n');
        const kept = atLine
          ? lines.slice(0, cut % lines.length).join('\n')
          : text.slice(0, cut % text.length);
        const fault = faultOf(kept);
        if (fault !== undefined && fault.reason !== 'the trace has no rows') {
          expect(fault.line).toBeGreaterThan(0);
          expect(fault.line).toBeLessThanOrEqual(kept.split('\n').length);
        }
      }),
    );
  });

  test('with a damaged line parses or is refused with its line', () => {
    fc.assert(
      fc.property(forests, fc.nat(), fc.string({ unit: 'binary' }), (forest, at, damage) => {
        const { text } = print(forest, 5_000_000);
        const place = at % text.length;
        const fault = faultOf(text.slice(0, place) + damage + text.slice(place + damage.length));
        if (fault !== undefined && fault.reason !== 'the trace has no rows') {
          expect(fault.line).toBeGreaterThan(0);
        }
      }),
    );
  });

  test('without one of its lines parses or is refused with a line', () => {
    fc.assert(
      fc.property(forests, fc.nat(), (forest, at) => {
        const lines = print(forest, 5_000_000).text.split('\n');
        lines.splice(4 + (at % Math.max(1, lines.length - 5)), 1);
        const fault = faultOf(lines.join('\n'));
        if (fault !== undefined && fault.reason !== 'the trace has no rows') {
          expect(fault.line).toBeGreaterThan(0);
        }
      }),
    );
  });
});
