import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

const PAGES = ['/diagnose/', '/zh-cn/diagnose/'] as const;
const words = {
  '/diagnose/': { copy: 'Copy', copied: 'Copied', next: 'question 2' },
  '/zh-cn/diagnose/': { copy: '复制', copied: '已复制', next: '第 2 题' },
};
const key = (page: Page) => page.locator('[data-figure="diagnosis-key"]');

for (const path of PAGES) {
  const { copy, copied, next } = words[path];

  test.describe(path, () => {
    test('copies a command as it stands, and says so', async ({ page, context }) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(path);
      const command = page.locator('.command').first();
      await command.getByRole('button', { name: copy }).click();
      await expect(command.getByRole('button', { name: copied })).toBeVisible();
      await expect(page.getByRole('status')).toHaveText(copied);
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
        await command.locator('pre').textContent(),
      );
    });

    test('leads from a sign to the next question, and to an answer, from the keyboard', async ({
      page,
    }) => {
      // A jump that still scrolls would be overtaken by the next one.
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.goto(path);
      const link = key(page).getByRole('link', { name: next, exact: true });
      await link.focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('#key-stack')).toBeInViewport();
      expect(new URL(page.url()).hash).toBe('#key-stack');
      const answer = page.locator('#key-falling').locator('a[href="#it-is-this"]');
      await answer.focus();
      await page.keyboard.press('Enter');
      await expect(page.locator('#it-is-this')).toBeInViewport();
    });

    test('has a place for every link to itself @both', async ({ page }) => {
      await page.goto(path);
      const missing = await page.evaluate(() =>
        [...document.querySelectorAll<HTMLAnchorElement>('.prose a[href^="#"]')]
          .map((link) => link.hash.slice(1))
          .filter((id) => document.getElementById(id) === null),
      );
      expect(missing).toEqual([]);
    });

    test.describe('without JavaScript', () => {
      test.use({ javaScriptEnabled: false });

      test('shows every command and the key, and no button that does nothing', async ({ page }) => {
        await page.goto(path);
        await expect(page.locator('.copy-command').first()).toBeHidden();
        await expect(page.locator('.command pre').first()).toBeVisible();
        await key(page).getByRole('link', { name: next, exact: true }).click();
        await expect(page.locator('#key-stack')).toBeInViewport();
      });
    });

    test('is accessible in both themes @both', async ({ page }) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(path);
        const { violations } = await new AxeBuilder({ page }).include('.prose').analyze();
        expect(violations).toEqual([]);
      }
    });
  });
}
