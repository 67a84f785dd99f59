/** What the pages of text share: terms, references, the feed, the menus. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { dist } from '../../scripts/lib/paths.mjs';
import { loadGlossary, loadSources } from '../../src/facts/load.ts';
import { ui } from '../../src/i18n.ts';
import { builtPages } from '../support/pages.ts';
import { watch } from '../support/watch.ts';

const pages = builtPages();
const texts = pages.filter(({ path }) => !path.endsWith('404.html'));
const html = (path: string) => readFileSync(join(dist, path, 'index.html'), 'utf8');
const strings = ui('frame', 'en');

/** A page with terms, the first of them, and what its entry says. */
const PAGE = '/';
const [, ID = ''] = /class="term" href="\/glossary\/#([^"]+)"/.exec(html(PAGE)) ?? [];
const entry = loadGlossary().find(({ id }) => id === ID);
const card = (page: Page) => page.locator('#term-card');
const word = (page: Page) => page.locator('a.term').first();

test.describe('terms', () => {
  test('open under the mouse and stay while it is on word or card', async ({ page, baseURL }) => {
    const watched = await watch(page, baseURL ?? '');
    await page.goto(PAGE);
    await word(page).hover();
    await expect(card(page)).toBeVisible();
    await expect(card(page)).toContainText(entry?.says.en ?? 'no entry');
    await card(page).hover();
    await word(page).hover();
    await expect(card(page)).toBeVisible();
    await page.getByRole('heading', { level: 2 }).first().hover();
    await expect(card(page)).toBeHidden();
    expect(await watched.problems()).toEqual([]);
  });

  test('load nothing until a reader comes to one, and then once', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(PAGE);
    await page.waitForLoadState('networkidle');
    const about = () => asked.filter((path) => path.includes('term'));
    expect(about()).toEqual([]);
    for (const index of [0, 1, 0]) {
      await page.locator('a.term').nth(index).hover();
      await expect(page.locator('a.term').nth(index)).toHaveAttribute(
        'aria-describedby',
        'term-card',
      );
    }
    expect(about()).toHaveLength(2);
  });

  test('open with the focus, close with Escape, and lead to the entry with Enter', async ({
    page,
  }) => {
    await page.goto(PAGE);
    await page.keyboard.press('Tab');
    await word(page).focus();
    await expect(card(page)).toBeVisible();
    await expect(word(page)).toHaveAccessibleDescription(
      new RegExp(escape(entry?.says.en ?? 'no entry')),
    );
    const { violations } = await new AxeBuilder({ page }).include('#term-card').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);

    await page.keyboard.press('Escape');
    await expect(card(page)).toBeHidden();
    await expect(word(page)).toBeFocused();
    await expect(word(page)).not.toHaveAttribute('aria-describedby', 'term-card');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(`/glossary/#${ID}`);
    await expect(page.locator(`#${ID}`)).toBeInViewport();
  });

  test('the card closes when the focus goes on', async ({ page }) => {
    await page.goto(PAGE);
    await page.keyboard.press('Tab');
    await word(page).focus();
    await expect(card(page)).toBeVisible();
    await page.keyboard.press('Shift+Tab');
    await expect(card(page)).toBeHidden();
  });

  test('speak the language of the page', async ({ page }) => {
    await page.goto('/zh-cn/');
    await word(page).hover();
    await expect(card(page)).toContainText(entry?.says['zh-cn'] ?? 'no entry');
    await expect(card(page).getByRole('link')).toHaveAttribute(
      'href',
      new RegExp(`/zh-cn/glossary/#${ID}$`),
    );
  });
});

test.describe('terms on a touch screen @phone', () => {
  test.use({ hasTouch: true });

  test('open with the first tap, within the window; the second follows the link', async ({
    page,
  }) => {
    await page.goto(PAGE);
    await word(page).tap();
    await expect(card(page)).toBeVisible();
    await expect(page).toHaveURL(PAGE);
    const box = await card(page).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    await word(page).tap();
    await expect(page).toHaveURL(`/glossary/#${ID}`);
  });

  test('close with a tap elsewhere, and lead to the entry from the card', async ({ page }) => {
    await page.goto(PAGE);
    await word(page).tap();
    await expect(card(page)).toBeVisible();
    await page.getByRole('heading', { level: 2 }).last().tap();
    await expect(card(page)).toBeHidden();
    await word(page).tap();
    await card(page).getByRole('link').tap();
    await expect(page).toHaveURL(`/glossary/#${ID}`);
  });

  test('are links where the explanations cannot be loaded', async ({ page }) => {
    await page.route('**/glossary/terms-*.json', (route) => route.abort());
    await page.goto(PAGE);
    await word(page).tap();
    await expect(page).toHaveURL(`/glossary/#${ID}`);
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a term is a link to its entry @both', async ({ page }) => {
    await page.goto('/zh-cn/');
    await word(page).click();
    await expect(page).toHaveURL(`/zh-cn/glossary/#${ID}`);
    await expect(page.locator(`#${ID}`)).toBeInViewport();
  });

  test('the menu opens and leads on @both', async ({ page }) => {
    await page.goto('/incident/');
    await expect(page.locator('.more').getByRole('link').first()).toBeHidden();
    await page.locator('.more summary').click();
    await page.locator('.more').getByRole('link', { name: strings.pages.lab }).click();
    await expect(page).toHaveURL('/lab/');
  });
});

test('pages without terms carry nothing for them', () => {
  const without = texts.filter(({ path }) => !html(path).includes('class="term"'));
  expect(without.filter(({ path }) => html(path).includes('term-card'))).toEqual([]);
});

test('on paper a term is plain text', async ({ page }) => {
  await page.goto(PAGE);
  await page.emulateMedia({ media: 'print' });
  await expect(word(page)).toHaveCSS('text-decoration-line', 'none');
});

test.describe('the glossary', () => {
  for (const locale of ['en', 'zh-cn'] as const) {
    test(`has every term in both languages, ${locale}`, async ({ page }) => {
      await page.goto(locale === 'en' ? '/glossary/' : '/zh-cn/glossary/');
      for (const { id, term } of loadGlossary()) {
        const name = page.locator(`#${id} dt`);
        await expect(name).toContainText(term.en);
        await expect(name).toContainText(term['zh-cn']);
      }
    });
  }
});

test.describe('references', () => {
  for (const { base, locale } of [
    { base: '/', locale: 'en' },
    { base: '/zh-cn/', locale: 'zh-cn' },
  ] as const) {
    const entries = new Map(
      [...html(`${base}references/`).matchAll(/<li id="([^"]+)">([\s\S]*?)<\/li>/g)].map(
        ([, id = '', text = '']) => [id, text] as const,
      ),
    );

    test(`hold every source with its address, ${locale}`, () => {
      const wrong = loadSources().filter(({ id, url }) => {
        const address = url.startsWith('/') ? base.slice(0, -1) + url : url;
        return !unescapeHtml(entries.get(id) ?? '').includes(`href="${address}"`);
      });
      expect(wrong.map(({ id }) => id)).toEqual([]);
    });

    test(`lead back to every page that cites a source, and are led to by it, ${locale}`, () => {
      const missing: string[] = [];
      let seen = 0;
      for (const { path } of texts.filter((one) => one.locale === locale)) {
        const list = /<section class="sources"[\s\S]*?<\/section>/.exec(html(path))?.[0] ?? '';
        for (const [, id = ''] of list.matchAll(/href="[^"]*\/references\/#([^"]+)"/g)) {
          seen += 1;
          if (!(entries.get(id) ?? '').includes(`href="${path}`)) missing.push(`${path}: ${id}`);
        }
      }
      expect(missing).toEqual([]);
      expect(seen).toBeGreaterThan(100);
    });

    test(`have no source that nothing rests on, ${locale}`, () => {
      const idle = [...entries].filter(([, text]) => !/<p>[\s\S]*<a href="\//.test(text));
      expect(idle.map(([id]) => id)).toEqual([]);
    });
  }
});

test.describe('the feed', () => {
  for (const base of ['/', '/zh-cn/']) {
    test(`${base}changelog/feed.xml is well-formed and leads to the entries`, async ({ page }) => {
      await page.goto(`${base}changelog/`);
      const link = page.locator('link[rel="alternate"][type="application/rss+xml"]');
      await expect(link).toHaveAttribute('href', `${base}changelog/feed.xml`);
      const text = readFileSync(join(dist, base, 'changelog/feed.xml'), 'utf8');
      const feed = await page.evaluate((source) => {
        const parsed = new DOMParser().parseFromString(source, 'application/xml');
        const all = (name: string) => [...parsed.querySelectorAll(name)];
        return {
          error: parsed.querySelector('parsererror')?.textContent ?? '',
          language: parsed.querySelector('channel > language')?.textContent,
          links: all('item > link').map((item) => item.textContent),
          dates: all('item > pubDate').map((item) => Date.parse(item.textContent)),
        };
      }, text);
      expect(feed.error).toBe('');
      expect(feed.language).toBe(base === '/' ? 'en' : 'zh-CN');
      expect(feed.dates.some(Number.isNaN)).toBe(false);
      const ids = await page.locator('.changes li').evaluateAll((all) => all.map(({ id }) => id));
      expect(feed.links).toEqual(
        ids.map((id) => `https://skip-the-sync.dev${base}changelog/#${id}`),
      );
    });
  }
});

test.describe('menus', () => {
  for (const { path, locale } of pages) {
    test(`${path} leads to the field guide and to every page beside the story @both`, async ({
      page,
    }) => {
      await page.goto(path);
      const base = locale === 'en' ? '/' : '/zh-cn/';
      const header = page.getByRole('banner');
      await expect(header.locator(`a[href="${base}diagnose/"]`)).toBeVisible();
      for (const slug of ['lab', 'faq', 'glossary', 'references', 'changelog']) {
        await expect(header.locator(`a[href="${base}${slug}/"]`)).toHaveCount(1);
        await expect(
          page.getByRole('contentinfo').locator(`a[href="${base}${slug}/"]`),
        ).toBeVisible();
      }
      // Quiet: three lines of words at most on a phone, one on a desktop.
      const { height = 0 } = (await header.boundingBox()) ?? {};
      expect(height).toBeLessThanOrEqual((page.viewportSize()?.width ?? 0) < 600 ? 125 : 70);
    });
  }

  test('the menu closes with Escape and with a click elsewhere @both', async ({ page }) => {
    await page.goto('/incident/');
    const open = page.locator('.more summary');
    const first = page.locator('.more').getByRole('link').first();
    await open.click();
    await expect(first).toBeVisible();
    const box = await page.locator('.more ul').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Escape');
    await expect(first).toBeHidden();
    await expect(open).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(first).toBeVisible();
    await page.getByRole('heading', { level: 1 }).click();
    await expect(first).toBeHidden();
  });
});

test('the three doors are on the first screen', async ({ page }) => {
  for (const base of ['/', '/zh-cn/']) {
    await page.goto(base);
    for (const slug of ['diagnose', 'incident', 'configure']) {
      await expect(page.locator(`.doors a[href="${base}${slug}/"]`)).toBeInViewport();
    }
  }
});

function unescapeHtml(text: string): string {
  return text.replaceAll('&#38;', '&').replaceAll('&amp;', '&');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
