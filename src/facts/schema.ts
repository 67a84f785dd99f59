/**
 * What a row of content/facts/*.yaml may say.
 *
 * The schemas run when the site is built, in the command line and in tests. Code that a browser
 * loads imports the types alone (`import type`), so that no validator travels with a figure.
 */
import { z } from 'zod';

const words = z.string().trim().min(1, 'is empty');
const id = z
  .string()
  .regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'must be lower-case words, joined by - or .');

/** The same text in every language of the site. */
export const textSchema = z.strictObject({ en: words, 'zh-cn': words });
export type Text = z.infer<typeof textSchema>;

/**
 * How sure a row is: run by the lab or by a run of its own; read in source code; said by a thread,
 * a document or a post; concluded from those; or not settled at all.
 */
export const statusSchema = z.enum(['measured', 'read', 'cited', 'inferred', 'unsure']);
export type Status = z.infer<typeof statusSchema>;

/** Ids of rows of sources.yaml; one may stand alone in the file, code always gets a list. */
const sourceIds = z
  .union([id, z.array(id).min(1, 'names no source')])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** What carries a row, and how sure it is. */
export const evidence = { source: sourceIds, status: statusSchema };

/** A version as facts write it: `5.10`, `6.12.80`, `2.1.9`. Never a YAML number: 5.10 is not 5.1. */
export const versionText = z
  .string('must be quoted text: YAML reads 5.10 as the number 5.1')
  .regex(/^\d+(?:\.\d+){0,2}(?:-[0-9a-z.]+)?$/, 'is not a version');

/** A part of the line of versions: `from` belongs to it, `before` does not. */
const range = { from: versionText.optional(), before: versionText.optional() };

/** sources.yaml: everything the site cites. */
export const sourceSchema = z
  .strictObject({
    id,
    title: words,
    by: words,
    /** A day or a year. */
    date: z.union([
      z.string().regex(/^\d{4}(?:-\d{2}-\d{2})?$/, 'must be YYYY-MM-DD or YYYY'),
      z.number().int().min(1990).max(2100).transform(String),
    ]),
    /** Where it is. Our own measurements are shown on this site: their address starts with `/`. */
    url: z.string().regex(/^(?:https?:\/\/[^\s/]+(?:\/\S*)?|\/\S*)$/, 'is not an address'),
    kind: z.enum(['code', 'commit', 'thread', 'mail', 'document', 'post', 'measurement']),
  })
  .refine((source) => source.kind === 'measurement' || !source.url.startsWith('/'), {
    path: ['url'],
    error: 'must be an http or https address',
  });
export type Source = z.infer<typeof sourceSchema>;

/** values.yaml: single facts that prose renders through `<Fact>`. */
export const valueSchema = z.strictObject({
  id,
  value: z.union([z.string().trim().min(1, 'is empty'), z.number()]),
  unit: words.optional(),
  /** How people say it, where value and unit alone do not read well. */
  text: textSchema.optional(),
  ...evidence,
});
export type Value = z.infer<typeof valueSchema>;

/** glossary.yaml: the terms of the subject, each explained once. */
export const glossarySchema = z
  .array(
    z.strictObject({
      id,
      /** The term as a page of each language writes it. */
      term: textSchema,
      /** Other words for the same thing, in any language. */
      also: z.array(words).min(1).optional(),
      /** One to three sentences. */
      says: textSchema,
      /** Ids of terms that belong to it. */
      see: z.array(id).min(1).optional(),
      /** Where the site explains it, as the default language has it: `/umount/#lazy-umount`. */
      page: z
        .string()
        .regex(/^\/[a-z0-9-]+\/(?:#[a-z0-9-]+)?$/, 'is not a page of this site')
        .optional(),
      ...evidence,
    }),
  )
  .superRefine((terms, context) => {
    const known = new Set(terms.map((term) => term.id));
    terms.forEach((term, row) => {
      term.see?.forEach((other, index) => {
        if (known.has(other) && other !== term.id) return;
        const message = other === term.id ? 'names itself' : `names "${other}", which is no term`;
        context.addIssue({ code: 'custom', path: [row, 'see', index], message });
      });
    });
  });
export type Term = z.infer<typeof glossarySchema>[number];

/** The file systems an upper layer may lie on that the lab measures. */
const upperFilesystem = z.enum(['ext4', 'xfs', 'btrfs']);
const functionName = z.string().regex(/^\w+$/, 'is not a function name');

/**
 * From which kernel on, and before which one. `stable`: releases of older series that took the
 * change at `from` or `before` in later.
 */
const kernelRange = { ...range, stable: z.array(versionText).min(1).optional() };

const stepPlace = {
  ...kernelRange,
  /** Only where copy-up syncs metadata (`fsync=strict`, or a kernel that always does), or only where not. */
  metadataSynced: z.boolean().optional(),
  /** Only where the upper layer lies on this file system. */
  filesystem: upperFilesystem.optional(),
  /** Whose superblock it works on; absent where on none, or where the function's layer says it. */
  on: z.enum(['overlay', 'upper']).optional(),
  /** Series whose kernel, as the lab boots it, has no call of its own here: inlined, tail call. */
  inlined: z.array(versionText).min(1).optional(),
  /** It moves data as well: it runs even where the demand to sync has ended at a gate before it. */
  data: z.literal(true).optional(),
  /** The last of its chain: it, or what it calls (`waits`), sleeps until the disk is done. */
  leaf: z.literal(true).optional(),
  waits: z
    .array(
      z.strictObject({
        fn: functionName,
        ...kernelRange,
        filesystem: upperFilesystem.optional(),
      }),
    )
    .min(1)
    .optional(),
  note: textSchema.optional(),
};

/** A call in a chain, from the system call down. Each stands inside the one before it. */
const callSchema = z.strictObject({
  fn: functionName,
  /** The same place in other kernels or on other file systems goes by this name; absent: by `fn`. */
  place: id.optional(),
  ...stepPlace,
});

/**
 * The question whether to sync, asked inside the call before it. `overruled`: its answer is lost
 * on the way, and the demand goes on.
 */
const gateSchema = z.strictObject({
  gate: z.enum(['ovl_sync_status', 'ovl_should_sync', 'ovl_should_sync_metadata', 'sb_rdonly']),
  overruled: z.literal(true).optional(),
  ...kernelRange,
  metadataSynced: z.boolean().optional(),
  note: textSchema.optional(),
});

/** Steps that several chains share: see `trunks` of sync-chains.yaml. */
const trunkUse = z.strictObject({
  trunk: id,
  ...kernelRange,
  metadataSynced: z.boolean().optional(),
  filesystem: upperFilesystem.optional(),
  /** For the first call of the trunk, as it is called from here. */
  inlined: z.array(versionText).min(1).optional(),
});

const stepSchema = z.union([callSchema, gateSchema, trunkUse]);
export type ChainStep = z.infer<typeof stepSchema>;

const stateSchema = z.enum(['skipped', 'partly', 'kept', 'not-affected']);

/** sync-paths.yaml: one operation that may reach the disk, and the way it takes there. */
export const syncPathSchema = z.strictObject({
  id,
  operation: textSchema,
  /**
   * The calls a program makes, as it writes them: `fsync(2)`; where words belong to one, names
   * stand between backticks. Empty where no program calls it.
   */
  calls: z.array(z.union([words, textSchema])),
  /** What programs do it for. */
  purpose: textSchema,
  /** Words people type for it, beside `calls`: flags, other calls. */
  words: z.array(words).min(1).optional(),
  /** Only where the upper layer lies on one of these; absent: everywhere. */
  filesystems: z.array(upperFilesystem).min(1).optional(),
  /** The lab's scenarios that measure it, and those that do with `fsync=strict`. */
  lab: z.array(words).min(1).optional(),
  labStrict: z.array(words).min(1).optional(),
  /** From the system call down to what waits for the disk. */
  chain: z.array(stepSchema).min(1, 'has no steps'),
  /** Where it is decided whether to sync, or why nowhere. */
  decision: textSchema,
  note: textSchema.optional(),
  /** Where a file system makes something else of it than its chain says, measured. */
  exceptions: z
    .array(
      z.strictObject({
        filesystem: upperFilesystem,
        ...range,
        state: stateSchema,
        why: textSchema,
        ...evidence,
      }),
    )
    .min(1)
    .optional(),
  ...evidence,
});
export type SyncPath = z.infer<typeof syncPathSchema>;

/** sync-chains.yaml: what the chains of sync-paths.yaml share. */
export const syncChainsSchema = z.strictObject({
  /** What chains end in, or have in their middle. */
  trunks: z.array(z.strictObject({ id, chain: z.array(stepSchema).min(1, 'has no steps') })),
  /** Kernels that are offered beside those of kernels.yaml, and were not run. */
  kernels: z.array(
    z.strictObject({
      id: versionText,
      /** The mainline tag it was read at, or stands for. */
      version: versionText,
      label: words,
      says: textSchema,
      ...evidence,
    }),
  ),
  /** From which kernel on every copy-up of metadata was synced, until the option `fsync` came. */
  metadataSync: z.strictObject({ from: versionText, says: textSchema, ...evidence }),
});
export type SyncChains = z.infer<typeof syncChainsSchema>;

/** sync-tools.yaml: a program that people know, and the operations that it ends in. */
export const syncToolSchema = z.strictObject({
  id,
  name: words,
  /** How it is run so, where it is not always so. */
  command: words.optional(),
  /** Words people type for it. */
  words: z.array(words).min(1),
  does: textSchema,
  /** Ids of sync-paths.yaml, the most telling one first; empty where it asks nothing of an overlay. */
  operations: z.array(id),
  ...evidence,
});
export type SyncTool = z.infer<typeof syncToolSchema>;

/** The part of the kernel a function belongs to; one colour each on the site. */
export const layerSchema = z.enum(['entry', 'vfs', 'overlay', 'upper', 'block']);

const kernelFile = z.string().regex(/^[\w./-]+\.[chS]$/, 'is not a path in the kernel tree');

/** functions.yaml: one kernel function that a recording or a stack names. */
export const functionSchema = z.strictObject({
  name: z.string().regex(/^\w+$/, 'is not a function name'),
  /** Other names of the same place: older spellings, compiler clones. */
  aliases: z.array(words).optional(),
  layer: layerSchema,
  /** Where it is defined, from the root of the kernel tree. */
  file: kernelFile,
  /** Where it moved to, by the first series that has it there. */
  files: z.array(z.strictObject({ from: versionText, file: kernelFile })).optional(),
  does: textSchema,
  note: textSchema.optional(),
  /**
   * How a replay shows its calls: `closed` folds the calls inside into one row, `hidden` gives it no
   * row, `first` gives a row to the first call among its siblings only.
   */
  replay: z.enum(['closed', 'hidden', 'first']).optional(),
  /**
   * The word beside its calls in a replay: `superblock` names the one it works on; a list names the
   * first, second, ... call among its siblings; or one word per run, where the runs differ.
   */
  gloss: z
    .union([
      z.literal('superblock'),
      z.array(textSchema).min(1),
      z.strictObject({ plain: textSchema, volatile: textSchema }),
    ])
    .optional(),
  ...evidence,
});
export type KernelFunction = z.infer<typeof functionSchema>;

/** incident-stack.yaml: the stack of the incident, leaf first. */
export const incidentStackSchema = z.strictObject({
  frames: z
    .array(
      z.strictObject({
        /** The frame as it was printed. */
        printed: words,
        /** The function of functions.yaml behind it. */
        name: z.string().regex(/^\w+$/, 'is not a function name'),
        note: textSchema.optional(),
      }),
    )
    .min(1, 'has no frames'),
  source: sourceIds,
});
export type IncidentStack = z.infer<typeof incidentStackSchema>;

/** kernels.yaml. */
export const kernelsSchema = z.strictObject({
  /** The first mainline series that knows the mount option. */
  minimum: z.strictObject({
    version: versionText,
    /** What holds from there on, and what below. */
    has: textSchema,
    lacks: textSchema,
    ...evidence,
  }),
  /** What to say of a release that cannot be read. */
  unreadable: textSchema,
  /** How a vendor's `{name}` and what is said of it stand together. */
  named: textSchema,
  /** The mount that shows whether a kernel knows the option, and that leaves nothing behind. */
  probe: z.strictObject({ command: words, says: textSchema, expect: textSchema, ...evidence }),
  /**
   * From which version on /proc/mounts prints a mount with the option as `fsync=volatile`; the
   * change went into mainline and into some stable series later than their first release.
   */
  spelling: z.strictObject({
    before: words,
    since: words,
    mainline: versionText,
    stable: z.array(versionText),
    says: textSchema,
    ...evidence,
  }),
  /** The series that were run, oldest first. */
  series: z.array(
    z.strictObject({
      id: versionText,
      version: versionText,
      /** `uname -r`, where recordings of it exist. */
      release: words.optional(),
      distribution: textSchema,
      /** How /proc/mounts of this kernel prints a volatile mount. */
      prints: z.enum(['volatile', 'fsync=volatile']),
      /** Whether the kernel takes `fsync=volatile` as a mount option. */
      takesFsync: z.boolean(),
      changed: textSchema,
      ...evidence,
    }),
  ),
  /** What changed about volatile, oldest first. */
  changes: z.array(
    z.strictObject({
      id,
      /** The mainline version, and the stable releases that got it later. */
      version: versionText,
      stable: z.array(versionText).optional(),
      /** Abbreviated commit hash. */
      commit: z
        .string()
        .regex(/^[0-9a-f]{10,40}$/, 'is not a commit')
        .optional(),
      says: textSchema,
      ...evidence,
    }),
  ),
  /**
   * Kernels whose version says less than their vendor put in. The first row whose `match` and
   * range fit a release decides; a release that no row fits counts as mainline.
   */
  vendors: z.array(
    z.strictObject({
      id,
      name: textSchema,
      /** Expression to find in `uname -r`, any case; absent: never recognised by release. */
      match: z
        .string()
        .refine((text) => {
          try {
            new RegExp(text, 'i');
            return true;
          } catch {
            return false;
          }
        }, 'is not a regular expression')
        .optional(),
      /** The versions it speaks of. */
      ...range,
      /** The build numbers it speaks of, which the first group of `match` catches. */
      build: z
        .strictObject({
          from: z.number().int().optional(),
          before: z.number().int().optional(),
        })
        .optional(),
      /** Does this kernel know the option? `unknown`: nobody has shown it either way. */
      volatile: z.enum(['yes', 'no', 'unknown']),
      says: textSchema,
      ...evidence,
    }),
  ),
});
export type Kernels = z.infer<typeof kernelsSchema>;

/** One reason with what it rests on. */
const reasonSchema = z.strictObject({ says: textSchema, ...evidence });

/** When a row holds: for which versions, and for which answers of the reader; absent: always. */
const condition = {
  ...range,
  when: z
    .strictObject({
      /** Whether the node comes back after a crash or is thrown away. */
      node: z.enum(['returns', 'discarded']).optional(),
      /** Whether Docker, nerdctl or BuildKit use the same containerd. */
      shared: z.boolean().optional(),
    })
    .optional(),
};

/** containerd.yaml: the rules of the generator for containerd. Texts may hold `{placeholders}`. */
export const containerdSchema = z.strictObject({
  name: words,
  /** The configuration file, the copy kept of it, the service and the default of `root`. */
  file: words,
  backup: words,
  service: words,
  root: words,
  /** Versions a form offers; any other may be typed. */
  notable: z.array(z.strictObject({ id: versionText, note: textSchema.optional() })),
  /** What to say of a version that cannot be read, and of one without a patch. */
  unreadable: textSchema,
  series: textSchema,
  /** What a version does with the setting; every version belongs to exactly one row. */
  support: z.array(
    z.strictObject({
      id,
      ...range,
      verdict: z.enum(['works', 'known-problem', 'refused']),
      says: textSchema,
      ...evidence,
    }),
  ),
  /** Which `version` a new file states. */
  formats: z.array(
    z.strictObject({ id, ...range, version: z.number().int(), ...reasonSchema.shape }),
  ),
  settings: z.array(
    z.strictObject({
      id,
      when: condition.when,
      /** The plugin whose table holds the key, by version; where none fits, the key does not exist. */
      tables: z.array(z.strictObject({ ...range, table: words, ...reasonSchema.shape })).min(1),
      key: words,
      value: z.union([z.boolean(), z.array(words)]),
      reasons: z.array(z.strictObject({ id, ...reasonSchema.shape })).min(1),
    }),
  ),
  warnings: z.array(z.strictObject({ id, ...condition, ...reasonSchema.shape })),
  steps: z.array(
    z.strictObject({
      id,
      phase: z.enum(['apply', 'verify', 'rollback', 'cleanup']),
      ...condition,
      says: textSchema,
      command: words,
      /** What the command prints when all is well. */
      expect: textSchema.optional(),
      /** Absent where a step claims nothing. */
      source: sourceIds.optional(),
      status: statusSchema.optional(),
    }),
  ),
});
export type Containerd = z.infer<typeof containerdSchema>;

/** One range, or several of which one has to hold. */
const versionRange = z.strictObject(range);
const ranges = z
  .union([versionRange, z.array(versionRange).min(1)])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .optional();

/** When a row of targets.yaml holds; what is absent holds always. */
const targetCondition = {
  /** Versions of what carries the runtime: k3s, Talos, k0s. */
  platform: ranges,
  /** Versions of the runtime itself. */
  runtime: ranges,
  /** The `version` that the reader's file states, or `new` for none yet; of containerd by file alone. */
  format: z.enum(['new', '1', '2', '3', '4']).optional(),
  when: condition.when,
};

const targetStepSchema = z.strictObject({
  id,
  phase: z.enum(['apply', 'verify', 'rollback', 'cleanup']),
  ...targetCondition,
  says: textSchema,
  command: words,
  expect: textSchema.optional(),
  source: sourceIds.optional(),
  status: statusSchema.optional(),
});

const targetFileSchema = z.strictObject({
  id,
  ...targetCondition,
  name: words,
  /** Where it belongs: a path on the node, or of the operator's machine where it starts with `./`. */
  path: words,
  language: z.enum(['toml', 'yaml', 'json', 'shell', 'ini', 'template', 'user-data']),
  /** What it is for: to turn the option on, or to turn off what is already on. */
  role: z.enum(['apply', 'opt-out']).default('apply'),
  /**
   * The exact text. A line that holds only `%config%`, `%tables%` or `%volatile%` stands for lines
   * of containerd's own configuration, indented as it is: with its version, without, the mount
   * option alone. `{placeholders}` are filled.
   */
  body: z.string().min(1).optional(),
  /** Made from another file of the row instead: an Ignition configuration that holds it. */
  ignition: z
    .strictObject({
      file: id,
      unit: z.strictObject({ name: words, dropin: words, body: z.string() }).optional(),
    })
    .optional(),
  ...reasonSchema.shape,
  /** Why single lines stand there; `line` is how such a line begins, without its indent. */
  notes: z
    .array(z.strictObject({ id, line: words, ...targetCondition, ...reasonSchema.shape }))
    .default([]),
});

/** How to bring a file to many nodes. */
const rolloutSchema = z.strictObject({
  id,
  name: textSchema,
  ...reasonSchema.shape,
  files: z.array(targetFileSchema).min(1),
  warnings: z.array(z.strictObject({ id, ...targetCondition, ...reasonSchema.shape })).default([]),
  steps: z.array(targetStepSchema),
});

const targetSchema = z.strictObject({
  id,
  name: words,
  group: z.enum(['containerd', 'distribution', 'cloud', 'already-on', 'not-possible']),
  /** Whose version decides. `none`: no version changes the answer. */
  engine: z.enum(['containerd', 'cri-o', 'podman', 'buildah', 'none']),
  /** Where it is configured and why there. */
  about: reasonSchema,
  /** Where this containerd differs from one that a distribution's package installs. */
  node: z
    .strictObject({
      file: words.optional(),
      backup: words.optional(),
      service: words.optional(),
      root: words.optional(),
      /** The drop-in or template that is ours alone. */
      dropin: words.optional(),
      /** Units of which one runs on a node, where server and agent differ. */
      services: words.optional(),
      /** Commands for one shell: containerd answers; containerd's configuration has the option. */
      answers: words.optional(),
      reads: words.optional(),
    })
    .optional(),
  /** What carries the runtime, where its version decides a path or a key. */
  platform: z
    .strictObject({
      name: words,
      example: versionText,
      /** What to type, and what it is shown by. */
      asks: textSchema,
      /** The first series that nobody has read here. */
      unread: versionText.optional(),
    })
    .optional(),
  /**
   * What becomes of containerd's file that a reader brings. `main`: it is changed in place.
   * `drop-in`: it is the main file, and the result is a file of our own that it imports. Absent:
   * this target writes another file, and leaves that one as it is.
   */
  merges: z.enum(['main', 'drop-in']).optional(),
  /** Versions worth showing. */
  notable: z.array(
    z.strictObject({
      platform: versionText.optional(),
      runtime: versionText.optional(),
      note: textSchema.optional(),
    }),
  ),
  /** What speaks for or against a version, beside what containerd.yaml and kernels.yaml say. */
  support: z
    .array(
      z.strictObject({
        id,
        ...targetCondition,
        verdict: z.enum([
          'works',
          'already-on',
          'test-first',
          'known-problem',
          'refused',
          'not-possible',
        ]),
        ...reasonSchema.shape,
      }),
    )
    .default([]),
  files: z.array(targetFileSchema).default([]),
  warnings: z.array(z.strictObject({ id, ...targetCondition, ...reasonSchema.shape })).default([]),
  steps: z.array(targetStepSchema).default([]),
  /** Ids of rows of containerd.yaml that hold here as well. */
  keep: z.array(id).default([]),
  /** The same, where a file of the answer turns on the flush after a pull. */
  keepWithFlush: z.array(id).default([]),
  /** What helps where nothing can be set. */
  instead: z.array(id).default([]),
  rollouts: z.array(id).default([]),
});

/** targets.yaml: where the setting is written, for each way to run containers. */
export const targetsSchema = z.strictObject({
  texts: z.strictObject({
    platformMissing: textSchema,
    platformUnreadable: textSchema,
    platformUnread: textSchema,
    engineUnreadable: textSchema,
    formatUnknown: textSchema,
    targetUnknown: textSchema,
    rolloutUnknown: textSchema,
    kernelOff: textSchema,
  }),
  /** What helps where the option cannot be set; targets name them. */
  instead: z.array(z.strictObject({ id, ...reasonSchema.shape, command: words.optional() })),
  rollouts: z.array(rolloutSchema),
  targets: z.array(targetSchema),
});
export type Targets = z.infer<typeof targetsSchema>;
