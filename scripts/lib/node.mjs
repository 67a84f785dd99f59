import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { npm } from './packages.mjs';
import { root } from './paths.mjs';
import { Refusal, tell, toStderr } from './process.mjs';

const TOOLS = join(root, 'tools', 'node');

/**
 * Astro needs 22.12 and TypeScript runs without a build step from 22.18; the linter and the test
 * runner have no support for the short-lived 23.
 *
 * @param {string} version as `process.versions.node` gives it
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 22 ? minor >= 18 : major >= 24;
}

/** A Node that is new enough: this one, or one that npm brings; never the machine's own altered. */
export async function ensureNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;

  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Refusal(
      `This project needs Node 22.18 or newer (24 is best) and this is ${process.versions.node}. ` +
        'On Linux it brings its own; here, please install Node 24 from https://nodejs.org.',
    );
  }

  const binary = join(TOOLS, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (!answers(binary)) {
    tell(`Node ${process.versions.node} is older than the build needs: installing Node 24 for it.`);
    const code = await npm(['ci', '--prefix', TOOLS], { stdio: toStderr });
    if (code !== 0 || !answers(binary)) {
      throw new Refusal(
        'Node 24 could not be installed by npm. Check the network and run the command again, ' +
          'or install Node 24 from https://nodejs.org.',
      );
    }
  }
  return binary;
}

function answers(binary) {
  const version = spawnSync(binary, ['-v'], { encoding: 'utf8' }).stdout?.trim();
  return version !== undefined && isNewEnough(version.replace(/^v/, ''));
}
