import { expect, test } from '@playwright/test';
import { loadSnippets } from '../../src/pages/snippets/_load.ts';

interface Index {
  about: string;
  snippets: { files: { url: string }[] }[];
}

test('every snippet is served as plain text, byte for byte', async ({ request }) => {
  const response = await request.get('/snippets/index.json');
  expect(response.headers()['content-type']).toBe('application/json; charset=utf-8');
  const index = (await response.json()) as Index;
  const urls = index.snippets.flatMap(({ files }) => files.map(({ url }) => url));
  const { texts } = loadSnippets();
  expect(urls).toEqual([...texts.keys()]);
  for (const url of urls) {
    const file = await request.get(url, { maxRedirects: 0 });
    expect([url, file.status(), file.headers()['content-type']]).toEqual([
      url,
      200,
      'text/plain; charset=utf-8',
    ]);
    expect((await file.body()).toString()).toBe(texts.get(url));
  }
});

test('a snippet that is not there is a page that says so', async ({ request }) => {
  const response = await request.get('/snippets/containerd/1.7.3/config.toml');
  expect(response.status()).toBe(404);
  expect(response.headers()['content-type']).toBe('text/html; charset=utf-8');
});
