/** No claim of a page stands without its source. The rule: sources.ts. */
import { describe, expect, test } from 'vitest';
import { attribute, nodes, parsePage, readPages } from './page.ts';
import { loadEvidenceWords, unsourced } from './sources.ts';

const pages = readPages();
const rule = loadEvidenceWords();

const WAY_OUT =
  'Each of these claims something without a source. Cite it, render it from a row, link to the ' +
  'section that shows it, or say that it is our reasoning: docs/writing.md.';

describe('no claim without a source', () => {
  test.each(pages.map((page) => [page.file, page] as const))('%s', (file, page) => {
    const found = unsourced(page, pages, rule).map(({ line, text }) => `${file}:${line}: ${text}`);
    expect(found, WAY_OUT).toEqual([]);
  });
});

test('every exemption is of a page and a section that exist', () => {
  const idle = rule.exempt.filter(
    ({ slug, section }) =>
      !pages.some(
        (page) =>
          page.slug === slug &&
          (section === undefined ||
            [...nodes(page.tree)].some((node) => attribute(node, 'id') === section)),
      ),
  );
  expect(idle).toEqual([]);
});

describe('the rule', () => {
  const other = parsePage(
    [
      '<H2 id="shown">A</H2>\n\nText.<Cite id="a" />\n\n<H3 id="bare">B</H3>\n\nText.',
      '<H2 id="drawn">C</H2>\n\n<UmountReplay />',
    ].join('\n\n'),
    'content/pages/en/other.mdx',
  );
  const found = (body: string, file = 'content/pages/en/sample.mdx'): string[] => {
    // A section at the end, so that what is tested is not the one that leads on.
    const page = parsePage(`${body}\n\n<H2 id="next">Next</H2>\n\n[On](/other/).`, file);
    return unsourced(page, [page, other], rule).map(({ text }) => text);
  };
  const CLAIM = 'The kernel syncs the whole filesystem, whoever wrote to it and whenever.';

  test.each([
    ['a bare paragraph', CLAIM],
    ['a paragraph in a note', `<Note>\n\n${CLAIM}\n\n</Note>`],
    ['an item', `<H2 id="a">A</H2>\n\n- ${CLAIM}`],
    ['a row', `<H2 id="a">A</H2>\n\n| A |\n| - |\n| ${CLAIM} |`],
    ['a link to a page', `${CLAIM.slice(0, -1)}, as [this page](/other/) tells.`],
    ['a link to a section without evidence', `${CLAIM} [Here](/other/#bare).`],
    ['a link to another site', `${CLAIM} [Here](https://example.org/#a).`],
    ['a short sentence with code', 'So `fsync` returns at once.'],
    ['a short sentence about a product', 'Docker waits, too.'],
    ['a short absolute', 'It never waits.'],
    ['a colon before nothing', `${CLAIM.slice(0, -1)}:`],
    ['a title over nothing', `**${CLAIM}**`],
    ['a list whose introduction has none', `${CLAIM.slice(0, -1)}:\n\n- ${CLAIM}`],
  ])('finds %s', (_, body) => {
    expect(found(body)).toHaveLength(1);
  });

  test('finds an absolute after the last mark', () => {
    expect(found('It syncs.<Cite id="a" /> It never waits.')).toEqual(['It never waits.']);
    expect(found('It never waits.<Cite id="a" /> It syncs.')).toEqual([]);
    expect(found('It syncs.<Cite id="a" /> So it never waits.')).toEqual([]);
    expect(found('It syncs. <Claim id="a" /> It never waits.')).toEqual(['It never waits.']);
    expect(found('It never waits since <Fact id="a" />, by default.')).toEqual([]);
    expect(found('它同步<Cite id="a" />。它从不等待。', 'content/pages/zh-cn/sample.mdx')).toEqual([
      '它从不等待。',
    ]);
  });

  test.each([
    ['a citation', `${CLAIM}<Cite id="a" />`],
    ['a fact', `${CLAIM} It takes <Fact id="a" />.`],
    ['a claim of the lab', `${CLAIM} <Claim id="a" />`],
    ['a link to a section with evidence', `${CLAIM} [Here](/other/#shown).`],
    ['a link to a section with a figure', `${CLAIM} [Here](/other/#drawn).`],
    ['a figure beside it', `<UmountReplay />\n\n${CLAIM}`],
    ['an item of a list with a sourced introduction', `A:<Cite id="a" />\n\n- ${CLAIM}`],
    ['an item that is introduced as reasoning', `We have not measured it:\n\n- ${CLAIM}`],
    ['a row of such a table', `A:<Cite id="a" />\n\n| A |\n| - |\n| ${CLAIM} |`],
    [
      'an introduction',
      'Run this on the node, as root, while it hangs and nobody answers:\n\n```bash\nps\n```',
    ],
    ['a title over evidence', `**${CLAIM}**\n\nText.<Cite id="a" />`],
    ['reasoning that says so', `${CLAIM} That is our reasoning.`],
    ['a short connecting sentence', 'Run them as root, while the node hangs.'],
    ['a door', `<Doors>\n\n- [Understand it](/other/)\n\n  ${CLAIM}\n\n</Doors>`],
  ])('lets %s pass', (_, body) => {
    expect(found(body)).toEqual([]);
  });
});
