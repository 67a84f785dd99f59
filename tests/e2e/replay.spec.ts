import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { duration, kibibytes } from '../../src/format.ts';
import { loadRecording } from '../../src/recording/load.ts';
import { RECORDED, SERIES } from '../../src/figures/umount-replay/link.ts';

const figure = (page: Page): Locator => page.locator('[data-figure="umount-replay"]');
const clock = (page: Page, lane: 'plain' | 'volatile'): Locator =>
  figure(page).locator(`.clock.${lane} .clock-time`);

/** Opens a page, brings the replay into view and waits until its controls answer. */
async function open(page: Page, address: string): Promise<Locator> {
  await page.goto(address);
  const found = figure(page);
  await found.locator('.transport').scrollIntoViewIfNeeded();
  await expect(found).toHaveAttribute('data-ready', '');
  return found;
}

/** A time as the clock prints it: the unit stands in an element of its own, without the gap. */
const shown = (seconds: number): string => duration(seconds).replaceAll('\u00a0', '');

const row = (page: Page, key: string): Locator => figure(page).locator(`button[data-row="${key}"]`);

for (const series of SERIES) {
  test(`${series}: both clocks stop at the recorded times`, async ({ page }) => {
    const found = await open(page, '/umount/');
    await found.getByRole('radio', { name: series, exact: true }).check();
    const id = `${series}-ext4-${RECORDED.own}`;
    const plain = await loadRecording(`${id}-plain`);
    const volatile = await loadRecording(`${id}-volatile`);
    await expect(found.getByRole('link', { name: plain.id })).toBeVisible();
    await expect(clock(page, 'plain')).toHaveText(shown(plain.seconds));
    await expect(clock(page, 'volatile')).toHaveText(shown(volatile.seconds));
    await expect(row(page, 'wb_wait_for_completion')).toContainText('never called');
    await expect(found.locator('.kept-note')).toContainText(kibibytes(volatile.after.dirtyKiB));
    await expect(found.locator('figcaption')).toContainText(plain.kernel.version);
    const data = await page.request.get(`/recordings/${plain.id}.json`);
    expect(await data.json()).toEqual(plain);
  });
}

test('a link opens at ovl_sync_fs with volatile on', async ({ page }) => {
  const found = await open(page, '/umount/?kernel=6.12&volatile=on&frame=ovl_sync_fs#replay');
  await expect(found.getByRole('radio', { name: 'on', exact: true })).toBeChecked();
  await expect(row(page, 'ovl_sync_fs')).toHaveAttribute('aria-current', 'true');
  await expect(row(page, 'ovl_sync_fs').locator('.call')).toHaveClass(/current/);
  await expect(row(page, 'sync_filesystem.2').locator('.call')).toHaveClass(/never/);
  await expect(found.locator('.clock.plain')).toHaveCount(0);
});

test('keys step, jump and play, and a live region says what happened', async ({ page }) => {
  await page.clock.install();
  const found = await open(page, '/umount/');
  const said = found.locator('[aria-live]');
  await row(page, 'wb_wait_for_completion').focus();
  await page.keyboard.press('Home');
  await expect(row(page, '__x64_sys_umount')).toHaveAttribute('aria-current', 'true');
  await expect(said).toContainText('__x64_sys_umount');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.url()).toContain('frame=path_umount');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.url()).toContain('frame=__x64_sys_umount');
  await page.keyboard.press('End');
  await expect(said).toContainText('Without volatile the operation took');
  expect(new URL(page.url()).search).toBe('');

  await found.getByRole('slider').focus();
  await page.keyboard.press('Space');
  await expect(found.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.clock.runFor(60_000);
  const plain = await loadRecording(`6.12-ext4-${RECORDED.own}-plain`);
  await expect(found.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(clock(page, 'plain')).toHaveText(shown(plain.seconds));
});

test('the buttons do what the keys do', async ({ page }) => {
  const found = await open(page, '/umount/?frame=__x64_sys_umount&volatile=off');
  await expect(found.getByRole('button', { name: 'Step back' })).toBeDisabled();
  await found.getByRole('button', { name: 'Step forward' }).click();
  await expect(row(page, 'path_umount')).toHaveAttribute('aria-current', 'true');
  await expect.poll(() => page.url()).toContain('frame=path_umount');
  await row(page, 'wb_wait_for_completion').click();
  await expect(found.locator('.detail')).toContainText('wb_wait_for_completion');
  await expect(found.locator('.detail a')).toHaveAttribute(
    'href',
    /fs\/fs-writeback\.c\?h=v6\.12\./,
  );
  await expect(found.locator('.pace')).toContainText('sped up');
  await found.getByRole('button', { name: 'Play' }).click();
  await found.getByRole('button', { name: 'Pause' }).click();
  await expect(found.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('the stack stands beside the incident, leaf first', async ({ page }) => {
  const found = await open(page, '/umount/?view=stack&volatile=off');
  const recording = await loadRecording(`6.12-ext4-${RECORDED.own}-plain`);
  const stack =
    recording.stacks[recording.samples.findLast((s) => s.stack !== undefined)?.stack ?? 0];
  const cells = found.locator('.stack-table tbody td:nth-child(2) code');
  await expect(cells).toHaveText((stack ?? []).map((frame) => frame.trim()));
  await expect(found.locator('.stack-table tbody td:nth-child(1) code')).toHaveCount(19);
  await found.getByRole('radio', { name: 'on', exact: true }).check();
  await expect(found.locator('.stack-none')).toContainText('there is no stack to show');
});

test('a state that does not exist falls back and says so', async ({ page }) => {
  const found = await open(page, '/umount/?kernel=4.19&frame=no_such_call&memory=64');
  await expect(found.locator('.problem')).toHaveText([/kernel=4\.19.*6\.12/, /no_such_call/]);
  await expect(found.getByRole('radio', { name: '6.12', exact: true })).toBeChecked();
});

test('a recording that does not load leaves the one before and says how to go on', async ({
  page,
}) => {
  await page.route('**/replay/7.2-own.json', (route) => route.abort());
  const found = await open(page, '/umount/');
  // Not `check`: the choice goes back when the recording does not come.
  await found.getByRole('radio', { name: '7.2', exact: true }).click();
  await expect(found.getByRole('alert')).toContainText('7.2');
  await expect(found.getByRole('radio', { name: '6.12', exact: true })).toBeChecked();
  await page.unroute('**/replay/7.2-own.json');
  await found.getByRole('radio', { name: '7.2', exact: true }).check();
  await expect(found.getByRole('alert')).toHaveCount(0);
  await expect(found.locator('figcaption')).toContainText('7.2.');
});

test('copy link restores exactly this view', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const found = await open(page, '/');
  await found.getByRole('radio', { name: '5.10', exact: true }).check();
  await found.getByRole('radio', { name: 'off', exact: true }).check();
  await row(page, 'jbd2_log_wait_commit').click();
  await found.getByRole('button', { name: 'Copy link to this view' }).click();
  await expect(found.getByRole('button', { name: 'Link copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe('?kernel=5.10&volatile=off&frame=jbd2_log_wait_commit');
  expect(new URL(link).hash).toBe('#replay');
  const time = await clock(page, 'plain').textContent();
  await open(page, link);
  await expect(row(page, 'jbd2_log_wait_commit')).toHaveAttribute('aria-current', 'true');
  await expect(clock(page, 'plain')).toHaveText(time ?? '');
});

test('the language switch keeps what is shown', async ({ page }) => {
  const found = await open(page, '/umount/?kernel=7.2&volatile=on');
  await row(page, 'ovl_sync_status').click();
  await page.getByRole('link', { name: '中文' }).click();
  await expect(page).toHaveURL(/\/zh-cn\/umount\/\?kernel=7\.2&volatile=on&frame=ovl_sync_status/);
  await found.locator('.transport').scrollIntoViewIfNeeded();
  await expect(row(page, 'ovl_sync_status')).toHaveAttribute('aria-current', 'true');
  await expect(found.getByRole('radio', { name: '开', exact: true })).toBeChecked();
});

test('without JavaScript both end states and every call can be read', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('/umount/');
  const plain = await loadRecording(`6.12-ext4-${RECORDED.own}-plain`);
  const volatile = await loadRecording(`6.12-ext4-${RECORDED.own}-volatile`);
  await expect(clock(page, 'plain')).toHaveText(shown(plain.seconds));
  await expect(clock(page, 'volatile')).toHaveText(shown(volatile.seconds));
  expect(await figure(page).locator('.row').count()).toBeGreaterThan(30);
  await expect(figure(page).locator('.call.never').first()).toContainText('never called');
  await context.close();
});

test('under reduced motion a replay moves from step to step only', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.clock.install();
  const found = await open(page, '/umount/?volatile=off&frame=wb_wait_for_completion');
  const before = await clock(page, 'plain').textContent();
  await found.getByRole('button', { name: 'Play' }).click();
  await page.clock.runFor(1000);
  await expect(clock(page, 'plain')).toHaveText(before ?? '');
  await page.clock.runFor(60_000);
  const plain = await loadRecording(`6.12-ext4-${RECORDED.own}-plain`);
  await expect(clock(page, 'plain')).toHaveText(shown(plain.seconds));
  await context.close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const state of [
    '',
    '?volatile=on',
    '?view=stack',
    '?frame=wb_wait_for_completion&volatile=off',
  ]) {
    test(`axe finds nothing in the ${colorScheme} figures at "${state}"`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await open(page, `/umount/${state}`);
      const { violations } = await new AxeBuilder({ page })
        .include('[data-figure="umount-replay"]')
        .include('[data-figure="dirty-pages"]')
        .analyze();
      expect(violations).toEqual([]);
    });
  }
}

test('the figure fits a phone and its targets a finger @phone', async ({ page }) => {
  const found = await open(page, '/umount/');
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  for (const target of await found
    .locator('.transport button, .segments label, .row button')
    .all()) {
    const box = await target.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
  }
});

test.describe('dirty-pages', () => {
  const chart = (page: Page): Locator => page.locator('[data-figure="dirty-pages"]');

  test('the sliders put the reader on the line, by key, and the link keeps it', async ({
    page,
  }) => {
    await page.goto('/umount/');
    await chart(page).scrollIntoViewIfNeeded();
    await expect(chart(page)).toHaveAttribute('data-ready', '');
    const answer = await chart(page).locator('.answer').textContent();
    await chart(page).getByRole('slider').first().focus();
    await page.keyboard.press('End');
    await expect(chart(page).locator('.answer')).not.toHaveText(answer ?? '');
    await expect.poll(() => new URL(page.url()).search).toBe('?memory=2048');
    const changed = await chart(page).locator('.answer').textContent();
    await page.reload();
    await chart(page).scrollIntoViewIfNeeded();
    await expect(chart(page).locator('.answer')).toHaveText(changed ?? '');
  });

  test('the table holds the recorded seconds', async ({ page }) => {
    await page.goto('/umount/');
    await chart(page).getByText('Every measured point').click();
    const recording = await loadRecording('6.1-ext4-umount-scale-128-plain');
    const cells = chart(page).getByRole('row', { name: /6\.1\.\d+, without volatile/ });
    // 0 to 256 MiB on each kernel.
    const points = 5 * SERIES.length;
    await expect(cells).toContainText(duration(recording.seconds));
    await expect(chart(page).locator('circle.plain')).toHaveCount(points);
    await expect(chart(page).locator('circle.volatile')).toHaveCount(points);
  });

  test('a value beyond the axes falls back and says so', async ({ page }) => {
    await page.goto('/umount/?disk=0#dirty-pages');
    await expect(chart(page).locator('.problem')).toContainText('disk=0');
  });
});
