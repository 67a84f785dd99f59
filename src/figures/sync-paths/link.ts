import type { Locale } from '../../format.ts';
import { oneOf, pattern, type Schema } from '../../share/codec.ts';
import type { SortKey } from '../../sync-paths/rows.ts';
import type { Filesystem, Setting, State } from '../../sync-paths/types.ts';

/** How a link writes the mount: with the option, without it, or with `fsync=strict`. */
export const MOUNTS = ['off', 'strict', 'on'] as const;
export type Mount = (typeof MOUNTS)[number];
export const SETTINGS: Readonly<Record<Mount, Setting>> = {
  off: 'plain',
  strict: 'strict',
  on: 'volatile',
};

/** What the upper layer lies on. */
export const FILESYSTEMS: readonly Filesystem[] = ['ext4', 'xfs', 'btrfs'];

/** The two views of one state. */
export const VIEWS = ['tree', 'table'] as const;
export type View = (typeof VIEWS)[number];

/** Which rows the table shows. */
export const SHOWN: readonly (State | 'all')[] = [
  'all',
  'skipped',
  'partly',
  'kept',
  'not-affected',
];
export type Shown = State | 'all';

/** What the table is sorted by, largest first behind a minus. */
export type Sort = SortKey | `-${SortKey}`;
const KEYS: readonly SortKey[] = [
  'order',
  'name',
  'state',
  'gate',
  'plain',
  'volatile',
  'evidence',
];
const SORTS: readonly Sort[] = KEYS.flatMap((key) => [key, `-${key}` as const]);

export interface PathsLink {
  /** Id of the selected operation. */
  op: string;
  /** Id of a kernel of the model. */
  kernel: string;
  volatile: Mount;
  fs: Filesystem;
  view: View;
  /** `PathStep.id` of the step that is open; empty: the one that decides. */
  step: string;
  sort: Sort;
  show: Shown;
}

/**
 * The keys of a link: `/volatile/?op=msync&kernel=5.10&view=table#paths`. Defaults may not change:
 * published links leave them out. Which operations, kernels and steps there are, the model says.
 */
export const pathsLink: Schema<PathsLink> = {
  op: pattern(/^[a-z][a-z0-9-]*$/, 'umount'),
  kernel: pattern(/^\d+(?:\.\d+){1,2}$/, '6.12'),
  volatile: oneOf(MOUNTS, 'on'),
  fs: oneOf(FILESYSTEMS, 'ext4'),
  view: oneOf(VIEWS, 'tree'),
  step: pattern(/^\w+(?:[.-]\w+)*$/, ''),
  sort: oneOf(SORTS, 'order'),
  show: oneOf(SHOWN, 'all'),
};

/** Where the evidence for a kernel is fetched from. */
export function evidenceAddress(kernel: string): string {
  return `/sync-paths/${kernel}.json`;
}

/** The view of a link without a query. */
export const fallbacks: PathsLink = {
  op: pathsLink.op.fallback,
  kernel: pathsLink.kernel.fallback,
  volatile: pathsLink.volatile.fallback,
  fs: pathsLink.fs.fallback,
  view: pathsLink.view.fallback,
  step: pathsLink.step.fallback,
  sort: pathsLink.sort.fallback,
  show: pathsLink.show.fallback,
};

/** Where the model and the words of a language are fetched from. */
export function modelAddress(locale: Locale): string {
  return `/sync-paths/model-${locale}.json`;
}
