/** What changed in a file, as a diff shows it: the lines that changed among a few that did not. */
import type { Change } from '../../generate/merge/edit.ts';

export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  /** Its number in the result; of a line that is gone, of the one that follows it. */
  line: number;
  text: string;
}

/** Lines of context around a change; diff's own three are too many beside one new line. */
const CONTEXT = 2;

/** @param result the text that has the changes */
export function hunksOf(result: string, changes: readonly Change[]): DiffLine[][] {
  const lines = result.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const hunks: DiffLine[][] = [];
  /** The first line of the result that no hunk has shown. */
  let next = 1;
  const show = (hunk: DiffLine[], to: number): void => {
    for (; next <= Math.min(to, lines.length); next += 1)
      hunk.push({ kind: 'same', line: next, text: lines[next - 1] ?? '' });
  };
  for (const { line, before, after } of changes) {
    let hunk = hunks.at(-1);
    if (hunk === undefined || line - CONTEXT > next + CONTEXT) {
      if (hunk !== undefined) show(hunk, next + CONTEXT - 1);
      hunk = [];
      hunks.push(hunk);
      next = Math.max(next, line - CONTEXT);
    }
    show(hunk, line - 1);
    if (before !== undefined) hunk.push({ kind: 'gone', line, text: before });
    if (after !== undefined) {
      hunk.push({ kind: 'new', line, text: after });
      next = line + 1;
    }
  }
  const last = hunks.at(-1);
  if (last !== undefined) show(last, next + CONTEXT - 1);
  return hunks.map(goneFirst);
}

/** Of a run of changed lines, what is gone stands before what came instead. */
function goneFirst(hunk: readonly DiffLine[]): DiffLine[] {
  const sorted: DiffLine[] = [];
  let run: DiffLine[] = [];
  const flush = (): void => {
    sorted.push(...run.filter(({ kind }) => kind === 'gone'));
    sorted.push(...run.filter(({ kind }) => kind === 'new'));
    run = [];
  };
  for (const line of hunk) {
    if (line.kind === 'same') {
      flush();
      sorted.push(line);
    } else run.push(line);
  }
  flush();
  return sorted;
}
