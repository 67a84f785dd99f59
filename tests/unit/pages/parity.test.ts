/** Every page stands in every language, complete, and says the same in each. */
import { describe, expect, test } from 'vitest';
import { locales } from '../../../src/i18n.ts';
import { nodes, parsePage, prose, readPages } from './page.ts';
import type { Page } from './page.ts';
import {
  deadLinks,
  evidence,
  figures,
  leadsTo,
  placeholders,
  sections,
  sentences,
  skeleton,
  strayLinks,
} from './parity.ts';

const pages = readPages();
const [original = 'en', ...translations] = locales;
const originals = pages.filter(({ locale }) => locale === original);
const named = pages.map((page) => [page.file, page] as const);

/** Less text than this does not fill a screen. */
const A_SCREEN = { en: 1500, 'zh-cn': 500 } as const;
/** A heading says something: a label of one word does not. */
const A_POINT = { en: /\S+\s+\S+/, 'zh-cn': /\S{3}/ } as const;

describe.each(translations)('%s', (locale) => {
  const here = pages.filter((page) => page.locale === locale);

  test('has the pages of the original', () => {
    expect(here.map(({ slug }) => slug)).toEqual(originals.map(({ slug }) => slug));
    expect(here.map(({ slug }) => slug)).toContain('');
  });

  const pairs = originals.flatMap((page) => {
    const other = here.find(({ slug }) => slug === page.slug);
    return other === undefined ? [] : [[page.file, page, other] as const];
  });
  test.each(pairs)('is built as %s is', (_, page, other) => {
    expect(skeleton(other)).toEqual(skeleton(page));
    expect(figures(other)).toEqual(figures(page));
    expect(other.frontmatter['part']).toBe(page.frontmatter['part']);
  });

  test.each(pairs)('rests on what %s rests on, section by section', (_, page, other) => {
    expect(evidence(other)).toEqual(evidence(page));
  });
});

describe('every page', () => {
  test.each(named)('%s opens with its answer', (_, { frontmatter }) => {
    for (const field of ['title', 'description', 'lead']) {
      expect(frontmatter[field], field).toBeTypeOf('string');
    }
    expect(sentences(String(frontmatter['lead'])), 'sentences of the lead').toBeLessThanOrEqual(3);
  });

  test('has a title, a description and a lead of its own', () => {
    for (const field of ['title', 'description', 'lead']) {
      const all = pages.map(({ frontmatter }) => String(frontmatter[field]));
      expect(all.filter((text, index) => all.indexOf(text) !== index)).toEqual([]);
    }
  });

  // The home page opens with its doors: they lead on.
  test.each(named.filter(([, { slug }]) => slug !== ''))(
    '%s ends with where to go next',
    (_, page) => {
      expect(leadsTo(page), 'links to other pages in a last section <H2 id="next">').not.toEqual(
        [],
      );
    },
  );

  test.each(named)('%s has headings that say something, in one line of the file', (_, page) => {
    const headings = sections(page).filter(({ depth }) => depth > 1);
    expect(headings.length).toBeGreaterThan(0);
    const labels = headings.filter(
      ({ depth, title }) => depth === 2 && !A_POINT[page.locale].test(title),
    );
    expect(labels.map(({ title }) => title)).toEqual([]);
    // Text on lines of its own becomes a paragraph inside the heading.
    const broken = [...nodes(page.tree)].filter(
      ({ name, children = [] }) =>
        /^H[23]$/.test(name ?? '') && children.some(({ type }) => type === 'paragraph'),
    );
    expect(broken.map(({ position }) => `line ${String(position?.start.line)}`)).toEqual([]);
  });

  test.each(named)('%s has marks in its sentences alone', (_, page) => {
    // Prettier tears a paragraph apart that starts with a component; then its marks stand by themselves.
    const torn = [...nodes(page.tree)].filter(
      ({ type, name }) => type === 'mdxJsxFlowElement' && /^(Cite|Fact|Measured)$/.test(name ?? ''),
    );
    expect(torn.map(({ position }) => `line ${String(position?.start.line)}`)).toEqual([]);
  });

  test.each(named)('%s holds no text that somebody meant to replace', (_, page) => {
    expect(placeholders(page)).toEqual([]);
  });

  test.each(named)('%s links within its language, to what is there', (_, page) => {
    expect(strayLinks(page)).toEqual([]);
    expect(deadLinks(page, pages)).toEqual([]);
  });

  test.each(named)('%s fills a screen', (_, page) => {
    const rendersRows = [...nodes(page.tree)].some(
      ({ type, children }) => type === 'mdxJsxFlowElement' && children?.length === 0,
    );
    if (!rendersRows) expect(letters(page)).toBeGreaterThan(A_SCREEN[page.locale]);
  });
});

const letters = (page: Page): number =>
  [...prose(page)].reduce((sum, { text }) => sum + text.length, 0);

describe('the rules', () => {
  const page = (body: string, file = 'content/pages/en/sample.mdx') => parsePage(body, file);
  const zh = (body: string) => page(body, 'content/pages/zh-cn/sample.mdx');

  test.each([
    ['a heading', '<H2 id="a">A</H2>', '<H2 id="b">甲</H2>'],
    ['a figure', '<UmountReplay />', '文字'],
    ['a table', '| A |\n| - |\n| a |', '| 甲 |\n| - |\n| 乙 |\n| 丙 |'],
    ['an item', '- a\n- b', '- 甲'],
    ['what a component shows', '<LabVerdicts family="sync" />', '<LabVerdicts family="write" />'],
    ['a note', '<Note>\n\nA\n\n</Note>', '甲'],
  ])('see %s that differs', (_, en, translated) => {
    expect(skeleton(zh(translated))).not.toEqual(skeleton(page(en)));
  });

  test('see evidence that moved to another section', () => {
    const [cite, heading] = ['A.<Cite id="a" at="line" />', '<H2 id="a">A</H2>'];
    const links = 'A [b](/b/#c).';
    expect(
      evidence(zh(`甲<Cite id="a" at="行" />。\n\n${heading}\n\n甲 [乙](/zh-cn/b/#c)。`)),
    ).toEqual(evidence(page(`${cite}\n\n${heading}\n\n${links}`)));
    expect(evidence(zh(`${heading}\n\n甲<Cite id="a" />。`))).not.toEqual(
      evidence(page(`${cite}\n\n${heading}`)),
    );
  });

  test.each([
    ['One. Two. Three.', 3],
    ['At 3.5 and with v1.7.14 it is one.', 1],
    ['It says "no." Then more.', 2],
    ['一句。两句！三句？', 3],
    ['他说“不行。”然后走了。', 2],
  ])('count the sentences of %j', (text, count) => {
    expect(sentences(text)).toBe(count);
  });

  test('know where a page leads', () => {
    const own = '<H2 id="a">A</H2>\n\n[B](/b/)\n\n<H2 id="next">Next</H2>\n\n';
    expect(leadsTo(page(`${own}- [Here](/sample/#a), [there](#a), [out](https://a.b/)`))).toEqual(
      [],
    );
    expect(leadsTo(page(`${own}- [C](/c/#d)`))).toEqual(['/c/#d']);
    expect(leadsTo(page(`${own}[C](/c/)\n\n<H2 id="z">Z</H2>\n\n[D](/d/)`))).toEqual([]);
  });

  test('find placeholders and stray links', () => {
    expect(placeholders(page('Text. {/* TODO: more */}'))).toEqual(['TODO']);
    expect(placeholders(zh('此处待补。'))).toEqual(['待补']);
    expect(strayLinks(zh('[甲](/umount/) [乙](/zh-cn/umount/) [丙](#a)'))).toEqual(['/umount/']);
    expect(strayLinks(page('[a](/zh-cn/umount/)'))).toEqual(['/zh-cn/umount/']);
  });

  test('find links to pages and sections that are not there', () => {
    const plain = page('<H2 id="a">A</H2>', 'content/pages/en/plain.mdx');
    const drawn = page('<UmountReplay />', 'content/pages/en/drawn.mdx');
    const links = page('[a](/plain/#a) [b](/plain/#b) [c](/gone/) [d](/drawn/#replay) [e](#f)');
    expect(deadLinks(links, [plain, drawn, links])).toEqual(['/plain/#b', '/gone/', '#f']);
    expect(deadLinks(page('[a](/recordings/x.json) [b](https://a.b/#c)'), [])).toEqual([]);
  });
});
