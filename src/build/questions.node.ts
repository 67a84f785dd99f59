import type { AstroIntegration } from 'astro';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { questionsOf } from './questions.ts';

/**
 * Puts the questions of the built FAQ into it once more as data (schema.org), for search engines. A
 * data block runs nothing, so the policy of the page leaves it alone.
 */
export function questionsAsData(): AstroIntegration {
  return {
    name: 'questions-as-data',
    hooks: {
      'astro:build:done': ({ dir }) => {
        const root = fileURLToPath(dir);
        for (const file of globSync('**/faq/index.html', { cwd: root })) {
          const path = `${root}/${file}`;
          writeFileSync(path, withQuestions(readFileSync(path, 'utf8'), file));
        }
      },
    },
  };
}

/** One page with its questions as data; throws where its text or its end is not found, or asks nothing. */
export function withQuestions(html: string, name: string): string {
  const text = /<div class="prose" id="text">([\s\S]*?)<section class="sources"/.exec(html)?.[1];
  const end = html.lastIndexOf('</body>');
  const questions = questionsOf(text ?? '');
  if (questions.length === 0 || end < 0) throw new Error(`${name} asks no questions`);
  const data = {
    '@context': 'https://schema.org',
    '@type': 'FAQPage',
    mainEntity: questions.map(({ question, answer }) => ({
      '@type': 'Question',
      name: question,
      acceptedAnswer: { '@type': 'Answer', text: answer },
    })),
  };
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  const block = `<script type="application/ld+json">${json}</script>`;
  return html.slice(0, end) + block + html.slice(end);
}
