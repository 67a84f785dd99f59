/** The glossary in the order in which readers of a language look things up. */
import type { Locale } from './localise.ts';
import type { Term } from './schema.ts';

/** Without the sign before a name: `/proc` stands under P. */
const bare = (text: string): string => text.replace(/^[^\p{L}\p{N}]+/u, '');

/**
 * By the alphabet, capital letters or not; on Chinese pages terms in Latin letters come first, then
 * the Chinese ones by their pronunciation, as the collation of the language has it.
 */
export function sortTerms(terms: readonly Term[], locale: Locale): Term[] {
  const collator = new Intl.Collator(locale === 'en' ? 'en' : 'zh-CN-u-co-pinyin', {
    sensitivity: 'base',
    numeric: true,
  });
  return [...terms].sort((a, b) => collator.compare(bare(a.term[locale]), bare(b.term[locale])));
}
