#!/usr/bin/env node
/**
 * Every command of this project starts here: `node scripts/run.mjs <command> [arguments]`, which
 * is what the scripts in package.json call. It brings a Node and packages where they are missing
 * and then runs the command. It has no dependencies and starts on Node 20.
 */
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureNode } from './lib/node.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { bin, root } from './lib/paths.mjs';
import { Refusal, run, runNode, tell } from './lib/process.mjs';

/** Each command answers its exit code. Modules are loaded late: they may need the packages. */
const commands = {
  start: async (args) => (await import('./commands/start.mjs')).start(args),
  test: async () => (await import('./commands/test.mjs')).test(),
  build: async () => (await import('./commands/build.mjs')).build(),
  dev: (args) => runNode([bin('astro'), 'dev', ...args], { cwd: root }),
  cli: (args) => runFile('src/cli/main.ts', args),
  'recordings:import': (args) => runFile('src/recording/import.node.ts', args),
  'lab:runtimes': (args) => runFile('lab/runtimes.ts', args),
  'lab:smoke': (args) => runFile('lab/smoke.ts', args),
  'lab:check': (args) => runFile('lab/check.ts', args),
  lab: (args) => runFile('lab/main.ts', args),
  measure: (args) => runFile('scripts/measure.mjs', args),
  screenshots: (args) => runFile('scripts/screenshots.mjs', args),
};

// Node says once per run that it runs TypeScript itself; nobody who uses a command needs that.
const runFile = (file, args) =>
  runNode(['--disable-warning=ExperimentalWarning', join(root, file), ...args]);

async function main([name, ...args]) {
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (command === undefined) {
    tell(`Usage: node scripts/run.mjs <${Object.keys(commands).join('|')}> [arguments]`);
    return 2;
  }

  const node = await ensureNode();
  const env = {
    ...process.env,
    ASTRO_TELEMETRY_DISABLED: '1',
    PATH: [dirname(node), process.env.PATH].join(delimiter),
    npm_node_execpath: process.env.npm_node_execpath ?? process.execPath,
  };
  await ensurePackages(env);

  if (node !== process.execPath) {
    return run(node, [fileURLToPath(import.meta.url), name, ...args], { env });
  }
  Object.assign(process.env, env);
  return command(args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  tell(error.message);
  process.exitCode = 1;
}
