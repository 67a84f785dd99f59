/**
 * What this site says and the lab can decide, as `content/facts/claims.yaml` holds it: a sentence
 * in both languages, and the observations that carry it.
 *
 * An observation selects runs and asks one question of each of them; it holds when it selects at
 * least one and the answer is the same for all. `not` asks for the opposite of each.
 */
import { z } from 'zod';
import { textSchema } from '../facts/schema.ts';

/** One or several; code always gets a list. */
const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z
    .union([schema, z.array(schema).min(1, 'is empty')])
    .transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value]));

const word = z.string().min(1, 'is empty');
const series = z
  .string('must be quoted text: YAML reads 5.10 as the number 5.1')
  .regex(/^\d+\.\d+$/, 'is not a kernel series');
const filesystem = z.enum(['ext4', 'xfs', 'btrfs']);
const variant = z.enum(['plain', 'volatile']);

const not = { not: z.literal(true).optional() };

/** Which runs: by what `npm run lab -- --scenario` chooses, everywhere unless narrowed down. */
const runs = {
  scenario: oneOrMore(word),
  /** Only on these; each of them must have been measured. */
  kernels: z.array(series).min(1, 'is empty').optional(),
  filesystems: z.array(filesystem).min(1, 'is empty').optional(),
  /** Nowhere that one of these fits. */
  except: z
    .array(
      z
        .strictObject({ kernel: series.optional(), filesystem: filesystem.optional() })
        .refine((where) => Object.keys(where).length > 0, 'excepts everything'),
    )
    .optional(),
};

/** What `volatile` makes of an operation, decided by what the disk was asked to do. */
const verdictObservation = z.strictObject({
  kind: z.literal('verdict'),
  ...runs,
  is: z.enum(['skipped', 'partly', 'kept', 'not-affected']),
  ...not,
});

/** Quantities of a recorded run. */
const metricSchema = z.enum([
  'seconds',
  'flushes',
  'writes',
  'sectors',
  'value',
  'dirtyBefore',
  'dirtyAfter',
]);
export type Metric = z.infer<typeof metricSchema>;

/** A quantity of a run beside a number, beside a law, or beside the same run done otherwise. */
const numberObservation = z
  .strictObject({
    kind: z.literal('number'),
    ...runs,
    variant,
    /** Only runs with this much dirty data, MiB. */
    mib: z.array(z.int().nonnegative()).min(1, 'is empty').optional(),
    metric: metricSchema,
    is: z.enum(['<', '<=', '>', '>=', '=']),
    than: z.union([
      z.number(),
      /** How long the disk needs for the dirty data at its rate, seconds. */
      z.literal('dirty / rate'),
      /** The run on the same kernel, file system and disk, with as much dirty data; what is left out is the same. */
      z
        .strictObject({
          scenario: word.optional(),
          variant: variant.optional(),
          metric: metricSchema.optional(),
        })
        .refine((other) => Object.keys(other).length > 0, 'compares a run with itself'),
    ]),
    /** Factor of what it is compared to. */
    times: z.number().positive().optional(),
    /** For `=`: how far it may be away, as a part of what it is compared to. */
    within: z.number().nonnegative().optional(),
    ...not,
  })
  .refine(({ is, within }) => (is === '=') === (within !== undefined), {
    path: ['within'],
    error: 'belongs to = and to nothing else',
  });

/** Whether a function was called, anywhere in the recorded calls of a run. */
const callObservation = z.strictObject({
  kind: z.literal('call'),
  ...runs,
  variant,
  function: word,
  /** Only calls that work on this superblock. */
  superblock: z.enum(['overlay', 'upper']).optional(),
  /** Only calls made, directly or not, by this function. */
  within: word.optional(),
  /** The calls together last at least for this part of the operation. */
  takes: z.number().positive().max(1).optional(),
  ...not,
});

const pattern = word.refine((text) => {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}, 'is not a regular expression');

/** What commands answered; for a power cut, the command `remount` is the mount after it. */
const probeObservation = z
  .strictObject({
    kind: z.literal('probe'),
    ...runs,
    variant: variant.optional(),
    /** By their labels. */
    probe: oneOrMore(word),
    answers: z.enum(['accepted', 'refused']).optional(),
    /** Expression that one line of its output fits. */
    prints: pattern.optional(),
    /** Expression that one line of the kernel's log fits. */
    logs: pattern.optional(),
    ...not,
  })
  .refine(
    ({ answers, prints, logs }) =>
      [answers, prints, logs].filter((question) => question !== undefined).length === 1,
    'must ask one of answers, prints and logs',
  );

/** What a power cut left of a file's content: all of it, a part, or nothing. */
const survivorObservation = z.strictObject({
  kind: z.literal('survivor'),
  ...runs,
  variant,
  file: word,
  is: z.enum(['whole', 'part', 'nothing']),
  ...not,
});

/** Anything that JSON holds. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
const json = z.json() as z.ZodType<Json>;

/** What a container runtime did, as `content/facts/runtime-behaviour.json` has it. */
const runtimeObservation = z
  .strictObject({
    kind: z.literal('runtime'),
    runtime: word,
    /** `1.7` is every 1.7.x that was run; each of them must have been. */
    versions: z.array(word).min(1, 'is empty'),
    experiment: word,
    /** The list of cases inside the findings, where these are not one themselves. */
    list: word.optional(),
    /** Only cases with these fields. */
    where: z.record(z.string(), json).optional(),
    /** The field asked for; dots lead inside. */
    field: word,
    is: json.optional(),
    /** Text in it, or in one line of it. */
    contains: word.optional(),
    /** Another field with the same content. */
    sameAs: word.optional(),
    ...not,
  })
  .refine(
    ({ is, contains, sameAs }) =>
      [is, contains, sameAs].filter((question) => question !== undefined).length === 1,
    'must ask one of is, contains and sameAs',
  );

export const observationSchema = z.discriminatedUnion('kind', [
  verdictObservation,
  numberObservation,
  callObservation,
  probeObservation,
  survivorObservation,
  runtimeObservation,
]);
export type Observation = z.infer<typeof observationSchema>;
export type ObservationOf<Kind extends Observation['kind']> = Extract<Observation, { kind: Kind }>;

/** The names in braces that a sentence wants filled. */
export const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();

const claimSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/, 'must be lower-case words joined by -'),
    /** Reads well by itself. Numbers stand as `{plain}`, code in backticks; see wording.ts. */
    ...textSchema.shape,
    observe: z.array(observationSchema).min(1, 'observes nothing'),
  })
  .refine((claim) => placeholders(claim.en).join() === placeholders(claim['zh-cn']).join(), {
    path: ['zh-cn'],
    error: 'has other placeholders than en',
  });
export const claimsSchema = z.array(claimSchema).min(1, 'has no claims');
export type Claim = z.infer<typeof claimSchema>;
