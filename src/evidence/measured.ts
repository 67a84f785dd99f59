/**
 * What the lab measured on real kernels, one row a run, as `content/facts/measured.json` holds it.
 * The lab writes this file (`npm run lab -- --to content`); nobody edits it.
 */
import { z } from 'zod';

const count = z.int().nonnegative();

/** Before and after an operation, KiB of /proc/meminfo. */
const beforeAndAfter = z.tuple([count, count]);

/** What one command of a probe answered. */
const probedSchema = z.strictObject({
  /** What it tries, in words. */
  label: z.string().min(1),
  command: z.string().min(1),
  /** What the shell answered: 0 for success. */
  status: z.int(),
  /** Lines that it printed, and lines that it left in the kernel's log. */
  out: z.array(z.string()),
  dmesg: z.array(z.string()),
});

/** What is left of a file of known length and content. */
const survivorSchema = z.strictObject({
  /** What it is: `written`, `synced before`. */
  file: z.string().min(1),
  /** How much of it was written, bytes. */
  bytes: count,
  /** How long the file is now; null where there is none. */
  length: count.nullable(),
  /** How many of its bytes are the ones that were written. */
  intact: count,
});

const about = {
  /** `<series>-<filesystem>-<scenario>-<plain|volatile>`; probes have no variant. */
  id: z.string().regex(/^[0-9]+\.[0-9]+-[a-z0-9-]+$/),
  /** What `npm run lab -- --scenario` chooses by. */
  chosenBy: z.string().min(1),
  filesystem: z.enum(['ext4', 'xfs', 'btrfs']),
  kernel: z.strictObject({
    /** `6.12`: what readers choose by. */
    series: z.string().min(1),
    /** Debian's name of the release it comes from. */
    suite: z.string().min(1),
    /** `uname -r`. */
    release: z.string().min(1),
    /** Debian's package version, `6.12.117-1`. */
    package: z.string().min(1),
    /** What the kernel was booted with. */
    commandLine: z.string().min(1),
  }),
  /** Middle part of the id. */
  scenario: z.string().min(1),
  volatile: z.boolean(),
  /** Write limit of the virtual disk, MB/s (10^6 bytes). */
  diskMBs: z.number().positive(),
  /** In the guest, preparation first; they name every setting that was changed. */
  commands: z.array(z.string().min(1)),
  /** On the host: makes this run again. */
  command: z.string().min(1),
  machine: z.string().min(1),
  recordedAt: z.iso.datetime(),
};

const recordedSchema = z.strictObject({
  kind: z.literal('recorded'),
  ...about,
  /** A word of the recorder: the one system call that was watched. */
  operation: z.string().min(1),
  /** Dirty data prepared before the operation, MiB, and whose it is. */
  dirtyMiB: count,
  dirtyIn: z.enum(['overlay', 'neighbour']),
  /** Depth and request size of the disk's queue, where the run changed them. */
  queue: z
    .strictObject({ requests: z.int().positive(), maxSectorsKiB: z.int().positive() })
    .optional(),
  /** Wall time of the operation as its caller saw it. */
  seconds: z.number().nonnegative(),
  returnCode: z.int(),
  errno: z.int(),
  /** Name of the error, empty for none. */
  error: z.string(),
  dirtyKiB: beforeAndAfter,
  writebackKiB: beforeAndAfter,
  /** What the disk completed during the operation: flush requests, writes, 512-byte sectors. */
  flushes: count,
  writes: count,
  sectors: count,
  /** What the system call answered. */
  value: z.int(),
});

const probeSchema = z.strictObject({
  kind: z.literal('probe'),
  ...about,
  probes: z.array(probedSchema).min(1),
});

/** The disk's image was copied while the machine stood still, and read by a second boot. */
const powerCutSchema = z.strictObject({
  kind: z.literal('power-cut'),
  ...about,
  survivors: z.array(survivorSchema).min(1),
  /** What mounting the overlay again answered and logged after the cut. */
  remount: probedSchema,
});

const measuredRunSchema = z.discriminatedUnion('kind', [
  recordedSchema,
  probeSchema,
  powerCutSchema,
]);

export const measuredSchema = z.strictObject({
  schema: z.literal(1),
  runs: z.array(measuredRunSchema),
});

export type Probed = z.infer<typeof probedSchema>;
export type Survivor = z.infer<typeof survivorSchema>;
export type RecordedRun = z.infer<typeof recordedSchema>;
export type ProbeRun = z.infer<typeof probeSchema>;
export type PowerCutRun = z.infer<typeof powerCutSchema>;
export type MeasuredRun = z.infer<typeof measuredRunSchema>;
export type Measured = z.infer<typeof measuredSchema>;
