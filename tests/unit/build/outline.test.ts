import { satteri } from '@astrojs/markdown-satteri';
import { describe, expect, test } from 'vitest';
import { outlinePlugin } from '../../../src/build/outline.ts';
import type { OutlineItem } from '../../../src/build/outline.ts';

const figures = new Map([['DirtyPages', '/src/figures/dirty-pages/figure.astro']]);
const renderer = satteri({ hastPlugins: [outlinePlugin(figures)] }).createMdxRenderer?.(
  { syntaxHighlight: false },
  { optimize: false },
);

async function compile(text: string, locale = 'en') {
  const frontmatter: { outline?: OutlineItem[] } = {};
  const file = `/site/content/pages/${locale}/page.mdx`;
  const result = await (await renderer)?.process(text, file, frontmatter);
  return { code: result?.code ?? '', outline: frontmatter.outline ?? [] };
}

describe('the outline of a page', () => {
  test('lists headings and components in the order of the text', async () => {
    const { outline } = await compile(
      [
        '<H2 id="one">First, with `code`</H2>',
        'Text.<Cite id="a" /> More <Fact id="b" />.',
        '<Note>\n\nA note.<Cite id="c" at="section 2" />\n\n</Note>',
        '<H3 id="two">Second</H3>',
        '| A | B |\n| - | - |\n| <Measured run="r" value="seconds" /> | x |',
      ].join('\n\n'),
    );
    expect(outline).toEqual([
      { kind: 'heading', depth: 2, id: 'one', text: 'First, with code' },
      { kind: 'component', name: 'Cite', attributes: { id: 'a' }, mark: 1 },
      { kind: 'component', name: 'Fact', attributes: { id: 'b' }, mark: 2 },
      { kind: 'component', name: 'Note', attributes: {}, mark: 3 },
      { kind: 'component', name: 'Cite', attributes: { id: 'c', at: 'section 2' }, mark: 4 },
      { kind: 'heading', depth: 3, id: 'two', text: 'Second' },
      {
        kind: 'component',
        name: 'Measured',
        attributes: { run: 'r', value: 'seconds' },
        mark: 5,
      },
    ]);
  });

  test('tells each mark its number', async () => {
    const { code } = await compile('One.<Cite id="a" /> Two.<Cite id="b" />');
    expect(code).toMatch(/id: "a",\s*mark: "1"/);
    expect(code).toMatch(/id: "b",\s*mark: "2"/);
  });

  test('imports a figure where it is used and tells it the language', async () => {
    const { code } = await compile('<DirtyPages />', 'zh-cn');
    expect(code).toContain('import DirtyPages from "/src/figures/dirty-pages/figure.astro"');
    expect(code).toMatch(/locale: "zh-cn"/);
    expect((await compile('No figure.')).code).not.toContain('DirtyPages');
  });

  test.each([
    ['## A heading without an id', 'a heading needs an id'],
    ['<H2>Another</H2>', 'the heading "Another" has no id'],
    ['<H2 id="Not_this">x</H2>', '"Not_this" is not lower-case'],
    ['<H2 id="a">x</H2>\n\n<H3 id="a">y</H3>', 'two headings have the id "a"'],
  ])('refuses %j and names the page', async (text, message) => {
    await expect(compile(text)).rejects.toThrow(message);
    await expect(compile(text)).rejects.toThrow('content/pages/en/page.mdx');
  });
});
