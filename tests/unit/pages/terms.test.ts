/** One word for one thing, Chinese set as the house does, and no idle word in the lists. */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bin } from '../../../scripts/lib/paths.mjs';
import { locales } from '../../../src/i18n.ts';
import { parsePage, readPages } from './page.ts';
import { avoided, loadTerms, piecesOfFacts, piecesOfPage, piecesOfUi } from './terms.ts';

const terms = loadTerms();
const pages = readPages();
const rows = [...piecesOfFacts(), ...piecesOfUi()];

describe('words', () => {
  test.each(pages.map((page) => [page.file, page] as const))('%s', (_, page) => {
    expect(piecesOfPage(page).flatMap((piece) => avoided(piece, terms))).toEqual([]);
  });

  test('of rows and strings', () => {
    expect(rows.length).toBeGreaterThan(500);
    expect(rows.flatMap((piece) => avoided(piece, terms))).toEqual([]);
  });

  describe.each(locales)('%s', (locale) => {
    test.each(terms[locale].map((term) => [term.bad, term] as const))(
      '%j is found',
      (bad, term) => {
        const found = avoided({ place: 'here', locale, text: bad }, terms);
        expect(found.join()).toContain(`: write ${term.use}`);
      },
    );
  });

  test('in code, and what merely looks alike, pass', () => {
    const good = {
      en: 'Give `workdir=` and writeback.c; a file, systems of it; `docker ps`; the kubelets do not.',
      'zh-cn': '用 `docker` 卸载，写 回；“干净”的 `umount` 要等。',
    };
    for (const locale of locales) {
      const [piece] = piecesOfPage(
        parsePage(`${good[locale]}\n`, `content/pages/${locale}/a.mdx`),
      ).slice(-1);
      expect(
        piece && avoided(piece, terms).filter((found) => !found.includes('writeback')),
      ).toEqual([]);
    }
  });
});

// A native module, built for the usual machines alone.
const autocorrect = await import('autocorrect-node').catch(() => undefined);

describe.skipIf(autocorrect === undefined)('the setting of Chinese', () => {
  autocorrect?.loadConfig(readFileSync('.autocorrectrc', 'utf8'));
  const mistakes = (text: string, type: 'markdown' | 'text'): string[] =>
    (autocorrect?.lintFor(text, type).lines ?? []).map((line) => `${line.old} → ${line.new}`);

  // Pages and strings of their own file are checked by the stage `text` of `npm test`.
  test('in the rows of content/facts', () => {
    const found = rows
      .filter(({ locale, text }) => locale === 'zh-cn' && /\p{Script=Han}/u.test(text))
      .flatMap(({ place, text }) => mistakes(text, 'text').map((line) => `${place}: ${line}`));
    expect(found).toEqual([]);
  });

  test.each(['在kernel里', '用 umount,再看', '他说 “好” 的', '（ 两边 ）', '全角ＡＢＣ'])(
    '%j is a mistake',
    (text) => {
      expect(mistakes(text, 'text')).toHaveLength(1);
      expect(mistakes(`- 一项\n- ${text}\n`, 'markdown')).toHaveLength(1);
    },
  );

  test.each(['在 kernel 里，用 `umount` 卸载。', '说“PLEG is not healthy”，就是它。'])(
    '%j is none',
    (text) => {
      expect(mistakes(text, 'markdown')).toEqual([]);
    },
  );
});

describe('the spelling of English', () => {
  /** Unknown words in a page of its own, as the project's configuration finds them. */
  const unknown = (text: string): string => {
    const args = ['lint', '--no-progress', '--no-summary', '--words-only'];
    try {
      return execFileSync(
        process.execPath,
        [bin('cspell'), ...args, 'stdin://content/pages/en/sample.mdx'],
        { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] },
      ).trim();
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout).trim();
    }
  };

  test('finds a slip, and leaves code, components and the words of the list alone', () => {
    const page = [
      'The umount is delyaed, and the neighbour of the kubelet waits, too.',
      'Code such as `xyzzyq` and <Cite id="plughq" at="x" /> is no text.',
      '```bash\nxyzzyq --plughq\n```',
    ];
    expect(unknown(page.join('\n\n'))).toBe('delyaed');
  });

  test('has no idle word in its list', () => {
    const files = [
      ...globSync(['content/pages/en/**/*.mdx', 'content/facts/*.yaml', 'docs/*.md']),
      'README.md',
      'content/ui/en.json',
    ];
    const text = files.map((file) => readFileSync(file, 'utf8').toLowerCase()).join('\n');
    const words = readFileSync('content/words/english.txt', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(words.filter((word) => !text.includes(word.toLowerCase()))).toEqual([]);
  });
});
