/** Prose types no number that a row or a recording holds. The rule: numbers.ts. */
import { describe, expect, test } from 'vitest';
import { loadNames, miscountedSteps, numbersIn } from './numbers.ts';
import { parsePage, prose, readPages } from './page.ts';

const names = loadNames();
const pages = readPages();

const WAY_OUT =
  'Prose types no number. Render it: <Fact id> for a row of content/facts/values.yaml, <Measured> ' +
  'for a number of a recording, <Claim id> for a sentence that the lab decides. Put code and what a ' +
  'machine prints into backticks. A name that holds digits by nature goes to content/words/names.yaml.';

describe('prose types no number', () => {
  test.each(pages.map((page) => [page.file, page] as const))('%s', (file, page) => {
    const found = numbersIn(page, names).map(({ line, text }) => `${file}:${line}: ${text}`);
    expect(found, WAY_OUT).toEqual([]);
    expect(miscountedSteps(page), 'A step has the number of its place').toEqual([]);
  });
});

test('every name with digits is used', () => {
  const text = pages.flatMap((page) => [...prose(page)]);
  const idle = names.filter(
    ({ matches, inLink }) =>
      !text.some((piece) => (piece.linked || !inLink) && piece.text.search(matches) >= 0),
  );
  expect(idle.map(({ shown }) => shown)).toEqual([]);
});

describe('the rule', () => {
  const found = (body: string, locale = 'en'): string[] =>
    numbersIn(parsePage(body, `content/pages/${locale}/sample.mdx`), names).map(
      ({ line, text }) => `${line}: ${text}`,
    );

  test.each([
    ['The umount takes 13 s.', '1: The umount takes 13 s.'],
    ['One\n\nLinux 6.12 has it.', '3: Linux 6.12 has it.'],
    ['In two\nlines: 1.7.14 here.', '2: In two lines: 1.7.14 here.'],
    ['<H2 id="a">Five of 10</H2>', '1: Five of 10'],
    ['| A |\n| - |\n| 5.10 |', '3: 5.10'],
    ['<Note>\n\nIn 2023.\n\n</Note>', '3: In 2023.'],
    ['[in 1.6](/a/)', '1: in 1.6'],
    ['It is {5} long.', '1: 5'],
    ['It waits three minutes.', '1: It waits three minutes.'],
    ['After thirty-five seconds it is done.', '1: After thirty-five seconds it is done.'],
    ['It is version five of the patch.', '1: It is version five of the patch.'],
    ['See #1234.', '1: See #1234.'],
    ['---\ntitle: A\nlead: After 3 minutes.\n---\n\nText.', '3: After 3 minutes.'],
    ['Half ½ and ² count.', '1: Half ½ and ² count.'],
    ['ext42 is no name.', '1: ext42 is no name.'],
    ['Since `6.12` it waits `30 s`.', '1: `6.12`'],
    ['Since `6.12` it waits `30 s`.', '1: `30 s`'],
    ['Then **2. is no step**, here.', '1: 2. is no step'],
  ])('refuses %j', (body, message) => {
    expect(found(body)).toContain(message);
  });

  test.each(['等了三分钟。', '过了两 秒。', '慢十倍。', '百分之十。', '内核 5.10 起。', '２ 次。'])(
    'refuses %j in Chinese',
    (body) => {
      expect(found(body, 'zh-cn')).toHaveLength(1);
    },
  );

  test.each([
    'umount(2) on ext4 ends with `124` and `version = 2`, `sleep 10s`, after <Fact id="a-5" />.',
    'Two passes, five commands, a second one, one more second look.',
    'Not typed.<Cite id="moby-42241" at="line 5" /> [Here](https://example.org/1.7/).',
    '```text\nat 3m7s\n```',
    '{/* not shown: 5 */}',
    '**1. First** of all.',
    '---\ntitle: A\npart: 1\n---\n\nText.',
  ])('lets %j pass', (body) => {
    expect(found(body)).toEqual([]);
  });

  test.each(['分两轮，再看第二遍。', '卡几分钟。', '一次只问一个问题。', '那一天发出的。'])(
    'lets %j pass',
    (body) => {
      expect(found(body, 'zh-cn')).toEqual([]);
    },
  );

  test('counts the steps of a section', () => {
    const steps = (body: string) => miscountedSteps(parsePage(body)).map(({ text }) => text);
    const section = '<H2 id="a">A</H2>\n\n**1. One.** Do.\n\n';
    expect(steps(`${section}**2. Two.** Do.\n\n<H2 id="b">B</H2>\n\n**1. One.** Do.`)).toEqual([]);
    expect(steps(`${section}**3. Three.** Do.`)).toEqual(['3. Three.']);
  });
});
