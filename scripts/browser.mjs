/**
 * Finds a Chromium for the browser tests, or brings one, and says which one it took. Prints its
 * path, so that `SKIP_SYNC_BROWSER=$(node scripts/browser.mjs)` fixes the choice.
 *
 * A candidate counts only when it has shown a page: a downloaded browser may lack the system's
 * libraries, and a packaged one may not be allowed to run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from '@playwright/test';
import { isInstalled, npm } from './lib/packages.mjs';
import { bin, cache, root } from './lib/paths.mjs';
import { Refusal, tell, toStderr } from './lib/process.mjs';
import { readStamp, writeStamp } from './lib/stamp.mjs';

const REMEMBERED = join(cache, 'browser');
const DOWNLOAD_MINUTES = 5;

/** What keeps Chromium from asking for other hosts on its own, and lets root start it. */
export const browserArguments = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The places to look, cheapest first. Each answers a path, or undefined where it has none. */
const sources = [
  {
    name: 'the one that SKIP_SYNC_BROWSER names',
    find: () => process.env.SKIP_SYNC_BROWSER,
    only: () => Boolean(process.env.SKIP_SYNC_BROWSER),
  },
  { name: 'the one of the last run', find: () => readStamp(REMEMBERED) },
  { name: "Playwright's own", find: () => chromium.executablePath() },
  {
    name: "the system's",
    find: () =>
      onPath(['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']),
  },
  { name: "Playwright's download", find: downloadWithPlaywright },
  { name: "Debian's package", find: installWithApt },
  { name: 'the npm package @sparticuz/chromium', find: installWithNpm },
];

/**
 * A Chromium that works here.
 *
 * @returns {Promise<string>} the path of its program
 */
export async function findBrowser() {
  for (const { name, find, only } of sources) {
    const path = await find();
    if (!path || !existsSync(path)) {
      if (only?.()) throw new Refusal(`SKIP_SYNC_BROWSER names no file: ${path}`);
      continue;
    }
    const problem = await tryOut(path);
    if (problem === undefined) {
      tell(`Browser: ${path} (${name})`);
      if (!only?.()) writeStamp(REMEMBERED, path);
      return path;
    }
    tell(`Browser: ${path} (${name}) does not start: ${problem}`);
    if (only?.()) throw new Refusal('The browser that SKIP_SYNC_BROWSER names does not start.');
  }
  throw new Refusal(
    'No Chromium was found and none could be installed. Install one, or name it with ' +
      'SKIP_SYNC_BROWSER=/path/to/chromium.',
  );
}

/** Shows one page; answers what went wrong. */
async function tryOut(executablePath) {
  try {
    const browser = await chromium.launch({
      executablePath,
      args: browserArguments,
      timeout: 30_000,
    });
    try {
      const page = await browser.newPage();
      await page.goto('data:text/html,<title>ready</title>');
      return (await page.title()) === 'ready' ? undefined : 'it shows no page';
    } finally {
      await browser.close();
    }
  } catch (error) {
    const lines = String(error.message).split('\n');
    return lines.find((line) => /error while loading|cannot open/.test(line)) ?? lines[0];
  }
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}

function downloadWithPlaywright() {
  tell(`Browser: none here; asking Playwright for one (at most ${DOWNLOAD_MINUTES} minutes).`);
  // Quiet, because a closed network is an expected answer and others follow.
  const { status } = spawnSync(process.execPath, [bin('playwright'), 'install', 'chromium'], {
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    timeout: DOWNLOAD_MINUTES * 60_000,
  });
  if (status === 0) return chromium.executablePath();
  tell('Browser: Playwright could not download one.');
  return undefined;
}

function installWithApt() {
  const apt = onPath(['apt-get']);
  if (apt === undefined || process.getuid?.() !== 0) return undefined;
  tell("Browser: installing the distribution's package chromium (about a minute).");
  const quiet = (...args) =>
    spawnSync(apt, ['-qq', ...args], {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  quiet('update');
  const done = quiet('install', '--yes', '--no-install-recommends', 'chromium');
  if (done.status !== 0) tell(`Browser: apt-get could not install it.\n${done.stderr}`);
  return onPath(['chromium']);
}

async function installWithNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = join(root, 'tools', 'browser');
  const record = join(folder, 'node_modules', '.package-lock.json');
  const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
  if (!existsSync(record) || !isInstalled(read(join(folder, 'package-lock.json')), read(record))) {
    tell('Browser: installing the npm package @sparticuz/chromium.');
    if ((await npm(['ci', '--prefix', folder], { stdio: toStderr })) !== 0) return undefined;
  }
  const unpacked = spawnSync(process.execPath, [join(folder, 'unpack.mjs')], { encoding: 'utf8' });
  if (unpacked.status === 0) return unpacked.stdout;
  tell(unpacked.stderr);
  return undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${await findBrowser()}\n`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(error.message);
    process.exitCode = 1;
  }
}
