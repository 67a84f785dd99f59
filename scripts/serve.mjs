/**
 * Serves built files on this machine as a static host would: compressed, with the headers of
 * `_headers`, language-aware 404 pages and validators. `npm start`, the browser tests and the
 * measurements all use it, so they see the same bytes.
 *
 * Written here because the packages for it (sirv, serve-handler) neither compress nor know
 * `_headers` or a 404 page per folder; what they do bring is less than the glue they would need.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { headersFor, parseHeaders } from './lib/headers.mjs';
import { dist } from './lib/paths.mjs';
import { firstFree, isFree } from './lib/ports.mjs';
import { Refusal, tell } from './lib/process.mjs';

const HOST = '127.0.0.1';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.toml': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
  '.yaml': 'text/plain; charset=utf-8',
};

const compressible = (type) => /^text\/|json|xml|wasm|javascript/.test(type);

const encoders = {
  br: (body) =>
    promisify(brotliCompress)(body, {
      params: {
        // As hosts that keep files compressed do: once for each file, then from memory.
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
};

/**
 * The best encoding that a request accepts and we have.
 *
 * @param {string | undefined} accepted the Accept-Encoding header
 * @returns {'br' | 'gzip' | undefined}
 */
export function chooseEncoding(accepted = '') {
  const refused = /;\s*q=0(\.0*)?\s*$/;
  const names = accepted
    .split(',')
    .filter((part) => !refused.test(part))
    .map((part) => part.split(';')[0].trim().toLowerCase());
  return ['br', 'gzip'].find((name) => names.includes(name));
}

/**
 * The 404 pages for a path, the nearest first: `/zh-cn/x/` has the Chinese one before the root's.
 *
 * @param {string} path
 */
export function notFoundPages(path) {
  const folders = path.split('/').slice(1, -1);
  const pages = [];
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const folder = ['', ...folders.slice(0, depth)].join('/');
    pages.push(`${folder}/404.html`, `${folder}/404/index.html`);
  }
  return pages;
}

/**
 * A server for the files of one or more folders; the first that has a file wins.
 *
 * @param {{ roots: string[] }} options
 */
export function createSiteServer({ roots }) {
  const rules = roots
    .map((root) => join(root, '_headers'))
    .filter((file) => existsSync(file))
    .flatMap((file) => parseHeaders(readFileSync(file, 'utf8')));
  /** File and time of change -> its body in each encoding that was asked for. */
  const bodies = new Map();

  async function find(path) {
    if (path.split('/').some((part) => part.startsWith('.')) || path === '/_headers') return;
    for (const root of roots) {
      const file = join(root, ...path.split('/'));
      if (!(file + sep).startsWith(root + sep)) return;
      const info = await stat(file).catch(() => undefined);
      if (info?.isFile()) return { file, key: `${file}\0${info.mtimeMs}\0${info.size}` };
      if (info?.isDirectory()) return { folder: true };
    }
    return;
  }

  function bodyOf({ file, key }, encoding) {
    const name = `${key}\0${encoding ?? ''}`;
    let body = bodies.get(name);
    if (body === undefined) {
      body = readFile(file)
        .then((plain) => (encoding ? encoders[encoding](plain) : plain))
        .then((content) => ({
          content,
          etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
        }));
      bodies.set(name, body);
    }
    return body;
  }

  async function answer(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return response.writeHead(405, { allow: 'GET, HEAD' }).end();
    }
    const [rawPath, query] = (request.url ?? '/').split(/\?(.*)/s);
    const path = decode(rawPath);

    let found = path === undefined ? undefined : await find(path);
    if (found?.folder) {
      if (!path.endsWith('/')) {
        // Relative, so that a path like //host stays on this one; and temporary, since browsers
        // keep a permanent redirect for whatever runs on this port next.
        const name = rawPath.slice(rawPath.lastIndexOf('/') + 1);
        const location = `./${name}/${query === undefined ? '' : `?${query}`}`;
        return response.writeHead(307, { location }).end();
      }
      found = await find(`${path}index.html`);
    }
    let status = 200;
    if (found?.file === undefined) {
      status = 404;
      for (const page of notFoundPages(path ?? '/')) {
        found = await find(page);
        if (found?.file !== undefined) break;
      }
      if (found?.file === undefined) return response.writeHead(404).end('Not found\n');
    }

    const given = headersFor(rules, path ?? '/');
    // A type that `_headers` gives is that of the file at the path, and not of a 404 page.
    const type =
      (status === 200 ? given['content-type'] : undefined) ??
      TYPES[extname(found.file)] ??
      'application/octet-stream';
    const encoding = compressible(type)
      ? chooseEncoding(request.headers['accept-encoding'])
      : undefined;
    const { content, etag } = await bodyOf(found, encoding);
    const headers = {
      'cache-control': path?.startsWith('/_astro/')
        ? 'public, max-age=31536000, immutable'
        : 'no-cache',
      'x-content-type-options': 'nosniff',
      ...given,
      'content-type': type,
      etag,
      ...(compressible(type) && { vary: 'Accept-Encoding' }),
    };
    if (status === 200 && request.headers['if-none-match']?.includes(etag)) {
      return response.writeHead(304, headers).end();
    }
    if (encoding) headers['content-encoding'] = encoding;
    response.writeHead(status, { ...headers, 'content-length': content.length });
    return response.end(request.method === 'HEAD' ? undefined : content);
  }

  return createServer((request, response) => {
    answer(request, response).catch((error) => {
      tell(`${request.url}: ${error.stack}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}

function decode(path) {
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/**
 * Listens on this machine only.
 *
 * @param {import('node:http').Server} server
 * @param {number} port 0 for any that is free
 * @returns {Promise<import('node:http').Server>} the server, once it answers
 */
export function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => resolve(server));
  });
}

/**
 * Serves until the process is told to end; the address is the last line it prints.
 *
 * @param {{ roots: string[], port: number, strict?: boolean }} options with `strict`, a busy port
 *   is an error instead of a reason to take the next one
 * @returns {Promise<number>} the exit code
 */
export async function serveUntilStopped({ roots, port, strict = false }) {
  let taken = port;
  if (!(await isFree(port))) {
    if (strict) throw new Refusal(`Port ${port} is busy.`);
    taken = await firstFree(port + 1);
    if (taken === undefined) throw new Refusal(`Port ${port} is busy, and those after it as well.`);
    tell(`Port ${port} is busy: taking ${taken} instead. Choose another with --port N.`);
  }
  const server = await listen(createSiteServer({ roots }), taken);
  tell('Serving the site; Ctrl-C ends it.');
  process.stdout.write(`http://localhost:${taken}\n`);

  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });
  server.closeAllConnections();
  server.close();
  return 0;
}

/**
 * The port that `--port N` or `--port=N` asks for.
 *
 * @param {string[]} args
 * @param {number} fallback
 */
export function parsePort(args, fallback) {
  const at = args.findIndex((arg) => arg === '--port' || arg.startsWith('--port='));
  if (at < 0) return fallback;
  const text = args[at].includes('=') ? args[at].split('=')[1] : args[at + 1];
  const port = Number(text);
  if (!/^\d+$/.test(text ?? '') || port < 1 || port > 65_535) {
    throw new Refusal(`--port needs a number from 1 to 65535, not ${text ?? 'nothing'}.`);
  }
  return port;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const args = process.argv.slice(2);
  try {
    process.exitCode = await serveUntilStopped({
      roots: [dist],
      port: parsePort(args, 4321),
      strict: args.includes('--strict-port'),
    });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(error.message);
    process.exitCode = 1;
  }
}
