import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bin, cache, dist, root } from '../lib/paths.mjs';
import { runNode } from '../lib/process.mjs';
import { hashOf, readStamp, writeStamp } from '../lib/stamp.mjs';

const INPUTS = [
  'astro.config.mjs',
  'content',
  'package-lock.json',
  'public',
  'src',
  'svelte.config.js',
  'tsconfig.json',
];

const STAMP = join(cache, 'build');

/** Builds the site into `dist`; answers the exit code. */
export async function build(args = []) {
  const inputs = stampOfInputs();
  // Without a stamp a build that is broken off half-way is not taken for a finished one.
  rmSync(STAMP, { force: true });
  const code = await runNode([bin('astro'), 'build', ...args], { cwd: root });
  if (code === 0) writeStamp(STAMP, inputs);
  return code;
}

/** Whether `dist` was built from the files as they are now. */
export const isBuilt = () =>
  existsSync(join(dist, 'index.html')) && readStamp(STAMP) === stampOfInputs();

/**
 * Builds for a command that needs the site, unless it is up to date or `--as-built` says to take
 * what is there. A failed build ends the process.
 */
export async function ensureBuilt(args) {
  if (args.includes('--as-built') ? existsSync(join(dist, 'index.html')) : isBuilt()) return;
  const code = await build();
  if (code !== 0) process.exit(code);
}

function stampOfInputs() {
  // Pages say when they were last changed, which comes from the history of the commits.
  const head = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout;
  return hashOf(root, INPUTS, [head ?? '']);
}
