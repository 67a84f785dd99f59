/** The glossary in the order in which readers of a language look things up. */
import type { Locale } from './localise.ts';
import type { Term } from './schema.ts';

/** Without the sign before a name: `/proc` stands under P. */
const bare = (text: string): string => text.replace(/^[^\p{L}\p{N}]+/u, '');

/**
 * By the alphabet, capital letters or not; on Chinese pages terms in Latin letters come first, then
 * the Chinese ones by their pronunciation.
 */
export function sortTerms(terms: readonly Term[], locale: Locale): Term[] {
  const collator = new Intl.Collator(locale === 'en' ? 'en' : 'zh-CN-u-co-pinyin', {
    sensitivity: 'base',
    numeric: true,
  });
  // The collation of Chinese itself puts Latin letters last.
  const latin = (text: string): number => (/^[^\u0250-\uffff]/.test(text) ? 0 : 1);
  const words = new Map(terms.map((term) => [term, bare(term.term[locale])]));
  const word = (term: Term): string => words.get(term) ?? '';
  return [...terms].sort(
    (a, b) => latin(word(a)) - latin(word(b)) || collator.compare(word(a), word(b)),
  );
}
