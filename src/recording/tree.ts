import type { RecordedCall } from './types.ts';

/** A call with its place in the forest. */
export interface CallNode {
  call: RecordedCall;
  /**
   * Names from the root down, joined by `/`. From the second sibling of the same name on, `#n`
   * tells it from its elder ones: `.../sync_filesystem/ovl_sync_fs#2/sync_filesystem`.
   */
  path: string;
  /** The call's own last part of `path`. */
  name: string;
  parent: CallNode | undefined;
  /** 0 for a root. */
  depth: number;
  /** Seconds since the operation began, at which the call ends. */
  end: number;
  /** Seconds spent in the call itself, without the calls below it that were traced. */
  selfSeconds: number;
}

/** Anything that holds a call forest: a Recording, or `{ calls }`. */
export interface Forest {
  calls: readonly RecordedCall[];
}

/**
 * Names for calls side by side: the function's, with `#n` from the second of the same name on.
 */
export function siblingNames(calls: readonly { fn: string }[]): string[] {
  const seen = new Map<string, number>();
  return calls.map(({ fn }) => {
    const n = (seen.get(fn) ?? 0) + 1;
    seen.set(fn, n);
    return n === 1 ? fn : `${fn}#${n}`;
  });
}

/** Every call of the forest in order of entry, parents before their children. */
export function* walk(forest: Forest): Generator<CallNode, void, undefined> {
  yield* descend(forest.calls, undefined);
}

function* descend(
  calls: readonly RecordedCall[],
  parent: CallNode | undefined,
): Generator<CallNode, void, undefined> {
  const names = siblingNames(calls);
  for (const [index, call] of calls.entries()) {
    const name = names[index] ?? call.fn;
    const below = call.calls ?? [];
    const node: CallNode = {
      call,
      name,
      path: parent === undefined ? name : `${parent.path}/${name}`,
      parent,
      depth: parent === undefined ? 0 : parent.depth + 1,
      end: call.start + call.seconds,
      selfSeconds: Math.max(
        0,
        below.reduce((rest, child) => rest - child.seconds, call.seconds),
      ),
    };
    yield node;
    yield* descend(below, node);
  }
}

/** The call at a path as `walk` spells it; undefined where the forest has none. */
export function findByPath(forest: Forest, path: string): CallNode | undefined {
  for (const node of walk(forest)) if (node.path === path) return node;
  return undefined;
}

/** All calls of a function, in order of entry. */
export function findByName(forest: Forest, fn: string): CallNode[] {
  return [...walk(forest)].filter((node) => node.call.fn === fn);
}

/** The call and those it stands in, root first. */
export function lineage(node: CallNode): CallNode[] {
  return node.parent === undefined ? [node] : [...lineage(node.parent), node];
}
