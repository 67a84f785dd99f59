import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { fallbacks, SETTINGS, type Mount } from '../../src/figures/sync-paths/link.ts';
import { fill, ui } from '../../src/i18n.ts';
import { differences } from '../../src/sync-paths/differences.ts';
import { loadSyncModel } from '../../src/sync-paths/load.ts';
import { existsOn, pathOf } from '../../src/sync-paths/path.ts';
import type { Filesystem, Path } from '../../src/sync-paths/types.ts';

const model = loadSyncModel('en');
const strings = ui('syncPathsFigure', 'en');
const figure = (page: Page): Locator => page.locator('[data-figure="sync-paths"]');
const row = (page: Page, operation: string): Locator =>
  figure(page).locator(`button[data-operation="${operation}"]`);
const live = (page: Page): Locator => figure(page).locator('[aria-live]');

const paths = (kernel: string, mount: Mount, filesystem: Filesystem = 'ext4'): Path[] =>
  model.operations
    .filter((operation) => existsOn(operation, filesystem))
    .map(({ id }) =>
      pathOf(model, { operation: id, kernel, setting: SETTINGS[mount], filesystem }),
    );

/** Opens a page, brings the figure into view and waits until its controls answer. */
async function open(page: Page, address: string): Promise<Locator> {
  await page.goto(address);
  const found = figure(page);
  await found.locator('.figure-title').scrollIntoViewIfNeeded();
  await expect(found).toHaveAttribute('data-ready', '');
  return found;
}

const choose = (page: Page, name: string): Promise<void> =>
  figure(page).getByRole('radio', { name, exact: true }).check();

/** The rows of the picture say what the model says. */
async function agrees(page: Page, all: readonly Path[], mount: Mount): Promise<void> {
  await expect(figure(page).locator('button[data-operation]')).toHaveCount(all.length);
  for (const path of all) {
    const shape = mount === 'on' || path.state === 'not-affected' ? path.state : ('kept' as const);
    await expect(row(page, path.operation)).toHaveAttribute('data-state', shape);
    const word = mount === 'on' ? path.state : path.state === 'not-affected' ? 'stays' : 'reaches';
    await expect(row(page, path.operation)).toContainText(strings.states[word]);
  }
}

test('the first picture is volatile, and a flip changes what the model changes', async ({
  page,
}) => {
  await open(page, '/volatile/');
  await agrees(page, paths('6.12', 'on'), 'on');
  await choose(page, strings.controls.off);
  await agrees(page, paths('6.12', 'off'), 'off');
  await expect.poll(() => new URL(page.url()).search).toBe('?volatile=off');
  await choose(page, strings.controls.strict);
  await agrees(page, paths('6.12', 'strict'), 'strict');
  await choose(page, strings.controls.on);
  await agrees(page, paths('6.12', 'on'), 'on');
  expect(new URL(page.url()).search).toBe('');
});

for (const { kernel, fs } of [
  { kernel: '5.10', fs: 'ext4' },
  { kernel: '6.12.0', fs: 'ext4' },
  { kernel: '6.1', fs: 'xfs' },
  { kernel: '7.2', fs: 'btrfs' },
] as const) {
  test(`${kernel} on ${fs}: every row is as the model has it`, async ({ page }) => {
    await open(page, `/volatile/?kernel=${kernel}&fs=${fs}`);
    await agrees(page, paths(kernel, 'on', fs), 'on');
    await choose(page, strings.controls.off);
    await agrees(page, paths(kernel, 'off', fs), 'off');
  });
}

test('the lines end where the rows say', async ({ page }) => {
  await open(page, '/volatile/?volatile=on&op=fsync');
  const all = paths('6.12', 'on');
  const stopped = all.filter(({ leaf, reachesDisk }) => leaf && !reachesDisk);
  await expect(figure(page).locator('path.ghost')).toHaveCount(stopped.length);
  await expect(figure(page).locator('path.solid')).toHaveCount(all.length);
  await choose(page, strings.controls.off);
  const plain = paths('6.12', 'off').filter(({ leaf, reachesDisk }) => leaf && !reachesDisk);
  await expect(figure(page).locator('path.ghost')).toHaveCount(plain.length);
});

test('a press on the first picture is not lost while the rest is loading', async ({ page }) => {
  const found = await open(page, '/volatile/');
  await row(page, 'msync').click();
  await expect(row(page, 'msync')).toHaveAttribute('aria-current', 'true');
  await expect(found.locator('.detail-title')).toHaveText('Flush a shared mapping');
  await expect.poll(() => new URL(page.url()).search).toBe('?op=msync');
  await expect(live(page)).toContainText(strings.states.kept);
});

test('by keyboard alone: mount, row, step', async ({ page }) => {
  const found = await open(page, '/volatile/');
  await found.getByRole('radio', { name: strings.controls.on, exact: true }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(found.locator('.figure-title')).toContainText('fsync=strict');
  await expect(live(page)).toContainText('fsync=strict');
  await page.keyboard.press('ArrowRight');
  await row(page, 'umount').focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 'close-detached')).toBeFocused();
  await expect(row(page, 'close-detached')).toHaveAttribute('aria-current', 'true');
  await expect.poll(() => new URL(page.url()).search).toBe('?op=close-detached');
  const step = found.locator('[data-step="ovl_sync_fs"]');
  await step.focus();
  await page.keyboard.press('Enter');
  await expect(step).toHaveAttribute('aria-expanded', 'true');
  await expect(step).toBeFocused();
  await expect.poll(() => page.url()).toContain('step=ovl_sync_fs');
});

test('a link opens an operation, a kernel, a view and a step', async ({ page }) => {
  const found = await open(
    page,
    '/volatile/?op=fsync&kernel=7.2&volatile=off&step=vfs_fsync_range.upper#paths',
  );
  await expect(row(page, 'fsync')).toHaveAttribute('aria-current', 'true');
  const leaf = found.locator('[data-step="vfs_fsync_range.upper"]');
  await expect(leaf).toHaveAttribute('aria-expanded', 'true');
  await expect(leaf).toHaveAttribute('data-state', 'runs');
  await expect(found.locator('.about a')).toHaveAttribute('href', /fs\/sync\.c\?h=v7\.2/);
  await choose(page, strings.controls.on);
  await expect(leaf).toHaveAttribute('data-state', 'not-reached');
  await expect(leaf).toContainText(strings.detail.never);
});

test('what a link asks for and is not there falls back and is said', async ({ page }) => {
  const found = await open(
    page,
    '/volatile/?kernel=4.19&fs=zfs&op=no-such&step=no_such&volatile=maybe',
  );
  await expect(found.locator('.problem')).toHaveCount(5);
  await expect(found.locator('.problem').first()).toContainText('volatile=maybe');
  await agrees(page, paths('6.12', 'on'), 'on');
  await open(page, '/volatile/?kernel=6.1&volatile=strict');
  await expect(found.locator('.problem')).toContainText('volatile=strict');
  await expect(found.getByRole('radio', { name: strings.controls.strict })).toHaveCount(0);
});

test('copy link restores exactly this view, also in the other language', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const found = await open(page, '/volatile/');
  await choose(page, '5.10');
  await choose(page, 'xfs');
  await row(page, 'copy-up').click();
  await found.getByRole('button', { name: strings.controls.copy }).click();
  await expect(found.getByRole('button', { name: strings.controls.copied })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).search).toBe('?op=copy-up&kernel=5.10&fs=xfs');
  expect(new URL(link).hash).toBe('#paths');
  await open(page, link);
  await expect(row(page, 'copy-up')).toHaveAttribute('aria-current', 'true');
  await page.getByRole('link', { name: '中文' }).click();
  await expect(page).toHaveURL(/\/zh-cn\/volatile\/\?op=copy-up&kernel=5\.10&fs=xfs/);
  await expect(row(page, 'copy-up')).toHaveAttribute('aria-current', 'true');
});

test('back and forward bring the view of each address', async ({ page }) => {
  await open(page, '/volatile/?op=fsync');
  await page.evaluate(() => {
    history.pushState(null, '', '?op=msync&volatile=off');
    dispatchEvent(new PopStateEvent('popstate'));
  });
  await expect(row(page, 'msync')).toHaveAttribute('aria-current', 'true');
  await page.goBack();
  await expect(row(page, 'fsync')).toHaveAttribute('aria-current', 'true');
  await expect(
    figure(page).getByRole('radio', { name: strings.controls.on, exact: true }),
  ).toBeChecked();
});

test('a kernel that was not run shows nothing as measured', async ({ page }) => {
  const found = await open(page, '/volatile/?kernel=5.15&view=table');
  await expect(found.locator('tbody tr')).toHaveCount(paths('5.15', 'on').length);
  await expect(found.locator('tbody td:last-child', { hasText: '…' })).toHaveCount(0);
  await expect(
    found.locator('tbody td:last-child', { hasText: strings.evidence.measured }),
  ).toHaveCount(0);
  await expect(found.locator('.runs')).toHaveCount(0);
});

test('a selected operation says what changed since the kernel before', async ({ page }) => {
  const found = await open(page, '/volatile/?kernel=6.12&op=remount-ro');
  const { changes } = differences(model, '6.1', '6.12');
  const renamed = changes.find(
    ({ kind, operations }) => kind === 'renamed' && operations.includes('remount-ro'),
  );
  if (renamed) {
    await expect(found.locator('.changes')).toContainText(renamed.before ?? '');
    await expect(found.locator('.changes')).toContainText(renamed.after ?? '');
  }
  await expect(found.locator('.changes')).toContainText('fsync=volatile');
});

test('a place in the table is shown to those who are sent there', async ({ page }) => {
  const found = await open(page, '/volatile/');
  await expect(found.getByRole('table')).toBeHidden();
  await page.locator('.sources a[href="#use-msync-linux-msync"]').click();
  await expect(found.locator('#use-msync-linux-msync')).toBeInViewport();
  await page.goto('/incident/');
  await page.goto('/volatile/#msync');
  await expect(found.locator('tr#msync')).toBeInViewport();
});

test.describe('the table', () => {
  test('sorts both ways and back, by key and by press', async ({ page }) => {
    const found = await open(page, '/volatile/?view=table');
    await expect(found.locator('.tree')).toBeHidden();
    const header = found.getByRole('columnheader', { name: strings.table.gate });
    await expect(header).not.toHaveAttribute('aria-sort', /.+/);
    await header.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await expect(header).toHaveAttribute('aria-sort', 'ascending');
    const gates = await found.locator('tbody td:nth-child(3) code').allTextContents();
    expect(gates).toEqual([...gates].sort((a, b) => a.localeCompare(b)));
    await expect.poll(() => page.url()).toContain('sort=gate');
    await header.getByRole('button').click();
    await expect(header).toHaveAttribute('aria-sort', 'descending');
    await header.getByRole('button').click();
    await expect(header).not.toHaveAttribute('aria-sort', /.+/);
    expect(page.url()).not.toContain('sort=');
  });

  test('filters by state and by text', async ({ page }) => {
    const found = await open(page, '/volatile/?view=table');
    const all = paths('6.12', 'on');
    for (const state of ['skipped', 'kept'] as const) {
      await found.getByRole('radio', { name: strings.states[state], exact: true }).check();
      await expect(found.locator('tbody tr')).toHaveCount(
        all.filter((path) => path.state === state).length,
      );
    }
    await found.getByRole('radio', { name: strings.table.all, exact: true }).check();
    await found.getByRole('searchbox', { name: strings.table.filter }).fill('fdatasync');
    await expect(found.locator('tbody tr')).toHaveCount(1);
    await found.getByRole('searchbox', { name: strings.table.filter }).fill('no such thing');
    await expect(found.locator('tbody')).toContainText(strings.table.none);
    await expect(live(page)).toContainText('0');
  });

  test('holds the same selection as the lines', async ({ page }) => {
    const found = await open(page, '/volatile/?view=table');
    await found.getByRole('button', { name: 'Flush a directory' }).click();
    await choose(page, strings.controls.tree);
    await expect(row(page, 'fsync-directory')).toHaveAttribute('aria-current', 'true');
  });
});

test.describe('I call', () => {
  const ask = (page: Page): Locator =>
    figure(page).getByRole('searchbox', { name: strings.ask.label });

  test('a call leads to its operation, and what volatile does with it', async ({ page }) => {
    const found = await open(page, '/volatile/');
    await ask(page).fill('FSYNC(2)');
    const best = found.locator('.answer').first();
    await expect(best).toContainText('fsync');
    await expect(best).toContainText(strings.states.skipped);
    await found.locator('.answer', { hasText: 'fdatasync' }).first().click();
    await expect(row(page, 'fdatasync')).toHaveAttribute('aria-current', 'true');
  });

  test('a program leads to the calls that it makes', async ({ page }) => {
    const found = await open(page, '/volatile/');
    const tool = model.tools.find(({ id }) => id.startsWith('dd'));
    await ask(page).fill('dd oflag=sync');
    await expect(found.locator('.tool').first()).toContainText(tool?.does ?? '?');
    await expect(found.locator('.of-tool .answer').first()).toContainText(strings.states.kept);
  });

  test('before a word there are examples, and a word that fits nothing helps on', async ({
    page,
  }) => {
    const found = await open(page, '/volatile/');
    await found.getByRole('button', { name: 'msync', exact: true }).first().click();
    await expect(ask(page)).toHaveValue('msync');
    await expect(found.locator('.answer')).not.toHaveCount(0);
    await ask(page).fill('zzzz');
    await expect(found.getByRole('status')).toHaveText(fill(strings.ask.none, { query: 'zzzz' }));
    await expect(found.locator('.strace')).toContainText('strace -f');
  });

  test('an operation of another file system takes the reader there', async ({ page }) => {
    await open(page, '/volatile/');
    await ask(page).fill('reflink');
    await figure(page).locator('.answer').first().click();
    await expect(row(page, 'copy-up-reflink')).toHaveAttribute('aria-current', 'true');
    await expect(figure(page).getByRole('radio', { name: 'xfs', exact: true })).toBeChecked();
  });
});

test('without JavaScript the table holds both mounts, and the picture is volatile', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' });
  const page = await context.newPage();
  await page.goto('/volatile/');
  const table = figure(page).getByRole('table');
  await expect(table).toBeVisible();
  const all = paths('6.12', 'on');
  await expect(table.locator('tbody tr')).toHaveCount(all.length);
  for (const path of all)
    await expect(table.locator(`tr#${path.operation}`)).toContainText(strings.states[path.state]);
  for (const column of [strings.table.plain, strings.table.volatile])
    await expect(table.locator('th.number', { hasText: column })).toBeVisible();
  await agrees(page, all, 'on');
  await expect(figure(page).locator('.choices').first()).toBeHidden();
  await context.close();
});

test('each row says in words what its line shows', async ({ page }) => {
  await open(page, '/volatile/');
  await expect(row(page, 'fsync')).toHaveAccessibleName(
    /fsync\s*skipped.*ovl_sync_status.*vfs_fsync_range/,
  );
  await expect(row(page, 'msync')).toHaveAccessibleName(/msync\s*kept.*No gate.*vfs_fsync_range/);
  await expect(row(page, 'write')).toHaveAccessibleName(new RegExp(strings.tree.wayNone));
  await expect(figure(page).locator('.lines')).toHaveAttribute('aria-hidden', 'true');
});

test('print shows the table', async ({ page }) => {
  const found = await open(page, '/volatile/');
  await expect(found.getByRole('table')).toBeHidden();
  await page.emulateMedia({ media: 'print' });
  await expect(found.getByRole('table')).toBeVisible();
  await expect(found.locator('.tree')).toBeHidden();
});

test('a flip draws the lines back to their gates, within a third of a second', async ({ page }) => {
  await page.clock.install();
  const found = await open(page, '/volatile/?volatile=off');
  const line = found.locator('path.solid').nth(2);
  const ends = async (): Promise<number> => {
    const data = (await line.getAttribute('d')) ?? '';
    return Number(/H([\d.]+)$|([\d.]+) [\d.]+$/.exec(data)?.slice(1).find(Boolean));
  };
  const plain = await ends();
  // From here on the time is the test's: on a slow machine a third of a second is soon over.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
  await choose(page, strings.controls.on);
  await page.clock.runFor(100);
  const between = await ends();
  await page.clock.runFor(250);
  const volatile = await ends();
  expect(between).toBeLessThan(plain);
  expect(between).toBeGreaterThan(volatile);
  expect(await line.getAttribute('d')).toMatch(/H26$/);
});

test('under reduced motion a flip is over at once', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ reducedMotion: 'reduce', baseURL: baseURL ?? '' });
  const page = await context.newPage();
  const found = await open(page, '/volatile/?volatile=off');
  const ends = () =>
    found.locator('path.solid').evaluateAll((lines) => lines.map((line) => line.getAttribute('d')));
  await choose(page, strings.controls.on);
  const first = await ends();
  await page.waitForTimeout(400);
  expect(await ends()).toEqual(first);
  await context.close();
});

test('data that does not come leaves the first picture and says so', async ({ page }) => {
  const MODEL = '**/sync-paths/model-en.json';
  await page.route(MODEL, (route) => route.abort());
  const found = await open(page, '/volatile/');
  await row(page, 'fsync').click();
  await expect(found.getByRole('alert')).toHaveText(strings.failed);
  await page.unroute(MODEL);
  // What said so makes way above the row: not while a slow finger is on it.
  const came = page.waitForResponse(MODEL);
  await row(page, 'msync').hover();
  await page.mouse.down();
  await (await came).finished();
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  await expect(found.getByRole('alert')).toHaveCount(1);
  await page.mouse.up();
  await expect(found.getByRole('alert')).toHaveCount(0);
  await expect(row(page, 'msync')).toHaveAttribute('aria-current', 'true');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const state of [
    '',
    '?volatile=off&op=msync',
    '?view=table&sort=-plain',
    '?kernel=5.15&fs=xfs&op=copy-up',
  ]) {
    test(`axe finds nothing in the ${colorScheme} figure at "${state}"`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      const found = await open(page, `/volatile/${state}`);
      await found.getByRole('searchbox', { name: strings.ask.label }).fill('sync');
      await expect(found.locator('.answer').first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page })
        .include('[data-figure="sync-paths"]')
        .analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      ).toEqual([]);
    });
  }
}

for (const address of [
  '/volatile/',
  '/zh-cn/volatile/?view=table',
  '/volatile/?kernel=5.10&op=osync-write',
]) {
  test(`${address} fits a phone and its targets a finger @phone`, async ({ page }) => {
    const found = await open(page, address);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    for (const target of await found
      .locator('.row:visible, .step:visible, .segments label:visible, .examples button')
      .all()) {
      const box = await target.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
    }
  });
}

test('on a phone a row says what becomes of it in place @phone', async ({ page }) => {
  const found = await open(page, '/volatile/');
  await expect(found.locator('.lines')).toBeHidden();
  await row(page, 'msync').click();
  await expect(found.locator('.row-says')).toContainText(strings.sentence.kept);
  await found.getByRole('link', { name: strings.tree.more }).click();
  await expect(found.locator('.detail-title')).toBeInViewport();
});

test('the default link is the one without a query', () => {
  expect(fallbacks).toMatchObject({ op: 'umount', kernel: '6.12', volatile: 'on', view: 'tree' });
});
