/** Pieces of text put in place of others, and which lines that touched. */
import { lineAt, lineStarts } from './document.ts';

/** Puts `text` where `from` to `to` is; the two are the same place where nothing is taken out. */
export interface Edit {
  from: number;
  to: number;
  text: string;
  /** Id of the reason; see `Change`. */
  why: string;
  /** Edits at one place go by this, then by the order they came in: a new table comes after keys. */
  order?: 0 | 1 | 2;
}

/** One line that is new, another, or gone. */
export interface Change {
  /** Its number in the result, from 1; for a line that is gone, of the line that follows it. */
  line: number;
  /** The line as it was; undefined where it is new. */
  before: string | undefined;
  /** The line as it is; undefined where it is gone. */
  after: string | undefined;
  /** Id of what asked for it: `volatile`, `sync-on-pull`, `sync-on-unpack`, `version`, `carried`. */
  why: string;
}

/** @param edits may not overlap; those at one place keep their order */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of inOrder(edits)) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}

/** The lines that edits changed, each without its line end. */
export function changedLines(text: string, edits: readonly Edit[]): Change[] {
  const starts = lineStarts(text);
  const end = (line: number): number => starts[line] ?? text.length;
  // Edits that share a line make one change of it.
  const groups: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of inOrder(edits)) {
    const first = lineAt(starts, edit.from);
    const last = lineAt(starts, edit.to);
    const group = groups.at(-1);
    if (group !== undefined && first <= group.last) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else groups.push({ first, last, edits: [edit] });
  }
  const changes: Change[] = [];
  let shift = 0;
  for (const { first, last, edits: inGroup } of groups) {
    const from = starts[first - 1] ?? 0;
    const old = linesOf(text.slice(from, end(last)));
    const now = linesOf(
      applyEdits(
        text.slice(from, end(last)),
        inGroup.map((edit) => ({ ...edit, from: edit.from - from, to: edit.to - from })),
      ),
    );
    let head = 0;
    while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
    let tail = 0;
    while (
      tail < old.length - head &&
      tail < now.length - head &&
      old[old.length - 1 - tail] === now[now.length - 1 - tail]
    )
      tail += 1;
    const whys = inGroup.map((edit) => edit.why);
    for (let index = head; index < Math.max(old.length, now.length) - tail; index += 1) {
      const before = index < old.length - tail ? old[index] : undefined;
      const after = index < now.length - tail ? now[index] : undefined;
      const why = inGroup.find((edit) => after !== undefined && edit.text.includes(after.trim()));
      changes.push({
        line: Math.min(index, now.length) + first + shift,
        before,
        after,
        why: why?.why ?? whys[0] ?? '',
      });
    }
    shift += now.length - old.length;
  }
  return changes;
}

/** What an end of the file adds after its last line end is no line of its own. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return edits.toSorted(
    (a, b) => a.from - b.from || a.to - b.to || (a.order ?? 0) - (b.order ?? 0),
  );
}
