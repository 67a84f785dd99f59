import fc from 'fast-check';
import type { TracedCall } from '../../../src/recording/parse-trace.ts';

/** A call as a test writes it: its length is that of its children plus some time of its own. */
export interface Plan {
  fn: string;
  module?: string;
  /** Microseconds before the first child and after each, at least one of them. */
  gaps: number[];
  calls: Plan[];
}

const names = fc.constantFrom(
  'sync_filesystem',
  'ovl_sync_fs',
  'ext4_sync_fs',
  '__x64_sys_umount',
  'sync_filesystem.part.0',
  'a',
);

const { plan } = fc.letrec<{ plan: Plan; leaf: Plan; node: Plan }>((tie) => ({
  plan: fc.oneof({ maxDepth: 5, depthSize: 'small' }, tie('leaf'), tie('node')),
  leaf: call(fc.constant([])),
  node: call(fc.array(tie('plan'), { minLength: 1, maxLength: 3 })),
}));

function call(calls: fc.Arbitrary<Plan[]>): fc.Arbitrary<Plan> {
  return fc
    .record({
      fn: names,
      module: fc.option(fc.constantFrom('overlay', 'xfs'), { nil: undefined }),
      calls,
      gaps: fc.array(fc.nat({ max: 3_000_000 }), { minLength: 4, maxLength: 4 }),
    })
    .map(({ module, ...rest }) => (module === undefined ? rest : { ...rest, module }));
}

/** Random call forests of at least one call. */
export const forests: fc.Arbitrary<Plan[]> = fc.array(plan, { minLength: 1, maxLength: 4 });

export const HEADER = `# tracer: function_graph
#
#     TIME         DURATION                  FUNCTION CALLS
#      |            |   |                     |   |   |   |
`;

/**
 * Prints forests as function_graph does, and says what a parser has to find in the text.
 *
 * @param begin microseconds on the trace clock
 */
export function print(
  forest: readonly Plan[],
  begin: number,
  tails = true,
): { text: string; calls: TracedCall[] } {
  const lines: string[] = [];
  const leaves: { call: TracedCall; line: number }[] = [];
  const times: number[] = [];
  let now = begin;

  const row = (time: number, duration: number | undefined, depth: number, body: string) => {
    times.push(time);
    const column = duration === undefined ? ''.padEnd(16) : durationColumn(duration);
    const whole = String(Math.floor(time / 1e6)).padStart(5);
    const fraction = String(time % 1e6).padStart(6, '0');
    lines.push(`${whole}.${fraction} |${column}|  ${'  '.repeat(depth)}${body}`);
    return lines.length;
  };
  const visit = ({ fn, module, gaps, calls }: Plan, depth: number): TracedCall => {
    const label = module === undefined ? fn : `${fn} [${module}]`;
    const entry = now;
    const [first = 0, ...rest] = gaps;
    now += first;
    if (calls.length === 0) {
      const line = row(entry, now - entry, depth, `${label}();`);
      const call = traced({ fn, module, line, entry, duration: now - entry });
      leaves.push({ call, line });
      return call;
    }
    const line = row(entry, undefined, depth, `${label}() {`);
    const below = calls.map((call, index) => {
      const found = visit(call, depth + 1);
      now += rest[index] ?? 0;
      return found;
    });
    row(now, now - entry, depth, tails ? `} /* ${label} */` : '}');
    const call = traced({ fn, module, line, entry, duration: now - entry });
    call.exit = now * 1e3;
    call.calls = below;
    return call;
  };

  const found = forest.map((call) => {
    const root = visit(call, 0);
    now += 1;
    return root;
  });
  for (const { call, line } of leaves) {
    const next = times[line];
    if (next !== undefined) call.next = next * 1e3;
  }
  const offset = HEADER.split('\n').length - 1;
  const shift = (call: TracedCall): void => {
    call.line += offset;
    call.calls.forEach(shift);
  };
  found.forEach(shift);
  return { text: `${HEADER}${lines.join('\n')}\n`, calls: found };
}

function traced(parts: {
  fn: string;
  module: string | undefined;
  line: number;
  entry: number;
  duration: number;
}): TracedCall {
  const { fn, module, line, entry, duration } = parts;
  return {
    fn,
    ...(module === undefined ? {} : { module }),
    line,
    entry: entry * 1e3,
    duration: duration * 1e3,
    calls: [],
  };
}

/** The DURATION column with the mark of its size, from whole microseconds. */
function durationColumn(us: number): string {
  const mark =
    us > 1e6
      ? '$'
      : us > 1e5
        ? '@'
        : us > 1e4
          ? '*'
          : us > 1e3
            ? '#'
            : us > 100
              ? '!'
              : us > 10
                ? '+'
                : ' ';
  const digits = us >= 1e6 ? 0 : us >= 1e5 ? 1 : us >= 1e4 ? 2 : 3;
  return `  ${mark} ${us.toFixed(digits)} us`.padEnd(16).slice(0, 16);
}
