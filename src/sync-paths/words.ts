/** Words as people type them, and as they are compared. */

/**
 * The words of a text: lower case, without parentheses and the numbers of manual pages, Chinese
 * apart from Latin.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\(\s*\d?\s*\)/g, ' ')
    .replace(/(\p{Script=Han}+)/gu, ' $1 ');
  return [
    ...new Set(
      plain
        .split(/[^\p{Letter}\p{Number}_=.:/+-]+/u)
        .map((word) => word.replace(/^[.:/]+|[.:/]+$/g, ''))
        .filter((word) => word !== ''),
    ),
  ];
}
