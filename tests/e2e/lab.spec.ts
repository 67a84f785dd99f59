import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dist } from '../../scripts/lib/paths.mjs';
import { fill, locales, pagePath, ui } from '../../src/i18n.ts';

const LAB = pagePath('en', 'lab');
const strings = ui('lab', 'en');

const html = (path: string): string => readFileSync(join(dist, path, 'index.html'), 'utf8');
const idsOf = (path: string, prefix: string): string[] =>
  [...html(path).matchAll(new RegExp(`\\sid="(${prefix}[^"]*)"`, 'g'))].map(([, id = '']) => id);

const operations = (page: Page) => page.locator('.lab-operation');

test.describe('data', () => {
  test('every file that the page offers is there, as what it says, as large as it says', async ({
    page,
    request,
  }) => {
    await page.goto(LAB);
    const links = await page.locator('.lab-downloads td').evaluateAll((cells) =>
      cells.map((cell) => ({
        href: cell.querySelector('a')?.getAttribute('href') ?? '',
        type: cell.querySelector('a')?.type ?? '',
        said: cell.textContent,
      })),
    );
    expect(links.length).toBeGreaterThan(10);
    for (const { href, type, said } of links) {
      const response = await request.get(href);
      expect(response.status(), href).toBe(200);
      expect(response.headers()['content-type'], href).toBe(`${type}; charset=utf-8`);
      const body = await response.body();
      expect(said, href).toContain(`${Math.ceil(body.length / 1000)}\u00a0kB`);
      if (type === 'application/json') JSON.parse(body.toString());
      else expect(body.toString(), href).toMatch(/^"[a-z_]+",.*\r\n/);
    }
    // Each table names its own data, too.
    const offered = new Set(links.map(({ href }) => href));
    const named = await page
      .locator('.lab-data a')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(named.filter((href) => !offered.has(href))).toEqual([]);
  });

  test('a table has as many rows as CSV and as JSON', async ({ request }) => {
    const table = (await (await request.get('/lab/verdicts.json')).json()) as {
      columns: { name: string }[];
      rows: Record<string, unknown>[];
    };
    const lines = (await (await request.get('/lab/verdicts.csv')).text()).split('\r\n');
    expect(lines).toHaveLength(table.rows.length + 2);
    expect(lines[0]).toBe(table.columns.map(({ name }) => `"${name}"`).join());
  });
});

test.describe('the page', () => {
  test('has the same operations and claims in both languages', () => {
    for (const prefix of ['op-', 'claim-', 'cut-', 'probe-', 'experiment-']) {
      const [here, ...others] = locales.map((locale) => idsOf(pagePath(locale, 'lab'), prefix));
      for (const other of others) expect(other, prefix).toEqual(here);
    }
    expect(idsOf(LAB, 'claim-').length).toBeGreaterThan(50);
  });

  test('is found from every page', async ({ page }) => {
    await page.goto(pagePath('zh-cn'));
    await page.locator('.site-footer').getByRole('link', { name: '实验', exact: true }).click();
    await expect(page).toHaveURL(pagePath('zh-cn', 'lab'));
  });

  test('a link to a claim shows what carries it', async ({ page }) => {
    const id = idsOf(LAB, 'claim-').at(20) ?? '';
    await page.goto(`${LAB}#${id}`);
    const claim = page.locator(`#${id}`);
    await expect(claim).toBeInViewport();
    const shown = () =>
      claim.locator('ul').evaluate((list) => list.checkVisibility({ contentVisibilityAuto: true }));
    expect(await shown()).toBe(true);
    await page.goto(LAB);
    expect(await shown()).toBe(false);
    await claim.locator('summary').click();
    await expect(claim.locator('li').last()).toContainText('npm run lab');
  });

  test('every table has a caption, and headers that say what they head', async ({ page }) => {
    await page.goto(LAB);
    const faults = await page.locator('.prose table').evaluateAll((tables) =>
      tables.flatMap((table) => {
        const name = table.querySelector('caption')?.textContent.trim() ?? '';
        const heads = [...table.querySelectorAll('th')];
        return [
          ...(name === '' ? [`no caption: ${table.outerHTML.slice(0, 80)}`] : []),
          ...heads
            .filter(({ scope }) => scope === '')
            .map((head) => `${name}: ${head.textContent}`),
        ];
      }),
    );
    expect(faults).toEqual([]);
  });
});

test.describe('operations', () => {
  test('say their verdict by a word, never by a shape alone', async ({ page }) => {
    await page.goto(LAB);
    const words = Object.values(strings.verdict);
    const verdicts = await operations(page).evaluateAll((all) =>
      all.map((one) => one.querySelector('.lab-verdict')?.textContent.trim() ?? ''),
    );
    expect(verdicts.length).toBeGreaterThan(20);
    expect(verdicts.filter((said) => !words.some((word) => said.startsWith(word)))).toEqual([]);
  });

  test('open by keyboard to every run, each with data that is there @both', async ({
    page,
    request,
  }) => {
    await page.goto(LAB);
    const operation = page.locator('#op-umount-64');
    await operation.locator('summary').focus();
    await page.keyboard.press('Enter');
    const rows = operation.getByRole('row');
    await expect(rows.nth(2)).toBeVisible();
    await expect(
      operation.getByText('npm run lab -- --scenario umount', { exact: true }),
    ).toHaveCount(1);
    const squares = await operation.locator('summary i:not(.none)').count();
    expect(await rows.count()).toBe(squares + 2);
    const link = operation.getByRole('link', {
      name: new RegExp(fill(strings.table.recording, { label: 'plain', id: '.*-umount-64-plain' })),
    });
    const response = await request.get((await link.first().getAttribute('href')) ?? '');
    expect(response.status()).toBe(200);
    expect(((await response.json()) as { volatile: boolean }).volatile).toBe(false);
  });

  test('that are open are whole on paper', async ({ page }) => {
    await page.setViewportSize({ width: 680, height: 960 });
    await page.goto(LAB);
    await page.emulateMedia({ media: 'print' });
    const first = operations(page).first();
    await first.locator('summary').click();
    await expect(first.getByRole('table')).toBeVisible();
    const cut = await page
      .locator('.prose .scroll-region:visible')
      .evaluateAll((regions) =>
        regions
          .filter((region) => region.scrollWidth > region.clientWidth + 1)
          .map((region) => region.ariaLabel),
      );
    expect(cut).toEqual([]);
  });

  test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('open all the same @both', async ({ page }) => {
      await page.goto(LAB);
      const operation = operations(page).first();
      await operation.locator('summary').click();
      await expect(operation.getByRole('row').nth(2)).toBeVisible();
    });
  });
});
