/**
 * content/facts/risks.yaml: where the option should stay off, and what to check before it is turned
 * on. Read when the site is built; components draw it.
 */
import { z } from 'zod';
import { loadRows } from '../facts/load.ts';
import { statusSchema, textSchema } from '../facts/schema.ts';
import type { Value } from '../facts/schema.ts';
import type { Locale } from '../i18n.ts';
import type { Library } from './references.ts';

const word = z.string().trim().min(1, 'is empty');
const oneOrMore = z
  .union([word, z.array(word).min(1, 'names none')])
  .transform((value) => (Array.isArray(value) ? value : [value]));

const row = {
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words, joined by -'),
  /** The place on this site that says more, as the English pages have it. */
  see: z.string().regex(/^\/[a-z-]+\/#[a-z0-9-]+$/, 'is not a section of this site'),
  /** The sentence of claims.yaml that carries it. */
  claim: word.optional(),
  source: oneOrMore,
  status: statusSchema,
};

/** A reason to leave the option off. */
const avoidSchema = z.strictObject({
  ...row,
  kind: z.literal('avoid'),
  where: textSchema,
  why: textSchema,
  instead: textSchema,
});
export type Avoid = z.infer<typeof avoidSchema>;

/** One line of the list to sign: what has to be true, and how to see whether it is. */
const checkSchema = z.strictObject({
  ...row,
  kind: z.literal('check'),
  says: textSchema,
  check: textSchema,
  command: word.optional(),
});
export type Check = z.infer<typeof checkSchema>;

const risksSchema = z.array(z.discriminatedUnion('kind', [avoidSchema, checkSchema]));

/** All rows, in the order of the file; throws a FactsError on a row that is not as it should be. */
export const loadRisks = (folder?: string): (Avoid | Check)[] =>
  loadRows('risks.yaml', risksSchema, folder);

/** The rows of one kind, in the order of the file. */
export function risksOf<K extends 'avoid' | 'check'>(
  kind: K,
): Extract<Avoid | Check, { kind: K }>[] {
  return loadRisks().filter((one): one is Extract<Avoid | Check, { kind: K }> => one.kind === kind);
}

/** A text with each `{some-id}` replaced by that value of values.yaml; throws on an unknown one. */
export function withValues(text: string, locale: Locale, library: Pick<Library, 'value'>): string {
  return text.replace(/\{([a-z0-9.-]+)\}/g, (_, id: string) => shown(library.value(id), locale));
}

function shown({ value, unit, text }: Value, locale: Locale): string {
  return text?.[locale] ?? [String(value), unit].filter(Boolean).join('\u00a0');
}
