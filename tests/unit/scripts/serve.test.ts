import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headersFor, parseHeaders } from '../../../scripts/lib/headers.mjs';
import {
  chooseEncoding,
  createSiteServer,
  listen,
  notFoundPages,
  parsePort,
} from '../../../scripts/serve.mjs';

describe('a _headers file', () => {
  const rules = parseHeaders(
    [
      '# for every page',
      '/*',
      "  Content-Security-Policy: frame-ancestors 'none'; sandbox",
      '  X-Robots-Tag: all',
      '',
      '/_astro/*',
      '  Cache-Control: immutable',
      '  X-Robots-Tag: noindex',
      '/:page/raw.txt',
      '\tX-Raw: yes',
    ].join('\n'),
  );

  test('gives the headers of every rule that fits', () => {
    expect(headersFor(rules, '/umount/')).toEqual({
      'content-security-policy': "frame-ancestors 'none'; sandbox",
      'x-robots-tag': 'all',
    });
    expect(headersFor(rules, '/_astro/x.js')).toMatchObject({
      'cache-control': 'immutable',
      'x-robots-tag': 'all, noindex',
    });
  });

  test('takes a placeholder for one part of the path', () => {
    expect(headersFor(rules, '/umount/raw.txt')).toHaveProperty('x-raw', 'yes');
    expect(headersFor(rules, '/a/b/raw.txt')).not.toHaveProperty('x-raw');
  });

  test.each(['/*\n  no colon here', '  X-Before: any path'])('names the line of %j', (text) => {
    expect(() => parseHeaders(text)).toThrow(/line \d/);
  });
});

describe('the encoding', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, identity; q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.000', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('for %j is %s', (accepted, expected) => {
    expect(chooseEncoding(accepted)).toBe(expected);
  });
});

test('the nearest 404 page comes first', () => {
  expect(notFoundPages('/zh-cn/nowhere')).toEqual([
    '/zh-cn/404.html',
    '/zh-cn/404/index.html',
    '/404.html',
    '/404/index.html',
  ]);
});

describe('the port', () => {
  test.each([
    [[], 4321],
    [['--port', '8080'], 8080],
    [['--port=8080'], 8080],
  ])('of %j is %i', (args, expected) => {
    expect(parsePort(args, 4321)).toBe(expected);
  });

  test.each([['--port'], ['--port', 'x'], ['--port=0'], ['--port', '70000']])(
    'is refused: %s %s',
    (...args) => {
      expect(() => parsePort(args, 4321)).toThrow(/--port needs a number/);
    },
  );
});

describe('the server', () => {
  let folder: string;
  let server: Server;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serve-'));
    const files = {
      'site/index.html': 'home',
      'site/404.html': 'no such page',
      'site/umount/index.html': `umount ${'the same again '.repeat(200)}`,
      'site/zh-cn/404.html': '没有这一页',
      'site/_astro/a.js': 'export {}',
      'site/_headers':
        '/*\n  X-Frame-Options: DENY\n/raw/:file\n  Content-Type: text/plain; charset=utf-8\n',
      'site/raw/a.tmpl': `raw ${'the same again '.repeat(200)}`,
      'site/.secret': 'secret',
      'beside.txt': 'outside',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    server = await listen(createSiteServer({ roots: [join(folder, 'site')] }), 0);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** One request as it is: no redirect followed, nothing decoded, no path tidied. */
  function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
    const { port } = server.address() as AddressInfo;
    return new Promise<{ status?: number; headers: IncomingHttpHeaders; body: Buffer }>(
      (resolve, reject) => {
        request({ host: '127.0.0.1', port, path, headers, method, agent: false }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => {
            resolve({
              status: response.statusCode,
              headers: response.headers,
              body: Buffer.concat(parts),
            });
          });
        })
          .on('error', reject)
          .end();
      },
    );
  }

  test('answers a folder with its page and the headers of the host', async () => {
    const { status, headers, body } = await get('/');
    expect(status).toBe(200);
    expect(body.toString()).toBe('home');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-frame-options': 'DENY',
    });
  });

  test('takes the type that the host is told, but for a page that is not there', async () => {
    const raw = await get('/raw/a.tmpl', { 'accept-encoding': 'br' });
    expect(raw.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-encoding': 'br',
    });
    const lost = await get('/raw/b.tmpl');
    expect([lost.status, lost.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
  });

  test('adds the slash that a folder lacks and keeps the query', async () => {
    const { status, headers } = await get('/umount?kernel=6.12&x=?');
    expect(status).toBe(307);
    expect(headers.location).toBe('./umount/?kernel=6.12&x=?');
  });

  test('does not redirect to another host', async () => {
    const { headers } = await get('//umount');
    expect(headers.location).toBe('./umount/');
  });

  test('compresses as the browser accepts it', async () => {
    const plain = await get('/umount/');
    const brotli = await get('/umount/', { 'accept-encoding': 'gzip, br' });
    const gzip = await get('/umount/', { 'accept-encoding': 'gzip' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    expect(gunzipSync(gzip.body)).toEqual(plain.body);
    expect(brotli.body.length).toBeLessThan(plain.body.length);
    expect(brotli.headers.vary).toBe('Accept-Encoding');
  });

  test('sends nothing again that the browser has', async () => {
    const { headers } = await get('/umount/', { 'accept-encoding': 'br' });
    const again = { 'accept-encoding': 'br', 'if-none-match': headers.etag ?? '' };
    const { status, body } = await get('/umount/', again);
    expect([status, body.length]).toEqual([304, 0]);
    expect((await get('/umount/', { ...again, 'accept-encoding': 'gzip' })).status).toBe(200);
  });

  test('shows a file that changed', async () => {
    const file = join(folder, 'site/changing.txt');
    writeFileSync(file, 'before');
    expect((await get('/changing.txt')).body.toString()).toBe('before');
    writeFileSync(file, 'afterwards');
    expect((await get('/changing.txt')).body.toString()).toBe('afterwards');
  });

  test('lets what is named by its content be kept for ever', async () => {
    const { headers } = await get('/_astro/a.js');
    expect(headers['cache-control']).toContain('immutable');
  });

  test('says in the language of the address that a page is not there', async () => {
    const english = await get('/nowhere/');
    const chinese = await get('/zh-cn/nowhere/');
    expect([english.status, english.body.toString()]).toEqual([404, 'no such page']);
    expect([chinese.status, chinese.body.toString()]).toEqual([404, '没有这一页']);
  });

  test.each(['/../beside.txt', '/%2e%2e/beside.txt', '/..%2fbeside.txt', '/.secret', '/_headers'])(
    'keeps %s to itself',
    async (path) => {
      const { status, body } = await get(path);
      expect([status, body.toString()]).toEqual([404, 'no such page']);
    },
  );

  test.each(['/%', '/%00', '/%E0%A4%A'])('survives %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  test('only reads', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
    const head = await get('/', {}, 'HEAD');
    expect([head.status, head.body.length, head.headers['content-length']]).toEqual([200, 0, '4']);
  });
});
