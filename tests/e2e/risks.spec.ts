import { expect, test } from '@playwright/test';
import { risksOf } from '../../src/build/risks.node.ts';
import { locales, pagePath } from '../../src/i18n.ts';

const checks = risksOf('check').length;
/** The margins that browsers print with. */
const margin = { top: '10mm', bottom: '10mm', left: '10mm', right: '10mm' };

for (const locale of locales) {
  const path = pagePath(locale, 'risks');

  test.describe(`the list to sign, ${locale}`, () => {
    for (const format of ['A4', 'Letter']) {
      test(`is printed alone, on one sheet of ${format}`, async ({ page }) => {
        await page.goto(`${path}#sign-off`);
        const pdf = (await page.pdf({ format, margin })).toString('latin1');
        expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
        await page.emulateMedia({ media: 'print' });
        await expect(page.getByRole('checkbox')).toHaveCount(checks);
        await expect(page.getByRole('checkbox').last()).toBeVisible();
        await expect(page.locator('h1')).toBeHidden();
        await expect(page.locator('#leave-off')).toBeHidden();
      });
    }

    test('has a sheet of its own where the whole page is printed', async ({ page }) => {
      await page.goto(path);
      await page.emulateMedia({ media: 'print' });
      await expect(page.locator('h1')).toBeVisible();
      await expect(page.locator('#leave-off')).toBeVisible();
      await expect(page.locator('.sign-off')).toHaveCSS('break-after', 'page');
    });

    test('is offered as text, too', async ({ page, request }) => {
      await page.goto(path);
      const href = await page.locator('#text a[href$=".txt"]').getAttribute('href');
      const response = await request.get(href ?? '');
      expect(response.headers()['content-type']).toBe('text/plain; charset=utf-8');
      expect((await response.text()).match(/^- \[ \] /gm)).toHaveLength(checks);
    });
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a sentence of the list ticks its box, and its command can be read @both', async ({
    page,
  }) => {
    await page.goto(pagePath('en', 'risks'));
    const [first] = risksOf('check');
    const box = page.getByRole('checkbox', { name: first?.says.en });
    await page.getByText(first?.says.en ?? '').click();
    await expect(box).toBeChecked();
    await expect(page.getByText(first?.command ?? '', { exact: true })).toBeVisible();
  });
});

test('the questions of the FAQ are data, one for each heading', async ({ page }) => {
  for (const locale of locales) {
    await page.goto(pagePath(locale, 'faq'));
    const data = await page.locator('script[type="application/ld+json"]').textContent();
    const { mainEntity } = JSON.parse(data ?? '') as { mainEntity: { name: string }[] };
    expect(mainEntity.map(({ name }) => name)).toEqual(await page.locator('h3').allTextContents());
  }
});
