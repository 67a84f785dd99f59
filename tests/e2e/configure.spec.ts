import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';

const figure = (page: Page): Locator => page.locator('[data-figure="config-generator"]');

async function open(page: Page, address: string): Promise<Locator> {
  await page.goto(address);
  const found = figure(page);
  await found.scrollIntoViewIfNeeded();
  await expect(found).toHaveAttribute('data-ready', '');
  return found;
}

const verdict = (page: Page): Locator => figure(page).locator('.verdict');
const runtime = (page: Page): Locator => figure(page).locator('input[name="runtime"]');
const kernel = (page: Page): Locator => figure(page).locator('input[name="kernel"]');

async function ask(page: Page, containerd: string, linux?: string): Promise<void> {
  await runtime(page).fill(containerd);
  if (linux !== undefined) await kernel(page).fill(linux);
  await page.keyboard.press('Tab');
}

test('the first answer is right before any click, and without JavaScript', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('/configure/');
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'works');
  await expect(figure(page)).toContainText('mount_options');
  await context.close();
});

for (const { containerd, linux, gives } of [
  { containerd: '1.7.24', linux: '6.12', gives: 'works' },
  { containerd: '2.1.9', linux: '5.15.0-1051-aws', gives: 'works' },
  { containerd: '1.7.3', linux: '6.12', gives: 'refused' },
  { containerd: '2.1.9', linux: '5.4', gives: 'refused' },
  { containerd: '1.7.18', linux: '6.12', gives: 'known-problem' },
  { containerd: '2.1.9', linux: '4.18.0-513.el8.x86_64', gives: 'test-first' },
]) {
  test(`containerd ${containerd} on ${linux}: ${gives}`, async ({ page }) => {
    await open(page, '/configure/');
    await ask(page, containerd, linux);
    await expect(verdict(page)).toHaveAttribute('data-verdict', gives);
    // A file stands there exactly when it would do something.
    await expect(figure(page).locator('.file-lines')).toHaveCount(
      gives === 'works' || gives === 'test-first' ? 1 : 0,
    );
    await expect
      .poll(() => new URL(page.url()).searchParams.get('runtime') ?? '2.1.9')
      .toBe(containerd);
  });
}

test('a refusal offers the nearest version that works, and taking it gives the file', async ({
  page,
}) => {
  const found = await open(page, '/configure/?runtime=1.7.3');
  await found.getByRole('button', { name: /1\.7\.19/ }).click();
  await expect(runtime(page)).toHaveValue('1.7.19');
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'works');
});

test('a known problem gives a file only to readers who accept it', async ({ page }) => {
  const found = await open(page, '/configure/?runtime=1.7.18');
  await expect(found.locator('.file-lines')).toHaveCount(0);
  await found.getByRole('checkbox').check();
  await expect(found.locator('.file-lines')).toHaveCount(1);
  await expect.poll(() => page.url()).toContain('accept=on');
});

test('copied and downloaded it is one valid file', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const found = await open(page, '/configure/?runtime=1.7.24');
  await found.getByRole('button', { name: /whole file/ }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  const downloading = page.waitForEvent('download');
  await found.getByRole('link', { name: /config\.toml/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('config.toml');
  expect(readFileSync(await download.path(), 'utf8')).toBe(copied);
  expect(parse(copied)).toEqual({
    version: 2,
    plugins: {
      'io.containerd.snapshotter.v1.overlayfs': { mount_options: ['volatile'] },
      'io.containerd.grpc.v1.cri': { image_pull_with_sync_fs: true },
    },
  });
});

test('a node that is thrown away needs no sync on pull, by keyboard alone', async ({ page }) => {
  const found = await open(page, '/configure/');
  await found.locator('input[name="node"]').first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(found.locator('.file-lines')).not.toContainText('image_pull_with_sync_fs');
  await expect.poll(() => new URL(page.url()).search).toBe('?node=discarded');
  await expect(found.locator('[aria-live]')).not.toBeEmpty();
  await page.reload();
  await found.scrollIntoViewIfNeeded();
  await expect(found.locator('.file-lines')).not.toContainText('image_pull_with_sync_fs');
});

test('text that is no version says what to write instead', async ({ page }) => {
  const found = await open(page, '/configure/');
  await ask(page, 'latest');
  await expect(verdict(page)).toHaveAttribute('data-verdict', 'unreadable');
  await expect(runtime(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(found.locator('.file-lines')).toHaveCount(0);
});

test('an unknown value in a link falls back and says so', async ({ page }) => {
  const found = await open(page, '/configure/?node=maybe');
  await expect(found.locator('.problem')).toContainText('node=maybe');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const query of [
    '?runtime=1.7.3',
    '?runtime=1.7.18',
    '?kernel=4.18.0-513.el8.x86_64',
    '?runtime=x',
  ]) {
    test(`axe finds nothing at ${query} in the ${colorScheme} theme`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, `/configure/${query}`);
      const { violations } = await new AxeBuilder({ page })
        .include('[data-figure="config-generator"]')
        .analyze();
      expect(violations).toEqual([]);
    });
  }
}
