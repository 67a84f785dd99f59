/**
 * What Debian's container runtimes did with the mount option, one result for each version and
 * experiment, as `content/facts/runtime-behaviour.json` holds it. The lab writes this file
 * (`npm run lab:runtimes -- --to content/facts/runtime-behaviour.json`); nobody edits it.
 */
import { z } from 'zod';

const count = z.int().nonnegative();

/** Mount options in their order, without those that name directories. */
const options = z.array(z.string().min(1));

/** Lines of a program or of the kernel, without dates, durations and other chance. */
const lines = z.array(z.string().min(1));

/** What has to be known to judge a result, and to get it again. */
const provenanceSchema = z.strictObject({
  /** YYYY-MM-DD, in UTC. */
  date: z.iso.date(),
  /** What was typed. */
  command: z.string().min(1),
  /** Version of the kernel that the runtime ran on: that of the machine. */
  kernel: z.string().min(1),
  /** The machine's system, as it calls itself. */
  system: z.string().min(1),
  /** What was run, and what it needed. */
  packages: z.array(
    z.strictObject({
      suite: z.string().min(1),
      name: z.string().min(1),
      version: z.string().min(1),
    }),
  ),
  /** The digest of the image that the lab made. */
  image: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});

/** One way to write the setting, in a configuration file of its own. */
const formResultSchema = z.strictObject({
  /** Its name in lab/runtimes/forms.ts. */
  form: z.string().min(1),
  about: z.string().min(1),
  /** The whole configuration file. */
  file: z.string(),
  /** applied: the option reached the mount; ignored: it started without; refused: it did not start. */
  outcome: z.enum(['applied', 'ignored', 'refused']),
  /** Of the mount of a container; null where containerd did not start. */
  options: options.nullable(),
  /** Warnings and errors that a correct file does not bring; empty: silent. */
  says: lines,
});

/** What `config default`, `dump` and `migrate` print for a file of version 2 with the option. */
const configCommandsSchema = z.strictObject({
  /** The line of the setting as `config dump` prints it; null where the dump has none. */
  dumpLine: z.string().nullable(),
  /** The version of the configuration that it prints. */
  dumpVersion: count,
  /** The same for `config default`. */
  defaultLine: z.string().nullable(),
  defaultVersion: count,
  migrate: z.strictObject({
    exitCode: z.int(),
    /** What it says, beside or instead of a configuration. */
    says: lines,
    /** Null where it printed no configuration. */
    version: count.nullable(),
    mountOptions: options.nullable(),
  }),
});

/** The part of a printed configuration that the lab looks at; null: it has no such key. */
const printedConfigSchema = z.strictObject({
  version: count,
  imports: z.array(z.string()),
  mountOptions: options.nullable(),
  upperdirLabel: z.boolean().nullable(),
});

/** How imported files and the main file became one configuration. */
const dropInResultSchema = z.strictObject({
  /** Its name in lab/runtimes/forms.ts. */
  case: z.string().min(1),
  about: z.string().min(1),
  /** The main file, and the imported ones by name. */
  main: z.string(),
  files: z.record(z.string(), z.string()),
  /** What `config dump` printed; null where it refused. */
  printed: printedConfigSchema.nullable(),
  /** What a container's mount got, and whether its snapshot bears the label; null: not started. */
  inEffect: z.strictObject({ options, upperdirLabel: z.boolean() }).nullable(),
  says: lines,
});

const mountResultSchema = z.strictObject({
  /** What the mount is for. */
  of: z.string().min(1),
  /** Kind of file system: `overlay`, `bind`. */
  type: z.string().min(1),
  options,
  /** In either spelling: `volatile` or `fsync=volatile`. */
  volatile: z.boolean(),
});

/** Which mounts get the option, with a configuration that sets it. */
const mountsSchema = z.strictObject({
  /** What containerd hands out for each kind of snapshot. */
  snapshots: z.array(mountResultSchema).min(1),
  /** The root file system as a process in a container reads it in /proc/mounts. */
  inContainer: mountResultSchema,
  /** Overlay mounts that were made while that container ran, all of them by its shim. */
  overlayMounts: count,
  /** How many of them the option was handed to. */
  volatileMounts: count,
  /** What the kernel said to an option that has no use. */
  kernel: lines,
});

/** What was mounted and synced while an image was unpacked, with the option set. */
const unpackResultSchema = z.strictObject({
  /** How the image came in. */
  by: z.string().min(1),
  /** Which setting asked for syncs; `none`. */
  setting: z.string().min(1),
  /** The whole configuration file. */
  file: z.string(),
  layers: count,
  /** Mounts of type overlay; none means that layers are written straight into their folders. */
  overlayMounts: count,
  bindMounts: count,
  /** Calls of syncfs(2) and of sync(2). */
  syncfs: count,
  sync: count,
  says: lines,
  /** The words with which it refused; null where the image was unpacked. */
  refused: z.string().nullable(),
});

/** One start of one and the same container; the rows of an experiment follow each other. */
const startResultSchema = z.strictObject({
  /** What was done to the container just before. */
  after: z.string().min(1),
  /** `mount_options` of the configuration at that time. */
  options,
  starts: z.boolean(),
  /** What ctr said, and what the kernel said. */
  says: lines,
  kernel: lines,
});

/** An option that the kernel does not know. */
const mistypedSchema = z.strictObject({
  options,
  /** containerd itself starts, and unpacks images. */
  containerdStarts: z.boolean(),
  unpacks: z.boolean(),
  containerStarts: z.boolean(),
  /** What ctr said, and what the kernel said. */
  says: lines,
  kernel: lines,
});

/** whole: as it was written; empty: there, with nothing in it; damaged: anything else in it. */
const fileStateSchema = z.enum(['whole', 'empty', 'damaged', 'missing']);

/**
 * What the end of a container wrote to the disk, when all that was dirty there was somebody else's
 * file on the same file system.
 */
const stopResultSchema = z.strictObject({
  /** `mount_options` of the configuration. */
  options,
  /** stop: its task is ended and its root unmounted; remove: its record and its files are deleted. */
  step: z.enum(['stop', 'remove']),
  /** Dirty data outside the container, written just before the step. */
  neighbourMiB: count,
  /** What had reached the disk of it when the step was over. */
  neighbour: fileStateSchema,
  /** What the disk was given during the step, 1024 bytes, and how often it was told to flush. */
  writtenKiB: count,
  flushes: count,
  /** Calls of containerd and what it starts: umount2(2) of the root, syncfs(2) and sync(2). */
  unmounts: count,
  syncfs: count,
  sync: count,
});

/** What was left of an image's layers when the power was cut. */
const powerCutResultSchema = z.strictObject({
  /** `mount_options` of the configuration. */
  options,
  /** `image_pull_with_sync_fs` of the configuration. */
  syncOnPull: z.boolean(),
  /** The last thing that was done before the power was cut. */
  after: z.enum(['pull', 'pull, run and stop']),
  /** Of one file of each layer, from the lowest up. */
  layers: z.array(fileStateSchema).min(1),
  /** From the start of the pull to the cut; the kernel writes back by itself after about 30. */
  seconds: z.number().nonnegative(),
  /** Snapshots that containerd counts as finished after the cut, and would not pull again. */
  committed: count,
  /** Whether a container of the image starts after the cut, without another pull. */
  runs: z.boolean(),
});

/** Which containers of podman and buildah are volatile, and whether those can be used again. */
const storageSchema = z.strictObject({
  containers: z.array(
    z.strictObject({
      /** `mountopt` of storage.conf; null where it has none. */
      mountopt: z.string().nullable(),
      /** What made the container. */
      by: z.string().min(1),
      options,
      volatile: z.boolean(),
    }),
  ),
  /** A container that was used once is used again. */
  again: z.array(
    z.strictObject({
      mountopt: z.string().nullable(),
      by: z.string().min(1),
      works: z.boolean(),
      says: lines,
    }),
  ),
});

const rows = <Row extends z.ZodType>(row: Row) => z.array(row).min(1);

/** What each experiment finds, by the names that `--experiment` takes. */
const findings = {
  forms: rows(formResultSchema),
  'config-commands': configCommandsSchema,
  'drop-ins': rows(dropInResultSchema),
  mounts: mountsSchema,
  unpack: rows(unpackResultSchema),
  restart: rows(startResultSchema),
  mistyped: mistypedSchema,
  stop: rows(stopResultSchema),
  'power-cut': rows(powerCutResultSchema),
  storage: storageSchema,
} as const;

const about = {
  /** Of the program itself, without Debian's part: `1.7.24`. */
  version: z.string().regex(/^\d+(\.\d+)+$/),
  provenance: provenanceSchema,
};

const containerd = <Name extends Exclude<ExperimentName, 'storage'>>(experiment: Name) =>
  z.strictObject({
    runtime: z.literal('containerd'),
    ...about,
    experiment: z.literal(experiment),
    findings: findings[experiment],
  });

const podman = z.strictObject({
  /** podman and buildah, which share one library for storage. */
  runtime: z.literal('podman'),
  ...about,
  experiment: z.literal('storage'),
  findings: findings.storage,
});

export const runtimeResultSchema = z.discriminatedUnion('experiment', [
  containerd('forms'),
  containerd('config-commands'),
  containerd('drop-ins'),
  containerd('mounts'),
  containerd('unpack'),
  containerd('restart'),
  containerd('mistyped'),
  containerd('stop'),
  containerd('power-cut'),
  podman,
]);

export const runtimeBehaviourSchema = z.strictObject({
  schema: z.literal(1),
  /** By runtime, version and experiment; each of them once. */
  results: z.array(runtimeResultSchema).superRefine((results, context) => {
    const seen = new Set<string>();
    for (const { runtime, version, experiment } of results) {
      const key = `${runtime} ${version} ${experiment}`;
      if (seen.has(key)) context.addIssue({ code: 'custom', message: `${key} stands here twice` });
      seen.add(key);
    }
  }),
});

export type ExperimentName = keyof typeof findings;
export type Findings = { [Name in ExperimentName]: z.infer<(typeof findings)[Name]> };
export type Provenance = z.infer<typeof provenanceSchema>;
export type FormResult = z.infer<typeof formResultSchema>;
export type ConfigCommandsResult = z.infer<typeof configCommandsSchema>;
export type PrintedConfig = z.infer<typeof printedConfigSchema>;
export type DropInResult = z.infer<typeof dropInResultSchema>;
export type MountResult = z.infer<typeof mountResultSchema>;
export type MountsResult = z.infer<typeof mountsSchema>;
export type UnpackResult = z.infer<typeof unpackResultSchema>;
export type StartResult = z.infer<typeof startResultSchema>;
export type MistypedResult = z.infer<typeof mistypedSchema>;
export type FileState = z.infer<typeof fileStateSchema>;
export type StopResult = z.infer<typeof stopResultSchema>;
export type PowerCutResult = z.infer<typeof powerCutResultSchema>;
export type StorageFindings = z.infer<typeof storageSchema>;
export type RuntimeResult = z.infer<typeof runtimeResultSchema>;
export type RuntimeBehaviour = z.infer<typeof runtimeBehaviourSchema>;

/** The result of one experiment on one version. */
export interface ResultOf<Name extends ExperimentName> {
  runtime: RuntimeResult['runtime'];
  version: string;
  provenance: Provenance;
  experiment: Name;
  findings: Findings[Name];
}

/** The results of one experiment, one for each version that it was run on, oldest first. */
export function resultsOf<Name extends ExperimentName>(
  { results }: RuntimeBehaviour,
  experiment: Name,
): ResultOf<Name>[] {
  return results.filter(
    (result): result is RuntimeResult & ResultOf<Name> => result.experiment === experiment,
  );
}
