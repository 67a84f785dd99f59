/**
 * The field guide of /diagnose/: what a row of content/facts/diagnosis-*.yaml may say. Texts may hold
 * `code` in backticks and [links](/page/), see textParts, and {ids} of values.yaml.
 */
import { z } from 'zod';
import { statusSchema, textSchema } from '../facts/schema.ts';

const id = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words, joined by -');
const sources = z
  .union([id, z.array(id).min(1, 'names no source')])
  .transform((value) => (Array.isArray(value) ? value : [value]));

/** A command, in the order in which an experienced engineer runs them. */
export const commandSchema = z.strictObject({
  id,
  /** The question that it answers. */
  does: textSchema,
  /** As the reader pastes it, without a prompt. */
  command: z.string().transform((text) => text.trimEnd()),
  /** What its outputs mean. */
  means: textSchema,
  /** Privilege, tool, kernel version and options; absent where nothing is needed. */
  needs: textSchema.optional(),
  /** What misleads. */
  trap: textSchema.optional(),
  source: sources,
  /** `measured` where we ran it as it stands. */
  status: statusSchema,
});
export type GuideCommand = z.infer<typeof commandSchema>;

export const causeGroups = ['syncs', 'behind', 'disk', 'runtime'] as const;

/** Something that looks like the incident. */
export const causeSchema = z.strictObject({
  id,
  group: z.enum(causeGroups),
  name: textSchema,
  /** What tells it apart. */
  sign: textSchema,
  instead: textSchema,
  /** Whether `volatile` removes this wait. */
  helps: z.enum(['yes', 'no', 'perhaps']),
  source: sources,
  status: statusSchema,
});
export type GuideCause = z.infer<typeof causeSchema>;

const signSchema = z.union([
  z.strictObject({ sign: textSchema, /** Another question. */ next: id }),
  z.strictObject({
    sign: textSchema,
    answer: textSchema,
    is: z.enum(['yes', 'no', 'more']),
    /** A place on the page (`#it-is-this`), where the answer goes on. */
    see: z.string().regex(/^#[a-z0-9-]+$/, 'is not a fragment'),
  }),
]);

/** A question of the key, with the signs that lead on from it. */
export const questionSchema = z.strictObject({
  id,
  ask: textSchema,
  /** The command whose output answers it. */
  how: id,
  signs: z.array(signSchema).min(2),
});
export type GuideQuestion = z.infer<typeof questionSchema>;

/** A piece of a guide's text. */
export type TextPart =
  | { kind: 'words'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'link'; text: string; to: string };

/** Cuts a text at its `code` and its [links](to), which hold plain words. */
export function textParts(text: string): TextPart[] {
  return text
    .split(/(`[^`]+`|\[[^\]]+\]\([^)]+\))/)
    .filter((piece) => piece !== '')
    .map((piece): TextPart => {
      const [, words, to] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(piece) ?? [];
      if (words !== undefined && to !== undefined) return { kind: 'link', text: words, to };
      if (/^`.+`$/.test(piece)) return { kind: 'code', text: piece.slice(1, -1) };
      return { kind: 'words', text: piece };
    });
}
