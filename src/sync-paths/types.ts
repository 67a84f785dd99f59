/**
 * Which operation syncs where, by kernel and by mount option.
 *
 * The rules stand in content/facts: sync-paths.yaml (operations and their chains), sync-chains.yaml
 * (what chains share, and kernels that were not run), sync-tools.yaml (programs), functions.yaml
 * (what a function does and where it stands) and kernels.yaml (kernels that were run). `load.ts`
 * makes one model of them; everything else here computes on it.
 */
import type { Localised } from '../facts/localise.ts';
import type { ChainStep, Status, SyncPath, SyncTool } from '../facts/schema.ts';
import type { Layer, Superblock } from '../recording/types.ts';

/** What the upper layer lies on. */
export type Filesystem = 'ext4' | 'xfs' | 'btrfs';

/**
 * How an overlay is mounted. `plain`: without an option, which is `fsync=auto` where the kernel
 * has that option; `strict`: `fsync=strict`; `volatile`: `volatile`, or `fsync=volatile`.
 */
export type Setting = 'plain' | 'strict' | 'volatile';

/** A kernel that the model is computed for. */
export interface Kernel {
  /** What links and readers choose by: `6.12`, `5.15`, `6.12.0`. */
  id: string;
  /** The version it stands for; its tag in the stable tree is `v` and this. */
  version: string;
  /** As it is shown: `6.12.117`, `6.12.0–6.12.79`. */
  label: string;
  /** Whether the lab runs it. Nothing about a kernel that it does not run is measured. */
  measured: boolean;
  /** Whether it knows `fsync=auto|strict|volatile`. */
  hasFsyncOption: boolean;
  /**
   * Whether a copy-up of metadata alone is synced: by no setting (up to 6.11), by every setting but
   * volatile (6.12 until the option `fsync` came), or with `fsync=strict` alone.
   */
  metadataSync: 'never' | 'always' | 'strict';
  /** How /proc/mounts prints a volatile mount. */
  prints: string;
  /** What there is to say of it. */
  says: string;
  source: string[];
  status: Status;
}

/** What functions.yaml says of a kernel function, as far as a figure needs it. */
export interface FunctionFacts {
  layer: Layer;
  does: string;
  note?: string;
  /** Where it is defined, newest move first; `from` is a version, `0` stands for the beginning. */
  files: { from: string; file: string }[];
}

export type Operation = Localised<SyncPath>;
export type Tool = Localised<SyncTool>;
export type Step = Localised<ChainStep>;

/** Lower case, in both languages. */
export interface Words {
  /** Its calls, or the names of the program. */
  names: string[];
  /** What else is said of it. */
  others: string[];
}

/** All of it in one language. Plain data: it travels to the browser as it is. */
export interface SyncModel {
  /** Oldest first. */
  kernels: Kernel[];
  /** In the order of sync-paths.yaml. */
  operations: Operation[];
  trunks: Record<string, Step[]>;
  functions: Record<string, FunctionFacts>;
  tools: Tool[];
  /** What people may type for an operation or a tool, by id. */
  words: { operations: Record<string, Words>; tools: Record<string, Words> };
}

/**
 * What becomes of a step.
 *
 * - `runs`: the call is made.
 * - `gate-passed`: the question is asked, and the demand to sync goes on.
 * - `gate-stops`: the question is asked, and the demand to sync ends here.
 * - `not-reached`: it stands behind a gate that stops.
 */
export type StepState = 'runs' | 'gate-passed' | 'gate-stops' | 'not-reached';

/** A function that a leaf calls while it waits for the disk. */
export interface Wait {
  name: string;
  layer: Layer;
  file: string;
  /** The file in the stable tree, at the kernel's version. */
  address: string;
}

/** One step of a path, resolved for a kernel, a setting and a file system. */
export interface PathStep {
  /**
   * The place: the same in every operation that passes here and in every kernel, whatever the
   * function there is called; alone of its name in a path. For links.
   */
  id: string;
  kind: 'call' | 'gate';
  /** The function's name in this kernel. */
  name: string;
  layer: Layer;
  /** Whose superblock the call works on; null where on none. */
  superblock: Superblock;
  file: string;
  /** The file in the stable tree, at the kernel's version. */
  address: string;
  state: StepState;
  /**
   * Whether the kernel that the lab boots has no call of its own here (inlined, or a jump), so that
   * neither a trace nor a stack shows it; undefined for a kernel that was not run.
   */
  inlined: boolean | undefined;
  /**
   * Behind a gate that stops, yet run: it moves the data, and no longer carries the demand to sync.
   */
  dataOnly: boolean;
  /** A gate that says no and is not obeyed: the demand comes back behind it. */
  overruled: boolean;
  /** The last step: it, or what it calls, sleeps until the disk is done. */
  leaf: boolean;
  /** What the leaf calls, directly or further down, in the order in which it first does. */
  waits: Wait[];
  note: string | undefined;
}

/**
 * What volatile makes of an operation; the lab's words (src/evidence/verdict.ts).
 *
 * - `skipped`: it reaches the disk without the option, and does not with it.
 * - `partly`: with the option the disk writes, and is not told to flush. No rule of overlayfs says
 *   so: only exceptions that were measured do.
 * - `kept`: it reaches the disk with and without.
 * - `not-affected`: it does not reach the disk even without.
 */
export type State = 'skipped' | 'partly' | 'kept' | 'not-affected';

/** The way of an operation to the disk. */
export interface Path {
  operation: string;
  kernel: string;
  setting: Setting;
  filesystem: Filesystem;
  /** From the system call down; each call stands inside the one before it, gates aside. */
  steps: PathStep[];
  /** Where it is decided: the gate that stops, or else the last gate that is asked. */
  gate: PathStep | undefined;
  /** Absent where the operation never waits for the disk on this kernel. */
  leaf: PathStep | undefined;
  /** Whether the leaf runs with this setting. */
  reachesDisk: boolean;
  /**
   * What volatile makes of the operation: against `fsync=strict` where that is the setting, against
   * a plain mount otherwise.
   */
  state: State;
  /** Why a file system makes something else of it than the chain says. */
  exception: NonNullable<Operation['exceptions']>[number] | undefined;
}
