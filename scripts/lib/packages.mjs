import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './paths.mjs';
import { Refusal, run, tell, toStderr } from './process.mjs';

/**
 * Runs npm under the Node that npm came with: a distribution's npm finds its own modules only
 * there. Programs that npm starts take `node` from the PATH, where the newer one stands first.
 */
export function npm(args, options = {}) {
  const node = process.env.npm_node_execpath ?? process.execPath;
  // Other package managers set `npm_execpath` too, and only npm reads this project's lock file.
  const given = process.env.npm_execpath;
  const cli = given?.endsWith('npm-cli.js') ? given : findNpm();
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const [command, before] = cli.endsWith('.js') ? [node, [cli]] : [cli, []];
  return run(command, [...before, ...args, ...quiet], { cwd: root, ...options });
}

function findNpm() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = folders.map((folder) => join(folder, 'npm')).find((file) => existsSync(file));
  if (found === undefined) throw new Refusal('npm was not found on the PATH.');
  return realpathSync(found);
}

/**
 * Whether node_modules holds what the lock file asks for, by npm's own record of what it
 * installed. So a package added by `npm install` does not cause a second, full installation.
 * Optional packages are those of other platforms.
 *
 * @param {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> }} lock
 * @param {{ packages: Record<string, { version?: string }> }} installed
 */
export function isInstalled(lock, installed) {
  return Object.entries(lock.packages).every(
    ([path, wanted]) =>
      path === '' ||
      wanted.optional === true ||
      wanted.devOptional === true ||
      installed.packages[path]?.version === wanted.version,
  );
}

/** Installs the project's packages where they are missing or not those of the lock file. */
export async function ensurePackages(env) {
  const record = join(root, 'node_modules', '.package-lock.json');
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  if (existsSync(record) && isInstalled(read(join(root, 'package-lock.json')), read(record))) {
    return;
  }
  tell('Installing packages.');
  const code = await npm(['ci', '--include=dev'], { env, stdio: toStderr });
  if (code !== 0) throw new Refusal('The packages could not be installed: see above.');
}
