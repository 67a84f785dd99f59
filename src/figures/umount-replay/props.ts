import type en from '../../../content/ui/en.json';

type AllStrings = (typeof en)['umountReplay'];

/** The strings of this figure in one language: content/ui, key `umountReplay`. */
export type Strings = Omit<AllStrings, 'stack'>;

/** What the facts say of one function, in one language. */
export interface Explained {
  does: string;
  note?: string;
  /** The word beside its calls: see functions.yaml. */
  gloss?: 'superblock' | string[] | { plain: string; volatile: string };
  /** Path in the kernel tree by the first series that has it there, newest first. */
  files: { from: string; file: string }[];
}

/** The words beside calls, by function; those that have none are left out. */
export type Glosses = Record<string, NonNullable<Explained['gloss']>>;

/** What the figure says once it is used, in one language. */
export interface Words {
  functions: Record<string, Explained>;
  incident: PrintedFrame[];
  /** The strings of the stack view. */
  stack: AllStrings['stack'];
}

/** A frame of the incident's stack. */
export interface PrintedFrame {
  /** As it was printed, offsets included. */
  printed: string;
  /** The kernel's own name of the function. */
  name: string;
  note?: string;
}
