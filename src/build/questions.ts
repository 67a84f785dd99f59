/** The questions of a page as plain text, read off its markup. */

export interface Question {
  question: string;
  answer: string;
}

/**
 * Each H3 with the text that follows it, up to the next heading. Marks of sources and claims go, and
 * so do sentences that are nothing but a link: they mean nothing outside the page.
 */
export function questionsOf(html: string): Question[] {
  const parts = html.split(/<div class="heading heading-([23])"[^>]*>/);
  const found: Question[] = [];
  for (let index = 1; index < parts.length; index += 2) {
    const [, title, rest] =
      /<h3\b[^>]*>([\s\S]*?)<\/h3>([\s\S]*)/.exec(parts[index + 1] ?? '') ?? [];
    if (parts[index] !== '3' || title === undefined || rest === undefined) continue;
    const answer = rest
      .replace(/^[\s\S]*?<\/div>/, '')
      .replace(/<sup\b[\s\S]*?<\/sup>/g, '')
      .replace(/([.。?？]\s*)<a\b[^>]*>[^<]*<\/a>[.。]/g, '$1');
    found.push({ question: plain(title), answer: plain(answer) });
  }
  return found;
}

/** Markup without its elements, characters instead of their names, white space as one blank. */
function plain(html: string): string {
  return html
    .replace(/<\/(?:p|pre|li)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}
