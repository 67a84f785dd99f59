/** The generator's files at addresses that stay. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import { headersFor, parseHeaders } from '../../../scripts/lib/headers.mjs';
import type { Language, Question } from '../../../src/generate/answer.ts';
import {
  snippetPath,
  type SnippetEntry,
  type SnippetFile,
} from '../../../src/generate/snippets.ts';
import { loadSnippets } from '../../../src/pages/snippets/_load.ts';
import { GET } from '../../../src/pages/snippets/index.json.ts';
import { ask, facts, rulesIn } from './rules.ts';

const FIXTURE = 'tests/fixtures/published-snippets.json';

const { entries, texts } = loadSnippets();
const files = entries.flatMap((entry) =>
  entry.files.map((file): [string, SnippetFile, SnippetEntry] => [file.url, file, entry]),
);

const question = (entry: SnippetEntry, rollout = ''): Question => ({
  target: entry.target,
  platform: entry.platform ?? '',
  runtime: entry.runtime ?? '',
  kernel: '6.12',
  format: '',
  rollout,
  nodeReturns: true,
  sharesContainerd: false,
  acceptKnownProblems: false,
});

const parsers: Record<Language, (text: string) => void> = {
  toml: parseToml,
  template: (text) => {
    const [first = '', ...rest] = text.split('\n');
    expect(first).toBe('{{ template "base" . }}');
    parseToml(rest.join('\n'));
  },
  yaml: (text) => {
    for (const document of parseAllDocuments(text, { strict: true }))
      expect(document.errors).toEqual([]);
  },
  json: JSON.parse,
  shell: (text) => {
    expect(spawnSync('sh', ['-n'], { input: text }).status).toBe(0);
  },
  ini: (text) => {
    expect(text).toMatch(/^\[\w+\]\n(?:[A-Za-z]+=.*\n)+$/);
  },
  'user-data': (text) => {
    if (text.startsWith('#cloud-config\n')) parseYaml(text);
    else {
      expect(text).toMatch(/^MIME-Version: 1\.0\n/);
      parseYaml(/\n---\n([\s\S]*?)\n--BOUNDARY--\n$/.exec(text)?.[1] ?? '{');
    }
  },
};

describe.each(files)('%s', (url, file, entry) => {
  test('is in its language, and what the generator says', () => {
    const text = texts.get(url) ?? '';
    parsers[file.language](text);
    const own = ask(question(entry, file.rollout)).files.find(({ name }) => name === file.name);
    expect(own).toMatchObject({ text, path: file.path, language: file.language, role: file.role });
  });

  test('is one folder of a target and a version, and one name', () => {
    const version = entry.platform ?? entry.runtime ?? '';
    expect(url).toBe(`/snippets/${entry.target}/${version}/${file.name}`);
    expect(url).toMatch(/^(?:\/[\w.-]+){4}$/);
  });

  test('is found from the question that it answers, and says the same', () => {
    const asked = question(entry, file.rollout);
    const same: Question[] = [
      asked,
      { ...asked, kernel: '5.15.0-1051-aws' },
      { ...asked, kernel: '4.18.0-513.el8.x86_64' },
      { ...asked, format: 'new', acceptKnownProblems: true },
      { ...asked, runtime: `v${asked.runtime}+ds1`, platform: `${asked.platform}+k3s1` },
      { ...asked, runtime: ` ${asked.runtime} ` },
    ];
    for (const one of same) {
      const answer = ask(one);
      const found = answer.files.find(({ name }) => name === file.name);
      if (found === undefined) throw new Error(`no ${file.name} for ${JSON.stringify(one)}`);
      expect(snippetPath(one, answer, found, rulesIn.en)).toBe(url);
      expect(found.text).toBe(texts.get(url));
    }
  });
});

describe('there is no address', () => {
  const asked = question({
    target: 'containerd',
    runtime: '2.1.9',
    platform: null,
  } as SnippetEntry);
  test.each<[string, Partial<Question>]>([
    ['of a version that is not published', { runtime: '2.1.8' }],
    ['of a node that is thrown away', { nodeReturns: false }],
    ['of a containerd that others use', { sharesContainerd: true }],
    ['of a file for an older version of the configuration', { format: '2' }],
    ['of what a reader has to accept', { runtime: '1.7.18', acceptKnownProblems: true }],
    ['of what is refused', { kernel: '5.4' }],
    ['of another version of the platform', { target: 'k3s', platform: '1.35.3', runtime: '2.2.7' }],
    ['of no target', { target: 'nowhere' }],
  ])('%s', (_what, change) => {
    const one = { ...asked, ...change };
    expect(snippetPath(one, ask(one), { name: 'config.toml' }, rulesIn.en)).toBeUndefined();
  });

  test('that needs a problem to be accepted', () => {
    expect(
      [...texts.keys()].filter((url) => /\/(?:1\.7\.18|1\.7\.3|1\.6\.20)\//.test(url)),
    ).toEqual([]);
  });
});

describe('the list', () => {
  test('has every target, and every address once', () => {
    expect([...new Set(entries.map(({ target }) => target))]).toEqual(
      facts.targets.targets.map(({ id }) => id),
    );
    expect(files.map(([url]) => url)).toEqual([...texts.keys()]);
    expect(new Set(texts.keys()).size).toBe(files.length);
  });

  test('has every version worth showing, of containerd itself all of them', () => {
    const versions = (target: string): (string | null)[] =>
      entries.filter((entry) => entry.target === target).map(({ runtime }) => runtime);
    for (const target of ['containerd', 'containerd-drop-in']) {
      const offered = facts.containerd.notable
        .map(({ id }) => id)
        .filter((runtime) => ask({ target, runtime }).offered);
      expect(offered.length).toBeGreaterThan(5);
      expect(versions(target)).toEqual(offered);
    }
    for (const row of facts.targets.targets)
      for (const { platform, runtime } of row.notable)
        if (ask({ target: row.id, platform: platform ?? '', runtime: runtime ?? '' }).offered)
          expect(versions(row.id)).toContain(runtime);
  });

  test('says of a target without files why', () => {
    const none = entries.filter((entry) => entry.files.length === 0);
    expect(none.map(({ target }) => target)).toContain('docker');
    for (const { verdict, reason } of none) {
      expect(['not-possible', 'refused']).toContain(verdict);
      expect(reason).not.toBe('');
    }
  });

  test('is JSON that names its licence and holds these entries', async () => {
    const response = await GET({} as Parameters<typeof GET>[0]);
    const index = (await response.json()) as { about: string; snippets: unknown };
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(index.about).toContain('CC BY 4.0');
    expect(index.snippets).toEqual(entries);
  });
});

describe('addresses stay', () => {
  const published = JSON.parse(readFileSync(FIXTURE, 'utf8')) as string[];

  test.each(published)('%s is still there', (url) => {
    expect(texts.has(url), `${url} went missing: scripts read it`).toBe(true);
  });

  test('every address is written down', () => {
    const missing = [...texts.keys()].filter((url) => !published.includes(url));
    expect(missing, `add these to ${FIXTURE}`).toEqual([]);
  });
});

test('hosts are told that they are text, and the list is not', () => {
  const rules = parseHeaders(readFileSync('public/_headers', 'utf8'));
  for (const url of texts.keys())
    expect(headersFor(rules, url)).toHaveProperty('content-type', 'text/plain; charset=utf-8');
  expect(headersFor(rules, '/snippets/index.json')).not.toHaveProperty('content-type');
});
