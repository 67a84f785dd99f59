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
    // The number of the line in the result at which each new line stands.
    const base = first + shift;
    for (const { index, before, after } of compare(old, now)) {
      const why = inGroup.find((edit) => after !== undefined && edit.text.includes(after.trim()));
      changes.push({ line: base + index, before, after, why: (why ?? inGroup[0])?.why ?? '' });
    }
    shift += now.length - old.length;
  }
  return changes;
}

/** The few lines that differ, by the longest run of lines that both have in common. */
function compare(
  old: readonly string[],
  now: readonly string[],
): { index: number; before: string | undefined; after: string | undefined }[] {
  // common[i][j]: how many lines old from i on and now from j on have in common.
  const common = Array.from({ length: old.length + 1 }, () =>
    Array<number>(now.length + 1).fill(0),
  );
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row !== undefined)
        row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  const found: { index: number; before: string | undefined; after: string | undefined }[] = [];
  let [i, j] = [0, 0];
  let [gone, come]: [string[], { index: number; text: string }[]] = [[], []];
  const flush = (): void => {
    for (let k = 0; k < Math.max(gone.length, come.length); k += 1)
      found.push({ index: come[k]?.index ?? j, before: gone[k], after: come[k]?.text });
    [gone, come] = [[], []];
  };
  while (i < old.length || j < now.length) {
    const [was, is] = [old[i], now[j]];
    if (was !== undefined && was === is) {
      flush();
      [i, j] = [i + 1, j + 1];
    } else if (is !== undefined && (was === undefined || at(i, j + 1) >= at(i + 1, j))) {
      come.push({ index: j, text: is });
      j += 1;
    } else if (was !== undefined) {
      gone.push(was);
      i += 1;
    }
  }
  flush();
  return found;
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
