import { RecordingError } from './errors.ts';

/**
 * One call as ftrace's function_graph tracer wrote it. All times are whole nanoseconds of the
 * trace clock: integers, so that no sum of them drifts.
 */
export interface TracedCall {
  fn: string;
  /** Module in square brackets behind the function. */
  module?: string;
  /** Line of the row that opens the call. */
  line: number;
  /** TIME of the opening row. Microsecond resolution. */
  entry: number;
  /** TIME of the closing row; a leaf has none, and neither has a call left open at the end. */
  exit?: number;
  /** DURATION as printed, measured by the tracer with its own clock; absent on an open call. */
  duration?: number;
  /** TIME of the row behind a leaf: the latest moment at which it can have ended. */
  next?: number;
  calls: TracedCall[];
}

export interface TraceOptions {
  /**
   * Nanoseconds on the trace clock. A call entered after it may be left open at the end of the
   * file: the recorder stops tracing while its own last write is still under way.
   */
  mayStayOpenAfter?: number;
}

/** `TIME | [marker] [DURATION us] | indentation body`, as funcgraph-abstime prints it. */
const ROW = /^\s*(\d+)\.(\d{6}) \|\s*(?:[+!#*@$] +)?(?:(\d+)(?:\.(\d{1,3}))? us)?\s*\|( *)(\S.*)$/;
const OPENING = /^([A-Za-z_][\w.]*)(?: \[([\w-]+)\])?\(\)( \{|;)$/;
const CLOSING = /^\}(?: \/\* ([A-Za-z_][\w.]*)(?: \[([\w-]+)\])? \*\/)?$/;
const TRACER = /^# tracer: (\S+)/;

const A_ROW = 'a row "TIME | DURATION | FUNCTION CALLS"';

/**
 * Reads the text of a function_graph trace with absolute times and named tails (`funcgraph-abstime`,
 * `funcgraph-tail`) of a single task into its call forest, in order of entry.
 *
 * @param file name used in errors
 * @throws RecordingError on any line that is not a row, on braces that do not balance, on a tail
 *   that names another function, on indentation that contradicts the nesting, on time going
 *   backwards, and on a file without rows or cut off inside a call
 */
export function parseTrace(text: string, file: string, options: TraceOptions = {}): TracedCall[] {
  const roots: TracedCall[] = [];
  const open: TracedCall[] = [];
  let leaf: TracedCall | undefined;
  let last = 0;
  let lineNumber = 0;

  for (const raw of text.split('\n')) {
    lineNumber += 1;
    const line = raw.trimEnd();
    const fail = (reason: string, expected?: string) =>
      new RecordingError({ file, line: lineNumber, text: line, reason, expected });
    if (line === '') continue;
    if (line.startsWith('#')) {
      const tracer = TRACER.exec(line)?.[1];
      if (tracer !== undefined && tracer !== 'function_graph') {
        throw fail(`the trace was made by ${tracer}`, 'the function_graph tracer');
      }
      continue;
    }

    const row = ROW.exec(line);
    if (row === null) throw fail('not a row of a function_graph trace', A_ROW);
    const [, whole = '', micros = '', us, fraction = '', spaces = '', body = ''] = row;
    const time = Number(whole) * 1e9 + Number(micros) * 1e3;
    const duration =
      us === undefined ? undefined : Number(us) * 1e3 + Number(fraction.padEnd(3, '0'));
    if (time < last) throw fail('time goes backwards', `at least ${seconds(last)}`);
    last = time;
    if (leaf !== undefined) leaf.next = time;
    leaf = undefined;

    const closing = CLOSING.exec(body);
    const depth = closing === null ? open.length : open.length - 1;
    if (closing !== null) {
      const call = open.pop();
      if (call === undefined) throw fail('a call ends that never began', 'an opening row');
      const [, fn, module] = closing;
      if (fn !== undefined && (fn !== call.fn || module !== call.module)) {
        throw fail(
          `the tail names ${label(fn, module)}`,
          `${label(call.fn, call.module)}, opened in line ${call.line}`,
        );
      }
      if (duration === undefined) throw fail('the tail has no DURATION', 'a DURATION in us');
      call.exit = time;
      call.duration = duration;
    } else {
      const opening = OPENING.exec(body);
      if (opening === null) {
        throw fail('not a call', '"fn() {", "fn();", "}" or "} /* fn */"');
      }
      const [, fn = '', module, end] = opening;
      const call: TracedCall = { fn, line: lineNumber, entry: time, calls: [] };
      if (module !== undefined) call.module = module;
      (open.at(-1)?.calls ?? roots).push(call);
      if (end === ';') {
        if (duration === undefined) throw fail('a leaf has no DURATION', 'a DURATION in us');
        call.duration = duration;
        leaf = call;
      } else {
        if (duration !== undefined) throw fail('an opening row has a DURATION', 'none');
        open.push(call);
      }
    }
    if (spaces.length !== 2 * depth + 2) {
      throw fail(
        `indented by ${spaces.length} spaces, as if calls were missing`,
        `${2 * depth + 2} spaces`,
      );
    }
  }

  if (roots.length === 0) {
    throw new RecordingError({ file, reason: 'the trace has no rows', expected: A_ROW });
  }
  const outermost = open[0];
  if (outermost !== undefined && !(outermost.entry >= (options.mayStayOpenAfter ?? Infinity))) {
    const innermost = open.at(-1) ?? outermost;
    throw new RecordingError({
      file,
      line: lineNumber,
      reason: `the trace ends inside ${open.length === 1 ? 'a call' : `${open.length} calls`}`,
      expected: `the end of ${label(innermost.fn, innermost.module)}, opened in line ${innermost.line}`,
    });
  }
  return roots;
}

function label(fn: string, module: string | undefined): string {
  return module === undefined ? fn : `${fn} [${module}]`;
}

function seconds(ns: number): string {
  return (ns / 1e9).toFixed(6);
}
