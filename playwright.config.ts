import { execFileSync } from 'node:child_process';
import { defineConfig, devices } from '@playwright/test';
import { browserArguments } from './scripts/browser.mjs';

/**
 * Browser tests run on the built site in `dist`, served as `npm start` serves it. `npm test` sets
 * both variables; a test run by hand (`npx playwright test tests/e2e/x.spec.ts`) works without.
 */
const port = Number(process.env.SKIP_SYNC_PORT ?? 4390);
process.env.SKIP_SYNC_BROWSER ??= execFileSync(process.execPath, ['scripts/browser.mjs'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
}).trim();

const baseURL = `http://127.0.0.1:${port}`;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  // One per core.
  workers: '100%',
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'line',
  use: {
    baseURL,
    trace: 'off',
    locale: 'en-GB',
    launchOptions: { executablePath: process.env.SKIP_SYNC_BROWSER, args: browserArguments },
  },
  // A test runs on the desktop unless its title or tag says `@phone` (there only) or `@both`.
  projects: [
    {
      name: 'desktop',
      grepInvert: /@phone\b/,
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'phone',
      grep: /@phone\b|@both\b/,
      use: { ...devices['Pixel 7'], viewport: { width: 360, height: 740 } },
    },
  ],
  webServer: {
    command: `"${process.execPath}" scripts/serve.mjs --port ${port} --strict-port`,
    url: `${baseURL}/`,
    reuseExistingServer: false,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 2000 },
  },
});
