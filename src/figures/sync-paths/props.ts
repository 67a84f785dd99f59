import type en from '../../../content/ui/en.json';
import type { TableRow } from '../../sync-paths/rows.ts';
import type { Filesystem, Path, SyncModel } from '../../sync-paths/types.ts';

/** The strings of this figure in one language: content/ui, key `syncPathsFigure`. */
export type Strings = (typeof en)['syncPathsFigure'];

/** What an answer rests on and what was counted: a row of the table without the model's part. */
export type Counts = Pick<TableRow, 'evidence' | 'flushes' | 'seconds'>;

/** All of a kernel: counts by operation, for a plain or volatile mount and for `fsync=strict`. */
export interface KernelEvidence {
  kernel: string;
  counts: Record<Filesystem, { plain: Record<string, Counts>; strict: Record<string, Counts> }>;
  /** Ids of runs whose calls are kept: they have data of their own. */
  recorded: string[];
}

/** A source as a mark and in words. */
export interface SourceLink {
  /** Its number on the page; absent where the text itself does not use it. */
  number?: number | undefined;
  title: string;
  url: string;
}

/** A kernel as the figure offers it. */
export interface KernelChoice {
  id: string;
  /** As it is shown. */
  name: string;
  hasFsyncOption: boolean;
}

/** What is needed around the stage, before the figure is used. */
export type FrameStrings = Pick<
  Strings,
  'controls' | 'ask' | 'caption' | 'keys' | 'follows' | 'link'
> & {
  noScript: string;
  all: string;
  failed: string;
  missing: string;
};

/** What is loaded when the figure is used, in one language. */
export interface FigureData {
  ui: Strings;
  model: SyncModel;
  sources: Record<string, SourceLink>;
}

/** A row of the table; counts are undefined while they are on their way. */
export interface TableLine {
  path: Path;
  counts: Counts | undefined;
}
