import { describe, expect, test } from 'vitest';
import { withQuestions } from '../../../src/build/questions.node.ts';
import { questionsOf } from '../../../src/build/questions.ts';

const heading = (depth: number, id: string, text: string) =>
  `<div class="heading heading-${String(depth)}"><h${String(depth)} id="${id}">${text}</h${String(depth)}>` +
  `<a class="anchor" href="#${id}">#</a></div>`;

describe('questions as data', () => {
  test('are the H3 of a page, each with the text up to the next heading', () => {
    const html = [
      heading(2, 'group', 'A group'),
      '<p>Said of the group.</p>',
      heading(3, 'one', 'Does it?'),
      '<p>It does.</p>\n<pre><code>grep &lt;x&gt;</code></pre>',
      heading(3, 'two', 'And <code>fsync</code>?'),
      '<p>Too.</p>',
      heading(2, 'other', 'Another group'),
      '<p>Not an answer.</p>',
    ].join('\n');
    expect(questionsOf(html)).toEqual([
      { question: 'Does it?', answer: 'It does. grep <x>' },
      { question: 'And fsync?', answer: 'Too.' },
    ]);
  });

  test('leave out the marks of sources and claims', () => {
    const mark = '<sup class="cite"><a href="/x" title="A &quot;source&quot;">3</a></sup>';
    expect(questionsOf(`${heading(3, 'a', 'Why?')}<p>Because.${mark} So.</p>`)).toEqual([
      { question: 'Why?', answer: 'Because. So.' },
    ]);
  });

  test('leave out a sentence that is only a link, and keep a link inside one', () => {
    const link = '<a href="/x/">all of it</a>';
    const html = `${heading(3, 'a', 'Why?')}<p>Because. ${link}.</p><p>See ${link}.</p>`;
    expect(questionsOf(html)[0]?.answer).toBe('Because. See all of it.');
  });

  test('are none where a page asks none', () => {
    expect(questionsOf('<p>Text.</p>')).toEqual([]);
  });

  test('read a name of a character once', () => {
    expect(questionsOf(`${heading(3, 'a', 'Q?')}<p>&amp;lt; stays</p>`)[0]?.answer).toBe(
      '&lt; stays',
    );
  });
});

describe('a page with its questions', () => {
  const page = (text: string) =>
    `<html><body><div class="prose" id="text">${text}</div><section class="sources"></section></body></html>`;

  test('holds them in a data block at its end, which no answer can close', () => {
    const text = `${heading(3, 'a', 'Q?')}<p>Write &lt;/script&gt;.</p>`;
    const html = withQuestions(page(text), 'faq/index.html');
    const [, json = ''] =
      /<script type="application\/ld\+json">(.*)<\/script><\/body><\/html>$/.exec(html) ?? [];
    expect(json).not.toContain('<');
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'FAQPage',
      mainEntity: [{ name: 'Q?', acceptedAnswer: { text: 'Write </script>.' } }],
    });
  });

  test('has some, or the build says which page has none', () => {
    expect(() => withQuestions(page('<p>Text.</p>'), 'faq/index.html')).toThrow('faq/index.html');
  });
});
