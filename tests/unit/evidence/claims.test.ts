/** The claims as they are written: whole, in both languages, and without a typed number. */
import { globSync, readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadClaims } from '../../../src/evidence/claims.node.ts';
import { observationSchema, placeholders } from '../../../src/evidence/claims.ts';
import { judge } from '../../../src/evidence/judge.ts';
import { codeParts, sentence } from '../../../src/evidence/wording.ts';
import { locales } from '../../../src/i18n.ts';
import { evidence, form, pair, recorded, runtime } from './made-up.ts';

const claims = loadClaims();

describe.each(claims)('$id', (claim) => {
  test('has the same placeholders and the same code in both languages', () => {
    expect(placeholders(claim['zh-cn'])).toEqual(placeholders(claim.en));
    const code = (text: string) => new Set(codeParts(text).filter((_, index) => index % 2 === 1));
    expect(code(claim['zh-cn'])).toEqual(code(claim.en));
  });

  test.each(locales)(
    'is whole in %s: backticks in pairs, and no measured number typed',
    (locale) => {
      const parts = codeParts(claim[locale]);
      expect(parts.length % 2).toBe(1);
      const prose = parts.filter((_, index) => index % 2 === 0).join('');
      expect(prose).not.toMatch(/\d+(\.\d+)?\s*(s|ms|seconds?|[KMG]i?B|times|%|秒|毫秒|倍|次)\b/i);
      expect(prose).not.toMatch(/\d+\.\d+/);
    },
  );
});

describe('a page', () => {
  const used = (file: string): string[] =>
    [...readFileSync(file, 'utf8').matchAll(/<Claim id="([^"]+)"/g)].map(([, id = '']) => id);
  const pages = globSync('content/pages/en/**/*.mdx');

  test.each(pages)('%s makes the same claims in every language, and known ones', (page) => {
    const made = used(page);
    for (const locale of locales)
      expect(used(page.replace('/en/', `/${locale}/`)).sort()).toEqual([...made].sort());
    const known = claims.map(({ id }) => id);
    expect(made.filter((id) => !known.includes(id))).toEqual([]);
    expect(new Set(made).size, 'each claim once on a page').toBe(made.length);
  });
});

describe('a sentence', () => {
  const say = (en: string, observe: object[], given = evidence(pair())) => {
    const claim = {
      id: 'it',
      en,
      'zh-cn': en,
      observe: observe.map((one) => observationSchema.parse(one)),
    };
    return (locale: 'en' | 'zh-cn') =>
      sentence(judge(claim, given), locale).replaceAll('\u00a0', ' ');
  };
  const verdict = { kind: 'verdict', scenario: 'umount', is: 'skipped' };
  const three = evidence([
    ...pair({ series: '5.10' }),
    ...pair({ series: '6.1', filesystem: 'xfs' }),
    recorded({ seconds: 4 }),
    recorded({ volatile: true, seconds: 0.002 }),
  ]);

  test.each([
    ['{plain}', '3.30 s to 4.00 s', '3.30 秒到 4.00 秒'],
    ['{plainLeast}, {plainMost}', '3.30 s, 4.00 s', '3.30 秒, 4.00 秒'],
    ['{volatileMost}', '2.0 ms', '2.0 毫秒'],
    ['{ratio}', '2,000×', '2,000×'],
    ['{dirty}', '64 MiB', '64 MiB'],
    ['{flushes}', undefined, undefined],
    ['{kernels}', '5.10.9, 6.1.9 and 6.12.9', '5.10.9、6.1.9 和 6.12.9'],
    ['{filesystems}', 'ext4 and xfs', 'ext4 和 xfs'],
  ])('fills %s from what was observed', (text, en, chinese) => {
    const spoken = say(text, [verdict], three);
    if (en === undefined) expect(() => spoken('en')).toThrow('nothing observed for {flushes}');
    else expect([spoken('en'), spoken('zh-cn')]).toEqual([en, chinese]);
  });

  test('has a space where a unit of Latin letters ends before Chinese', () => {
    const sizes = [64, 256].flatMap((dirtyMiB) => pair({ dirtyMiB }));
    const spoken = say('{dirty}', [verdict], evidence(sizes));
    expect([spoken('en'), spoken('zh-cn')]).toEqual(['64 MiB to 256 MiB', '64 MiB 到 256 MiB']);
  });

  test('takes a number from the first observation that has one', () => {
    const other = pair({ chosenBy: 'fsync', seconds: 9 });
    const spoken = say(
      '{plain}',
      [verdict, { ...verdict, scenario: 'fsync' }],
      evidence([...pair(), ...other]),
    );
    expect(spoken('en')).toBe('3.30 s');
  });

  test('names versions of runtimes by their numbers', () => {
    const results = ['1.7.24', '1.6.20', '2.1.9'].map((version) =>
      runtime(version, [form('x', 'ignored')]),
    );
    const asked = {
      kind: 'runtime',
      runtime: 'containerd',
      versions: ['1.6.20', '1.7', '2.1'],
      experiment: 'forms',
      field: 'outcome',
      is: 'ignored',
    };
    expect(say('{versions}', [asked], evidence([], [], results))('en')).toBe(
      '1.6.20, 1.7.24 and 2.1.9',
    );
  });
});

describe('claims.yaml', () => {
  const folder = mkdtempSync(join(tmpdir(), 'claims-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const load = (text: string) => {
    writeFileSync(join(folder, 'claims.yaml'), text);
    return () => loadClaims(folder);
  };
  const claim = (observe: string, chinese = '它。') =>
    `- id: it\n  en: It.\n  zh-cn: '${chinese}'\n  observe:\n    - { ${observe} }\n`;
  const good = 'kind: verdict, scenario: umount, is: skipped';

  test('takes one scenario or several', () => {
    expect(load(claim(good))()[0]?.observe[0]).toMatchObject({ scenario: ['umount'] });
    expect(load(claim(good.replace('umount', '[umount, fsync]')))).not.toThrow();
  });

  test.each([
    ['an unknown field', claim(`${good}, kernel: '6.12'`), 'kernel'],
    ['an unknown verdict', claim(good.replace('skipped', 'added')), 'observe'],
    ['a kernel as a number', claim(`${good}, kernels: [5.10]`), 'quoted text'],
    ['an exception of everything', claim(`${good}, except: [{}]`), 'excepts everything'],
    ['other placeholders', claim(good, '{plain}。'), 'other placeholders'],
    [
      'two questions to a probe',
      claim('kind: probe, scenario: reuse, probe: x, prints: a, logs: b'),
      'one of',
    ],
    [
      'no question to a runtime',
      claim(
        "kind: runtime, runtime: containerd, versions: ['1.7'], experiment: forms, field: says",
      ),
      'one of',
    ],
    [
      'an expression that is none',
      claim("kind: probe, scenario: reuse, probe: x, prints: '('"),
      'regular expression',
    ],
    [
      'nearness without how near',
      claim("kind: number, scenario: umount, variant: plain, metric: seconds, is: '=', than: 1"),
      'within',
    ],
    [
      'a run beside itself',
      claim("kind: number, scenario: umount, variant: plain, metric: seconds, is: '<', than: {}"),
      'observe',
    ],
    ['an id twice', claim(good) + claim(good), 'taken'],
  ])('refuses %s', (_, text, message) => {
    expect(load(text)).toThrow(message);
  });
});
