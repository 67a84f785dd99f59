import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fromPlaywright, fromVitest, single, summary } from '../lib/counts.mjs';
import { bin, cache, root } from '../lib/paths.mjs';
import { firstFree } from '../lib/ports.mjs';
import { Refusal, runNode, tell } from '../lib/process.mjs';
import { build } from './build.mjs';

/** Out of the way of `npm start`, so that both run side by side. */
const FIRST_PORT = 4390;

/** All run, in this order, even when one fails: a reader of the log sees every problem at once. */
const stages = [
  [
    'format',
    () =>
      check([
        [
          'prettier',
          '--check',
          '--log-level=warn',
          '--cache',
          `--cache-location=${join(cache, 'prettier')}`,
          '.',
        ],
      ]),
  ],
  ['text', text],
  [
    'lint',
    () =>
      check([
        // The types of Astro's own modules, which the linter asks for, are generated.
        ['astro', 'sync'],
        ['eslint', '--max-warnings=0', '.'],
        ['depcruise', '--config', 'dependency-cruiser.config.mjs', 'src'],
      ]),
  ],
  // `astro check` reads .astro and .ts files and leaves .svelte files to the other.
  ['types', () => check([['astro', 'check'], ['svelte-check']])],
  ['unit', unit],
  ['claims', claims],
  ['build', buildSite],
  ['browser', browser],
];

/** Runs everything; the last line counts. Answers the exit code. */
export async function test() {
  const results = [];
  for (const [name, stage] of stages) {
    tell(`\n── ${name} ${'─'.repeat(72 - name.length)}`);
    const began = performance.now();
    const counts = await stage();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    tell(`── ${name}: ${summary([counts])} (${seconds} s)`);
    results.push({ name, ...counts });
  }

  const skips = results.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`));
  if (skips.length > 0) tell(`\nSkipped:\n${skips.map((skip) => `  ${skip}`).join('\n')}`);
  const failed = results.filter((result) => result.failed > 0).map((result) => result.name);
  if (failed.length > 0) tell(`\nFailed: ${failed.join(', ')}`);

  tell('');
  process.stdout.write(`${summary(results)}\n`);
  return failed.length > 0 ? 1 : 0;
}

/** Whether the committed evidence carries what the site says. */
async function claims() {
  return single(
    await runNode(['--disable-warning=ExperimentalWarning', join(root, 'lab/check.ts')]),
  );
}

/** Several programs that make up one check; all run. */
async function check(commands) {
  let worst = 0;
  for (const [program, ...args] of commands) {
    worst = Math.max(worst, await runNode([bin(program), ...args], { cwd: root }));
  }
  return single(worst);
}

/** Spelling of English, setting of Chinese. The rules of the text are unit tests: docs/writing.md. */
async function text() {
  const english = await check([['cspell', 'lint', '--no-progress']]);
  try {
    // It is a native module, built for the usual machines alone.
    await import('autocorrect-node');
  } catch {
    return {
      ...english,
      skipped: 1,
      notes: ['Chinese: autocorrect has no build for this machine'],
    };
  }
  const chinese = await check([
    ['autocorrect', '--lint', '--quiet', 'content/pages/zh-cn', 'content/ui/zh-cn.json'],
  ]);
  return {
    ...english,
    passed: english.passed + chinese.passed,
    failed: english.failed + chinese.failed,
  };
}

async function unit() {
  const report = freshReport('vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await runNode([bin('vitest'), ...args], { cwd: root });
  return fromVitest(readReport(report), code);
}

let isBuilt = false;

async function buildSite() {
  const code = await build();
  isBuilt = code === 0;
  return single(code);
}

async function browser() {
  if (!isBuilt) {
    return { passed: 0, failed: 0, skipped: 1, notes: ['all browser tests: there is no build'] };
  }
  let path;
  try {
    path = await (await import('../browser.mjs')).findBrowser();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tell(error.message);
    return single(1);
  }
  const report = freshReport('playwright.json');
  const port = await firstFree(FIRST_PORT);
  const code = await runNode([bin('playwright'), 'test', '--reporter=line,json'], {
    cwd: root,
    env: {
      ...process.env,
      SKIP_SYNC_BROWSER: path,
      SKIP_SYNC_PORT: String(port),
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  return fromPlaywright(readReport(report), code);
}

/** A report's place, without the one of an earlier run. */
function freshReport(name) {
  const file = join(cache, name);
  rmSync(file, { force: true });
  return file;
}

const readReport = (file) =>
  existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
