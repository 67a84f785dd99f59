/**
 * Two kernel stacks side by side. Compilers inline functions and drop frames by tail calls, and names
 * change between versions, so the same path prints differently on every kernel.
 */

/** A frame as /proc/PID/stack prints it, taken apart: `ovl_sync_fs+0x61/0xa0 [overlay]`. */
export interface StackFrame {
  printed: string;
  /** The function without offset, module and compiler suffix (`.part.0`, `.isra.0`, ...). */
  name: string;
  module?: string;
}

/** Parses one printed frame; the leading `[<0>]` and `? ` marks are optional. */
export function parseFrame(printed: string): StackFrame {
  const match =
    /^(?:\[<[0-9a-f]+>\]\s*)?(?:\?\s*)?([\w.]+)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+)?(?:\s+\[(\w+)\])?\s*$/.exec(
      printed.trim(),
    );
  const symbol = match?.[1] ?? printed.trim();
  const name = symbol.replace(/\.(?:part|isra|constprop|cold|llvm)(?:\.\d+)*.*$/, '');
  return match?.[2] ? { printed, name, module: match[2] } : { printed, name };
}

/** One line of the comparison; an absent side has no frame there. */
export interface AlignedFrames {
  left?: StackFrame;
  right?: StackFrame;
}

/**
 * Aligns two stacks, leaf first, by their longest common subsequence of function names.
 *
 * @param same says whether two names are one function, for example `_sync_filesystem`, whose
 *   underscore was lost in print, and `__sync_filesystem`
 */
export function alignStacks(
  left: readonly StackFrame[],
  right: readonly StackFrame[],
  same: (a: string, b: string) => boolean = (a, b) => a === b,
): AlignedFrames[] {
  const width = right.length + 1;
  const table = new Array<number>((left.length + 1) * width).fill(0);
  const cell = (i: number, j: number): number => table[i * width + j] ?? 0;
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const a = left[i];
      const b = right[j];
      table[i * width + j] =
        a && b && same(a.name, b.name)
          ? cell(i + 1, j + 1) + 1
          : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const lines: AlignedFrames[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length || j < right.length) {
    const a = left[i];
    const b = right[j];
    if (a && b && same(a.name, b.name)) {
      lines.push({ left: a, right: b });
      i += 1;
      j += 1;
    } else if (a && (!b || cell(i + 1, j) >= cell(i, j + 1))) {
      lines.push({ left: a });
      i += 1;
    } else if (b) {
      lines.push({ right: b });
      j += 1;
    }
  }
  return lines;
}

/**
 * Which rows of a call tree a stack sample names. The innermost traced call comes last in `path`;
 * the stack is leaf first. A row counts only where both agree in order, so what is marked is certain.
 */
export function framesOnPath(stack: readonly StackFrame[], path: readonly string[]): Set<number> {
  const outermostFirst = [...stack].reverse();
  const lines = alignStacks(
    path.map((name) => ({ printed: name, name })),
    outermostFirst,
  );
  const marked = new Set<number>();
  let index = -1;
  for (const line of lines) {
    if (line.left) index += 1;
    if (line.left && line.right) marked.add(index);
  }
  return marked;
}
