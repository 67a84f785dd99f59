/**
 * Takes pictures of the built site.
 *
 *   npm run screenshots                the few that README shows, into docs/screenshots/
 *   npm run screenshots -- --all DIR   every page, whole, in both themes and at three widths
 *   ... --only /umount/                (with --all) pages whose address contains this
 *   ... --as-built                     of `dist` as it is, though the sources may have changed
 */
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { browserArguments, findBrowser } from './browser.mjs';
import { ensureBuilt } from './commands/build.mjs';
import { dist, root } from './lib/paths.mjs';
import { tell } from './lib/process.mjs';
import { createSiteServer, listen } from './serve.mjs';

const THEMES = ['light', 'dark'];
const WIDTHS = { 360: 740, 768: 1024, 1440: 900 };

const README = [
  { name: 'home-light-en', path: '/', theme: 'light' },
  { name: 'home-dark-zh-cn', path: '/zh-cn/', theme: 'dark' },
  { name: 'umount-light-en', path: '/umount/#replay', theme: 'light' },
  { name: 'umount-dark-en', path: '/umount/#replay', theme: 'dark' },
  { name: 'umount-light-zh-cn', path: '/zh-cn/umount/#replay', theme: 'light' },
  { name: 'configure-light-en', path: '/configure/#configure', theme: 'light' },
];

const args = process.argv.slice(2);
const valueOf = (option) => {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
};

const all = args.includes('--all');
const folder = all ? valueOf('--all') : join(root, 'docs/screenshots');
if (folder === undefined) {
  tell('--all needs a folder to write to.');
  process.exit(2);
}
await ensureBuilt(args);

const server = await listen(createSiteServer({ roots: [dist] }), 0);
const browser = await chromium.launch({
  executablePath: await findBrowser(),
  args: browserArguments,
});
mkdirSync(folder, { recursive: true });
try {
  for (const shot of all ? everything() : README.map(forReadme)) {
    const file = resolve(folder, `${shot.name}.png`);
    writeFileSync(file, await smaller(await take(shot)));
    tell(file);
  }
} finally {
  await browser.close();
  server.close();
}

function forReadme(shot) {
  return { ...shot, viewport: { width: 1440, height: 900 }, whole: false };
}

function everything() {
  const pages = globSync('**/*.html', { cwd: dist })
    .map((file) => `/${file.replace(/(^|\/)index\.html$/, '$1')}`)
    .filter((path) => path.includes(valueOf('--only') ?? '/'))
    .sort();
  return pages.flatMap((path) =>
    Object.entries(WIDTHS).flatMap(([width, height]) =>
      THEMES.map((theme) => ({
        name: `${path.replace(/^\/|\/$|\.html$/g, '').replaceAll('/', '-') || 'home'}-${theme}-${width}`,
        path,
        theme,
        viewport: { width: Number(width), height },
        whole: true,
      })),
    ),
  );
}

async function take({ path, theme, viewport, whole }) {
  const context = await browser.newContext({
    viewport,
    colorScheme: theme,
    // Nothing is caught half-way through a movement.
    reducedMotion: 'reduce',
    baseURL: `http://127.0.0.1:${server.address().port}`,
  });
  const page = await context.newPage();
  await page.goto(path);
  if (whole) await seeAll(page);
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  const picture = await page.screenshot({ fullPage: whole });
  await context.close();
  return picture;
}

/** Every figure starts when it comes into view; a picture of the whole page never scrolls. */
async function seeAll(page) {
  await page.evaluate(async () => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
      scrollTo({ top: y, behavior: 'instant' });
      await painted();
    }
    scrollTo({ top: 0, behavior: 'instant' });
    await painted();
  });
}

/** With a palette of its own a picture of a page takes a third of the bytes. */
async function smaller(picture) {
  // Astro brings sharp where the platform has it; the picture does without.
  const sharp = await import('sharp').catch(() => undefined);
  return sharp === undefined
    ? picture
    : sharp.default(picture).png({ palette: true, effort: 10 }).toBuffer();
}
