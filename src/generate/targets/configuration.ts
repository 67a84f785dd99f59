/**
 * containerd's own configuration for a question, so that a target can place its tables where they
 * belong. The rules and versions are those of content/facts/containerd.yaml alone.
 */
import type { Line, Reason } from '../answer.ts';
import type { ContainerdAnswer } from '../containerd.ts';
import { pluginHeader } from '../toml.ts';
import type { Configuration } from './files.ts';

/**
 * Names that version 1 of the configuration has for the tables of later ones. The table of
 * containerd 2 that has none there is read under its own name.
 */
const firstNames: Readonly<Record<string, string>> = {
  'io.containerd.snapshotter.v1.overlayfs': 'overlayfs',
  'io.containerd.grpc.v1.cri': 'cri',
  'io.containerd.service.v1.diff-service': 'diff-service',
};

/** @param format which version the file states, and why; absent: the one containerd.yaml picks */
export function takeApart(
  { blocks: [head, ...blocks] }: ContainerdAnswer,
  format?: { version: string; reason: Reason },
): Configuration | undefined {
  if (head === undefined) return undefined;
  const tables =
    format?.version === '1' ? blocks.map((block) => toFirst(block, format.reason)) : blocks;
  const version: readonly Line[] =
    format === undefined
      ? head
      : [{ text: `version = ${format.version}`, reasons: [format.reason] }];
  const isVolatile = (block: readonly Line[]): boolean =>
    block.some((line) => line.reasons.some(({ id }) => id === 'volatile'));
  return {
    config: join([version, ...tables]),
    version,
    tables: join(tables),
    volatile: join(tables.filter(isVolatile)),
  };
}

/** Blocks of lines with an empty line between two. */
function join(blocks: readonly (readonly Line[])[]): Line[] {
  return blocks.flatMap((block, index) =>
    index === 0 ? block : [{ text: '', reasons: [] }, ...block],
  );
}

/** The block under its name of version 1; `reason` is why that one. */
function toFirst(block: readonly Line[], reason: Reason): readonly Line[] {
  const [header, ...keys] = block;
  const name = Object.keys(firstNames).find((long) => header?.text === pluginHeader(long));
  if (name === undefined) return block;
  return [{ text: `[plugins.${firstNames[name] ?? ''}]`, reasons: [reason] }, ...keys];
}
