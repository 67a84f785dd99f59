/** Depth and request size of the disk's queue, where a scenario changes them. */
export interface Queue {
  requests: number;
  maxSectorsKiB: number;
}

/**
 * One operation of one process, recorded with its time, its calls, its stacks and what the disk
 * was asked to do; once on a plain and once on a volatile overlay.
 *
 * In `args` and `prepare`, `{mib}` stands for the size.
 */
export interface RecordedScenario {
  kind: 'recorded';
  /** What `--scenario` chooses by. */
  name: string;
  /** What it shows, for `--list`. */
  about: string;
  /** Middle part of the recording's id; `{mib}` stands for the size. */
  id: string;
  /** A word of the recorder, and what it acts on. */
  operation: string;
  args: readonly string[];
  /** MiB, one run each; `chosen` takes `--dirty`. */
  sizes: 'chosen' | readonly number[];
  /** Where that much is dirty before the operation; `nowhere` where the operation itself writes. */
  dirtyIn: 'overlay' | 'neighbour' | 'nowhere';
  /**
   * Where the lower layer lies, if it has to hold the file `big` of that size and a directory
   * `sub`: on the disk of the upper one, from which a file system may share blocks, or in memory.
   */
  lower?: 'disk' | 'memory';
  /** Mount options of the two runs; none and `volatile` where nothing else is said. */
  options?: { plain: string; volatile: string };
  /** File systems and the first kernel series it makes sense on; all where nothing is said. */
  filesystems?: readonly string[];
  since?: string;
  /** Commands between making things dirty and the operation. */
  prepare?: readonly string[];
  queue?: Queue;
  /** Write-back as a machine has it by default, in place of one that never starts by itself. */
  stockKnobs?: true;
  /** Without the tracer: its calls are those of another scenario, or of another process. */
  untraced?: true;
  /** Why the importer leaves it out unless asked. */
  leftOut?: string;
}

/** Commands whose answers and messages are the result. */
export interface ProbeScenario {
  kind: 'probe';
  name: string;
  about: string;
  /** Boots that it runs in, where it does not depend on the recorded file system. */
  filesystems?: readonly string[];
  /** Each runs whatever the others answered; a label says what it tries. */
  probes: readonly { label: string; command: string }[];
}

/**
 * What is on the disk at an instant: the host copies the disk's image while the machine stands
 * still, and a second boot reads the copy; once with a plain and once with a volatile overlay.
 */
export interface PowerCutScenario {
  kind: 'power-cut';
  name: string;
  about: string;
  /** Between writing and the cut. */
  steps: readonly string[];
  /** How long those take beside the disk's work, seconds. */
  seconds?: number;
  filesystems?: readonly string[];
}

export type Scenario = RecordedScenario | ProbeScenario | PowerCutScenario;
