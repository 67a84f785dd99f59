/**
 * Measures what depends on the machine, and therefore against something trivial in the same run:
 * Lighthouse's scores and largest paint beside a bare page, and the time from a click in the
 * replay, or from a key in the generator, to the screen beside a bare button. Nothing else should
 * run meanwhile.
 *
 *   npm run measure                      everything; the exit code tells whether all limits hold
 *   npm run measure -- --only paint      or --only clicks, or --only keys
 *   ... --button NAME                    the button to click (else the replay's next step)
 *   ... --as-built                       `dist` as it is, though the sources may have changed
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { browserArguments, findBrowser } from './browser.mjs';
import { ensureBuilt } from './commands/build.mjs';
import { bin, dist, root } from './lib/paths.mjs';
import { runNode, tell } from './lib/process.mjs';
import { createSiteServer, listen } from './serve.mjs';

const PAGES = ['/', '/umount/'];
const RUNS = 5;
/** Largest paint, as a multiple of the bare page's. */
const PAINT_LIMIT = 1.5;
const BARE_BYTES = 14_000;

const SLOWDOWN = 4;
const ROUNDS = 4;
const CLICKS = 6;
/** Time from click to screen, as a multiple of the bare button's. */
const CLICK_LIMIT = 1.3;
/** The same for a key in the generator. */
const KEY_LIMIT = 1.3;
/** A file as long as any configuration, and the time from a key to its changed diff, in ms. */
const LONG_FILE_LINES = 2000;
const LONG_FILE_LIMIT = 50;

const args = process.argv.slice(2);
const valueOf = (option) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
const only = valueOf('--only');

await ensureBuilt(args);
const browserPath = await findBrowser();
const folder = mkdtempSync(join(tmpdir(), 'measure-'));
writeBarePages();
const server = await listen(createSiteServer({ roots: [folder, dist] }), 0);
const origin = `http://127.0.0.1:${server.address().port}`;

const failures = [];
try {
  if (only === undefined || only === 'paint') await measurePaint();
  if (only === undefined || only === 'clicks') await measureClicks();
  if (only === undefined || only === 'keys') await measureKeys();
} finally {
  server.close();
  rmSync(folder, { recursive: true });
}
for (const failure of failures) tell(`Too slow or too low: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

/** Lighthouse as it comes: a phone of middling speed on a slow network, both simulated. */
async function measurePaint() {
  const results = new Map(['/bare/', ...PAGES].map((path) => [path, []]));
  for (let run = 1; run <= RUNS; run += 1) {
    for (const [path, reports] of results) {
      tell(`Lighthouse ${run} of ${RUNS}: ${path}`);
      reports.push(await lighthouse(path));
    }
  }

  const bare = median(results.get('/bare/').map((report) => report.paint));
  console.log(`largest paint, median of ${RUNS}:`);
  console.log(`  bare ${BARE_BYTES / 1000} kB page  ${bare.toFixed(0)} ms`);
  for (const path of PAGES) {
    const reports = results.get(path);
    const paint = median(reports.map((report) => report.paint));
    const ratio = paint / bare;
    console.log(`  ${path.padEnd(15)}  ${paint.toFixed(0)} ms, ${ratio.toFixed(2)} times`);
    if (ratio > PAINT_LIMIT) failures.push(`${path}: ${ratio.toFixed(2)} > ${PAINT_LIMIT} times`);

    const scores = Object.keys(reports[0].scores).map((name) => {
      const score = median(reports.map((report) => report.scores[name]));
      if (score < 100) failures.push(`${path}: ${name} ${score}`);
      return `${name} ${score}`;
    });
    console.log(`  ${' '.repeat(15)}  ${scores.join(', ')}`);
    for (const audit of new Set(reports.flatMap((report) => report.missed))) {
      console.log(`  ${' '.repeat(15)}  ${audit}`);
    }
  }
}

/** One report. Lighthouse now and then loses a trace and asks to be run again. */
async function lighthouse(path, attempts = 3) {
  const file = join(folder, 'lighthouse.json');
  const code = await runNode(
    [
      bin('lighthouse'),
      `${origin}${path}`,
      '--quiet',
      '--output=json',
      `--output-path=${file}`,
      '--only-categories=performance,accessibility,best-practices,seo',
      `--chrome-flags=--headless=new ${browserArguments.join(' ')}`,
    ],
    { cwd: root, env: { ...process.env, CHROME_PATH: browserPath } },
  );
  if (code !== 0 && attempts > 1) return lighthouse(path, attempts - 1);
  if (code !== 0) throw new Error(`Lighthouse failed on ${path}.`);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const categories = Object.values(report.categories);
  return {
    paint: report.audits['largest-contentful-paint'].numericValue,
    scores: Object.fromEntries(categories.map(({ id, score }) => [id, Math.round(score * 100)])),
    missed: categories
      .flatMap((category) => category.auditRefs.filter((audit) => audit.weight > 0))
      .map(({ id }) => report.audits[id])
      .filter(({ score }) => score !== null && score < 0.9)
      .map(({ id, title, displayValue }) => `${id}: ${title} ${displayValue ?? ''}`),
  };
}

/** Both buttons in turns, so that a change in the machine's mood meets both. */
async function measureClicks() {
  const strings = JSON.parse(readFileSync(join(root, 'content/ui/en.json'), 'utf8'));
  const name = valueOf('--button') ?? strings.umountReplay?.controls?.next;
  if (name === undefined) throw new Error('Which button is it? Name it with --button.');

  const trivial = [];
  const replay = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    trivial.push(...(await clickTimes('/button/', 'count')));
    replay.push(...(await clickTimes('/umount/', name)));
  }
  const ratio = median(replay) / median(trivial);
  console.log(`click to screen at ${SLOWDOWN} times slower, median of ${trivial.length}:`);
  console.log(`  bare button      ${spread(trivial)}`);
  console.log(`  "${name}"  ${spread(replay)}, ${ratio.toFixed(2)} times`);
  if (ratio > CLICK_LIMIT) failures.push(`click: ${ratio.toFixed(2)} > ${CLICK_LIMIT} times`);
}

/**
 * Milliseconds from each click to the frame that shows its effect, as the browser's own event
 * timing has them. Read from a trace, since pages get them in steps of 8 ms and not below 16.
 */
async function clickTimes(path, name) {
  const browser = await chromium.launch({ executablePath: browserPath, args: browserArguments });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(origin + path);
  const button = page.getByRole('button', { name, exact: true }).first();
  // As a reader has it: the whole figure in view. A change out of sight would not be painted.
  await button.evaluate((element) => {
    (element.closest('figure') ?? element).scrollIntoView({ block: 'start', behavior: 'instant' });
  });
  // Until the component runs, a click does nothing. Astro takes the mark off when it does.
  await page.waitForFunction(
    (element) => element.closest('astro-island[ssr]') === null,
    await button.elementHandle(),
  );
  await page.waitForLoadState('networkidle');
  // The replay rests at its end until someone moves it; Home goes to the beginning.
  if (await button.isDisabled()) {
    const figure = page.locator('[data-figure]', { has: button });
    await figure.locator('button:enabled').first().press('Home');
  }
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });

  // By place: a locator's click runs code of its own in the page to see what it hits.
  const { x, y, width, height } = await button.boundingBox();
  const click = () => page.mouse.click(x + width / 2, y + height / 2);
  await click();
  // That one paid for compiling the code, on both pages.
  await page.waitForTimeout(1000);
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  for (let clicks = 0; clicks < CLICKS; clicks += 1) {
    await click();
    // Transitions last at most 300 ms, and a reader who steps looks at each step.
    await page.waitForTimeout(700);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  await browser.close();

  const times = traceEvents
    .filter(({ name, args: { data } }) => name === 'EventTiming' && data?.type === 'click')
    .map((event) => event.args.data.duration);
  if (times.length !== CLICKS) {
    throw new Error(`${path}: ${CLICKS} clicks, but the trace has ${times.length}.`);
  }
  return times;
}

/** A key in the version of containerd, then one that changes the diff of a long file. */
async function measureKeys() {
  const trivial = [];
  const keys = [];
  const merges = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    trivial.push(...(await clickTimes('/button/', 'count')));
    const times = await keyTimes();
    keys.push(...times.keys);
    merges.push(...times.merges);
  }
  const ratio = median(keys) / median(trivial);
  console.log(`key to screen at ${SLOWDOWN} times slower, median of ${keys.length}:`);
  console.log(`  bare button      ${spread(trivial)}`);
  console.log(`  containerd       ${spread(keys)}, ${ratio.toFixed(2)} times`);
  console.log(`  ${LONG_FILE_LINES} lines merged ${spread(merges)}`);
  if (ratio > KEY_LIMIT) failures.push(`key: ${ratio.toFixed(2)} > ${KEY_LIMIT} times`);
  if (median(merges) > LONG_FILE_LIMIT) failures.push(`merge: over ${LONG_FILE_LIMIT} ms`);
}

async function keyTimes() {
  const browser = await chromium.launch({ executablePath: browserPath, args: browserArguments });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${origin}/configure/`);
  const figure = page.locator('[data-figure="config-generator"]');
  await figure.scrollIntoViewIfNeeded();
  await figure.and(page.locator('[data-ready]')).waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });

  // 2.1.9 and 2.1.99 in turns: both are versions, so each key has an answer of its own.
  await figure.locator('input[name="runtime"]').focus();
  await page.keyboard.press('End');
  const press = (index) => page.keyboard.press(index % 2 === 0 ? '9' : 'Backspace');
  for (let index = 0; index < 4; index += 1) await press(index);
  await page.waitForTimeout(1000);
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  for (let index = 0; index < CLICKS * 2; index += 1) {
    await press(index);
    await page.waitForTimeout(500);
  }
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const keys = traceEvents
    .filter(({ name, args: { data } }) => name === 'EventTiming' && data?.type === 'keydown')
    .map((event) => event.args.data.duration);

  await page.locator('#configure-pasted').evaluate((box, text) => {
    box.value = text;
    box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  }, longFile());
  await figure.locator('.merged[data-outcome="changed"]').waitFor();
  // From the key to the first frame after the diff is another.
  await page.evaluate(() => {
    globalThis.merges = [];
    let pressed = 0;
    addEventListener('keydown', (event) => (pressed = event.timeStamp), true);
    const diff = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest('.merged');
    new MutationObserver((changes) => {
      if (!changes.some(({ target }) => diff(target))) return;
      const since = pressed;
      requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => globalThis.merges.push(performance.now() - since);
        after.port2.postMessage(null);
      });
    }).observe(document.querySelector('[data-figure="config-generator"]'), {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await figure.locator('input[name="node"]:checked').focus();
  for (let index = 0; index < CLICKS * 2; index += 1) {
    await page.keyboard.press(index % 2 === 0 ? 'ArrowRight' : 'ArrowLeft');
    await page.waitForTimeout(500);
  }
  // The first two paid for compiling the code.
  const merges = (await page.evaluate(() => globalThis.merges)).slice(2);
  await browser.close();
  if (merges.length === 0) throw new Error('No key changed the diff of the long file.');
  return { keys, merges };
}

function longFile() {
  let text = 'version = 2\n';
  for (let plugin = 1; text.split('\n').length < LONG_FILE_LINES; plugin += 1)
    text += `\n[plugins."io.example.v1.x${plugin}"]\n  count = ${plugin} # kept\n  list = ["a", "b"]\n  [plugins."io.example.v1.x${plugin}".sub]\n    on = true\n`;
  return text;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function spread(times) {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return `${median(times).toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)})`;
}

function writeBarePages() {
  mkdirSync(join(folder, 'bare'));
  mkdirSync(join(folder, 'button'));
  const page = (body) =>
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare</title>` +
    `<meta name="viewport" content="width=device-width">${body}</html>`;

  let text = '';
  // Words nobody can guess, the same in every run: the page is 14 kB after compression.
  for (let seed = 1; brotliCompressSync(page(text)).length < BARE_BYTES;) {
    for (let paragraph = 0; paragraph < 2; paragraph += 1) {
      let words = '';
      for (let word = 0; word < 60; word += 1) {
        seed = (seed * 48_271) % 2_147_483_647;
        words += `${seed.toString(36)} `;
      }
      text += `<p>${words}</p>`;
    }
  }
  writeFileSync(join(folder, 'bare', 'index.html'), page(text));

  writeFileSync(
    join(folder, 'button', 'index.html'),
    page('<button>count</button> <output>0</output><script src="button.js"></script>'),
  );
  writeFileSync(
    join(folder, 'button', 'button.js'),
    `const output = document.querySelector('output');
document.querySelector('button').addEventListener('click', () => {
  output.textContent = Number(output.textContent) + 1;
});
`,
  );
}
