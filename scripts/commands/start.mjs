import { dist } from '../lib/paths.mjs';
import { parsePort, serveUntilStopped } from '../serve.mjs';
import { tell } from '../lib/process.mjs';
import { build, isBuilt } from './build.mjs';

const DEFAULT_PORT = 4321;

/** Builds the site unless it is up to date, and serves it until Ctrl-C. */
export async function start(args) {
  const port = parsePort(args, DEFAULT_PORT);
  if (isBuilt()) {
    tell('The site is built already.');
  } else {
    tell('Building the site.');
    const code = await build();
    if (code !== 0) return code;
  }
  return serveUntilStopped({ roots: [dist], port });
}
