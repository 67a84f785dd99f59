/**
 * content/facts/risks.yaml: where the option should stay off, and what to check before it is turned
 * on. Read when the site is built; components draw it.
 */
import { z } from 'zod';
import { loadRows } from '../facts/load.ts';
import { statusSchema, textSchema } from '../facts/schema.ts';
import type { Source, Value } from '../facts/schema.ts';
import { fill, ui } from '../i18n.ts';
import type { Locale } from '../i18n.ts';
import { SITE_URL } from '../site.ts';
import { localAddress } from './evidence.ts';
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

/** A source in a few words: who said it where; our own runs by the place on this site. */
export function sourceInWords({ kind, url, title, by }: Source, locale: Locale): string {
  const { run } = ui('risks', locale).checklist;
  if (kind === 'measurement') return fill(run, { place: localAddress(url, locale) });
  if (kind === 'thread') return by;
  return `${kind === 'code' ? (title.split(':')[0] ?? title) : title} (${by})`;
}

/** The address of the list, and of what it names, as a reader elsewhere needs it. */
export function fullAddress(path: string, locale: Locale): string {
  return new URL(localAddress(path, locale), SITE_URL).href;
}

/** The list to sign as a Markdown task list, for a ticket or a runbook. */
export function checklistText(
  checks: readonly Check[],
  locale: Locale,
  library: Pick<Library, 'value' | 'source'>,
): string {
  const { checklist: words } = ui('risks', locale);
  const { status: says, doubt } = ui('frame', locale);
  const items = checks.map(({ says: claim, check, command, see, source, status }) => {
    const unsure = status === 'inferred' || status === 'unsure';
    const sources = source
      .map((id) => sourceInWords(library.source(id), locale))
      .join(words.separator);
    return [
      `- [ ] ${withValues(claim[locale], locale, library)}`,
      ...(command === undefined ? [] : ['', `      ${command}`, '']),
      `  ${withValues(check[locale], locale, library)}${unsure ? fill(doubt, { status: says[status] }) : ''}`,
      `  ${words.sources}${sources}`,
      `  ${fullAddress(see, locale)}`,
    ].join('\n');
  });
  const lines = [words.scope, words.name, words.date].map((label) => `${label}: ____________`);
  return [
    `# ${words.title}`,
    items.join('\n\n'),
    lines.join('\n'),
    fullAddress('/risks/#sign-off', locale),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}
