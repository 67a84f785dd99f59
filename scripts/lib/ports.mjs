import { createServer } from 'node:net';

/** How many ports are tried, one after the other. */
const ATTEMPTS = 50;

/**
 * Whether nobody listens on a port of this machine. Both addresses of `localhost` are asked: a
 * server on the other one would get the reader's requests instead of us.
 *
 * @param {number} port
 */
export async function isFree(port) {
  for (const host of ['127.0.0.1', '::1']) {
    if ((await listenError(port, host)) === 'EADDRINUSE') return false;
  }
  return true;
}

function listenError(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/**
 * The first free port from `wanted` on.
 *
 * @param {number} wanted
 * @param {(port: number) => Promise<boolean>} [free] replaced in tests
 * @returns {Promise<number | undefined>} undefined where all that were tried are busy
 */
export async function firstFree(wanted, free = isFree) {
  for (let port = wanted; port < wanted + ATTEMPTS && port <= 65_535; port += 1) {
    if (await free(port)) return port;
  }
  return undefined;
}
