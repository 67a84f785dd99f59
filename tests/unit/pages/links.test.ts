/**
 * Addresses outside the site stand in one place, content/facts/sources.yaml and src/site.ts, and have
 * a form that lasts. Whether a host still answers is not asked: tests need no network.
 */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadSources } from '../../../src/facts/load.ts';
import { LICENCES, REPOSITORY, SITE_URL } from '../../../src/site.ts';

/** What is wrong with the form of an address; empty where nothing is. */
function faults(address: string, kind?: string): string[] {
  const found: string[] = [];
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:') return ['is no https address'];
  if (/[.,;:!?'")\]}>]$/.test(address)) found.push('ends with punctuation');
  if (url.username !== '' || url.port !== '') found.push('names a user or a port');
  if (/[?&](?:utm_\w+|ref|fbclid)=/.test(url.search)) found.push('carries a tracker');
  const [, , tree, revision = ''] = url.pathname.slice(1).split('/');
  if (url.host === 'github.com' && /^(?:blob|tree|raw|blame)$/.test(tree ?? '')) {
    const tag = /^(?:[\w.-]+-)?v?\d+(?:\.\d+)+/.test(revision);
    if (!tag && !/^[0-9a-f]{7,40}$/.test(revision)) found.push(`follows the branch ${revision}`);
  }
  if (url.host === 'git.kernel.org' && /\/(?:tree|plain|commit)\//.test(url.pathname)) {
    if (!/^\?(?:h=v\d+(?:\.\d+)+|id=[0-9a-f]{10,40})$/.test(url.search))
      found.push('names neither a tag nor a commit');
  }
  if (kind === 'mail' || url.host === 'lore.kernel.org') {
    if (!/^https:\/\/lore\.kernel\.org\/all\/[^/\s]+@[^/\s]+\/$/.test(address))
      found.push('is no permanent link of lore.kernel.org');
  }
  return found;
}

const outside = loadSources().filter(({ url }) => !url.startsWith('/'));

describe('addresses of sources', () => {
  test('have a form that lasts', () => {
    const wrong = outside.flatMap(({ id, url, kind }) =>
      faults(url, kind).map((fault) => `${id} ${fault}: ${url}`),
    );
    expect(wrong).toEqual([]);
  });

  test('stand once', () => {
    const urls = outside.map(({ url }) => url.replace(/\/$/, ''));
    expect(urls.filter((url, index) => urls.indexOf(url) !== index)).toEqual([]);
  });
});

test('addresses of the site and its licences are as sound', () => {
  const own = [SITE_URL, REPOSITORY, ...Object.values(LICENCES.text.url)];
  expect(own.flatMap((url) => faults(url))).toEqual([]);
  expect([SITE_URL, REPOSITORY].filter((url) => url.endsWith('/'))).toEqual([]);
});

/** Addresses that lead nowhere: names of formats, of this machine and of examples. */
const NO_LINKS =
  /^https?:\/\/(?:(?:www\.)?w3\.org|www\.sitemaps\.org|schema\.org|127\.0\.0\.1|localhost|example\.)/;
const HOMES = new Set(['content/facts/sources.yaml', 'src/site.ts']);
/** What the lab's programs printed, which is data. */
const RECORDED = /^content\/(?:recordings\/|facts\/[\w-]+\.json$)/;

test('no page, fact, string or component has an address of its own', () => {
  const files = globSync('{content,src}/**/*.{mdx,yaml,json,ts,astro,svelte}')
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !HOMES.has(file) && !RECORDED.test(file));
  const strays = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/https?:\/\/[\w[][^\s'"`<>)]*/g)]
      .map(([address]) => address)
      .filter((address) => !NO_LINKS.test(address))
      .map((address) => `${file}: ${address}`),
  );
  // Made from a path and a version; the tree itself is a source.
  const made = 'https://git.kernel.org/pub/scm/linux/kernel/git/stable/linux.git/tree/';
  expect(strays.filter((stray) => !stray.startsWith(`src/facts/kernel-tree.ts: ${made}`))).toEqual(
    [],
  );
});

describe('the check sees', () => {
  test.each([
    ['http://example.org/', 'is no https address'],
    ['https://example.org/page.', 'ends with punctuation'],
    ['https://example.org/?utm_source=x', 'carries a tracker'],
    ['https://github.com/o/r/blob/main/file.go', 'follows the branch main'],
    ['https://github.com/o/r/tree/release-next/folder', 'follows the branch release-next'],
    ['https://lore.kernel.org/linux-unionfs/x@y/T/#u', 'is no permanent link of lore.kernel.org'],
    [
      'https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/fs/sync.c',
      'names neither a tag nor a commit',
    ],
  ])('%s', (address, fault) => {
    expect(faults(address)).toEqual([fault]);
  });

  test.each([
    'https://github.com/containerd/containerd/blob/v2.3.4/RELEASES.md',
    'https://github.com/o/r/blob/46dbdd399/file.go',
    'https://github.com/containerd/containerd/pull/8676',
    'https://lore.kernel.org/all/20200831181529.GA1193654@redhat.com/',
  ])('nothing in %s', (address) => {
    expect(faults(address)).toEqual([]);
  });
});
