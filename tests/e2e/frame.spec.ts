import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { dist } from '../../scripts/lib/paths.mjs';
import { fill, ui } from '../../src/i18n.ts';
import { builtPages } from '../support/pages.ts';
import { watch } from '../support/watch.ts';

const pages = builtPages();
const texts = pages.filter(({ path }) => !path.endsWith('404.html'));
const strings = ui('frame', 'en');
const STORY = [
  'incident',
  'umount',
  'volatile',
  'kernel-patch',
  'containerd',
  'risks',
  'configure',
];

const html = (path: string) =>
  readFileSync(join(dist, path.endsWith('/') ? `${path}index.html` : path), 'utf8');

test.describe('what was built', () => {
  for (const { path } of pages) {
    test(`${path} has no inline styles or handlers and a strict policy`, () => {
      const text = html(path);
      expect(text.match(/<[^>]+\sstyle=/g) ?? []).toEqual([]);
      expect(text.match(/<[a-z][^>"']*(?:(?:"[^"]*"|'[^']*')[^>"']*)*\son\w+=/g) ?? []).toEqual([]);

      const policy =
        /^.*?<meta charset="utf-8"><meta http-equiv="content-security-policy" content="([^"]*)"/i.exec(
          text,
        )?.[1];
      expect(policy, 'the policy is the first thing after the character set').toBeDefined();
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).not.toContain('unsafe');
      expect(policy).not.toContain('http');
    });

    test(`${path} has every id once`, () => {
      const ids = idsOf(html(path));
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    });
  }

  test('every internal link and fragment leads somewhere', () => {
    const known = new Map(pages.map(({ path }) => [path, new Set(idsOf(html(path)))]));
    const broken: string[] = [];
    for (const { path } of pages) {
      for (const [, href = ''] of html(path).matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
        const { origin, pathname, hash } = new URL(unescapeHtml(href), `http://site${path}`);
        if (origin !== 'http://site') continue;
        const ids = known.get(pathname);
        const fragment = decodeURIComponent(hash.slice(1));
        if (ids === undefined) {
          if (!isFile(pathname)) broken.push(`${path}: ${href} is no page`);
        } else if (fragment !== '' && !ids.has(fragment)) {
          broken.push(`${path}: ${href} names no place`);
        }
      }
    }
    expect(broken).toEqual([]);
  });

  test('the script of the frame is small', () => {
    const scripts = [...html('/404.html').matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)];
    const text = scripts.map(([, content]) => content).join('\n');
    expect(text).toContain('dataset');
    expect(gzipSync(text).length).toBeLessThan(2000);
  });

  test('search engines find every page in every language', () => {
    const sitemap = readFileSync(join(dist, 'sitemap.xml'), 'utf8');
    for (const { path } of texts) {
      const address = `https://skip-the-sync.dev${path}`;
      expect(sitemap).toContain(`<loc>${address}</loc>`);
      expect(html(path)).toContain(`<link rel="canonical" href="${address}">`);
      expect(html(path)).toMatch(/<link rel="alternate" hreflang="zh-CN" href="[^"]*\/zh-cn\//);
      expect(html(path)).toMatch(/<link rel="alternate" hreflang="x-default"/);
      expect(html(path)).toMatch(/<meta name="description" content="[^"]{20,}">/);
      expect(html(path)).toMatch(/<meta property="og:title" content="[^"]+">/);
    }
    expect(readFileSync(join(dist, 'robots.txt'), 'utf8')).toContain(
      'https://skip-the-sync.dev/sitemap.xml',
    );
    expect(html('/404.html')).toContain('<meta name="robots" content="noindex">');
  });
});

test.describe('accessibility', () => {
  for (const { path } of pages) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`axe finds nothing on ${path}, ${colorScheme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.goto(path);
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        ).toEqual([]);
      });
    }
  }

  test('the skip link is the first stop and leads to the text', async ({ page }) => {
    await page.goto('/umount/');
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: strings.skip });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press('Enter');
    await expect(page.locator('main')).toBeFocused();
  });

  for (const { path } of pages) {
    test(`${path} is no wider than a phone @phone`, async ({ page }) => {
      await page.goto(path);
      const { wide, window } = await page.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        window: innerWidth,
      }));
      expect(wide).toBeLessThanOrEqual(window);
    });
  }
});

test.describe('navigation', () => {
  test('the header leads through the story and says where you are', async ({ page }) => {
    await page.goto('/');
    const story = page.getByRole('navigation', { name: strings.navigation });
    for (const slug of STORY) {
      await story.locator(`a[href="/${slug}/"]`).click();
      await expect(page).toHaveURL(`/${slug}/`);
      await expect(story.locator('[aria-current="page"]')).toHaveAttribute('href', `/${slug}/`);
    }
    await page.getByRole('link', { name: 'Skip the Sync' }).click();
    await expect(page).toHaveURL('/');
  });

  test('previous and next follow the story in both languages', async ({ page }) => {
    for (const base of ['/', '/zh-cn/']) {
      await page.goto(base);
      for (const slug of STORY) {
        await page.locator('.sequence a[rel="next"]').click();
        await expect(page).toHaveURL(`${base}${slug}/`);
      }
      await expect(page.locator('.sequence a[rel="next"]')).toHaveCount(0);
      await page.locator('.sequence a[rel="prev"]').click();
      await expect(page).toHaveURL(`${base}risks/`);
    }
  });

  test('the language switch keeps page, query and fragment @both', async ({ page }) => {
    await page.goto('/volatile/?some=state#the-price');
    await page.getByRole('link', { name: ui('frame', 'zh-cn').language.name }).click();
    await expect(page).toHaveURL('/zh-cn/volatile/?some=state#the-price');
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    // A figure changes the address while it is used.
    await page.evaluate(() => {
      history.replaceState(null, '', '?later=state');
    });
    await page.getByRole('link', { name: strings.language.name }).click();
    await expect(page).toHaveURL('/volatile/?later=state');
    await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  });

  test('the keyboard reaches the other language with the state, too', async ({ page }) => {
    await page.goto('/volatile/?some=state#the-price');
    await page.getByRole('link', { name: ui('frame', 'zh-cn').language.name }).focus();
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL('/zh-cn/volatile/?some=state#the-price');
  });

  for (const { address, lang, title } of [
    { address: '/no-such-page/', lang: 'en', title: strings.notFound.title },
    { address: '/zh-cn/no-such-page/', lang: 'zh-CN', title: ui('frame', 'zh-cn').notFound.title },
  ]) {
    test(`${address} is a 404 in its language`, async ({ page }) => {
      const response = await page.goto(address);
      expect(response?.status()).toBe(404);
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
      await page.locator('.prose a').nth(1).click();
      await expect(page.locator('.page-head .lead')).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
    });
  }

  test('pages come with headers a document cannot give itself', async ({ request }) => {
    const headers = (await request.get('/')).headers();
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBeTruthy();
  });
});

test.describe('theme', () => {
  const paper = () => getComputedStyle(document.documentElement).backgroundColor;

  test('follows the system until the reader chooses, and keeps the choice', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto('/');
    const light = await page.evaluate(paper);
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await page.evaluate(paper);
    expect(dark).not.toBe(light);

    const choices = page.getByRole('group', { name: strings.theme.label });
    await expect(choices.getByRole('radio', { name: strings.theme.system })).toBeChecked();
    await choices.getByRole('radio', { name: strings.theme.light }).check();
    expect(await page.evaluate(paper)).toBe(light);

    await page.goto('/volatile/');
    expect(await page.evaluate(paper)).toBe(light);
    await expect(choices.getByRole('radio', { name: strings.theme.light })).toBeChecked();

    await choices.getByRole('radio', { name: strings.theme.system }).check();
    expect(await page.evaluate(paper)).toBe(dark);
    await page.reload();
    expect(await page.evaluate(paper)).toBe(dark);
  });

  test('stands before anything is drawn', async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    await page.addInitScript(() => {
      localStorage.setItem('theme', 'dark');
      new MutationObserver((_, observer) => {
        if (document.querySelector('body') === null) return;
        window.themeAtBody = document.documentElement.dataset['theme'];
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto('/');
    expect(await page.evaluate(() => window.themeAtBody)).toBe('dark');
  });

  test('can be chosen with the keyboard, also where nothing can be stored', async ({
    page,
    baseURL,
  }) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    const watched = await watch(page, baseURL ?? '');
    await page.goto('/');
    await page.getByRole('radio', { name: strings.theme.system }).focus();
    await page.keyboard.press('ArrowLeft');
    await expect(page.getByRole('radio', { name: strings.theme.dark })).toBeChecked();
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    expect(await watched.problems()).toEqual([]);
  });
});

test.describe('sections', () => {
  test('the table of contents marks the section being read', async ({ page }) => {
    await page.goto('/volatile/');
    const current = page.locator('.toc [aria-current="location"]:visible');
    await expect(current).toHaveCount(0);
    const ids = await page.locator('.prose h2').evaluateAll((all) => all.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(2);
    for (const id of [ids[0], ids[2], ids[1]]) {
      // Jumps, which pass over headings, must move the mark as scrolling does.
      await page.locator(`.prose #${id ?? ''}`).evaluate((heading) => {
        scrollTo({ top: heading.getBoundingClientRect().top + scrollY - 50, behavior: 'instant' });
      });
      await expect(current).toHaveAttribute('href', `#${id ?? ''}`);
    }
    await page.evaluate(() => {
      scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' });
    });
    await expect(current).toHaveAttribute('href', `#${ids.at(-1) ?? ''}`);
  });

  test('a heading copies the link to its section and says so', async ({
    page,
    context,
    baseURL,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/volatile/?kept=out');
    await page.getByRole('heading', { level: 2 }).first().hover();
    await page.getByRole('link', { name: strings.anchor.copy }).first().click();
    await expect(page.getByRole('status').filter({ hasText: strings.anchor.copied })).toHaveCount(
      1,
    );
    const id = await page.getByRole('heading', { level: 2 }).first().getAttribute('id');
    await expect(page).toHaveURL(`/volatile/?kept=out#${id ?? ''}`);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(`${baseURL ?? ''}/volatile/#${id ?? ''}`);
  });

  test('a mark leads to its source, and the list of sources back to the text', async ({ page }) => {
    await page.goto('/volatile/');
    const sources = page.getByRole('region', { name: strings.sources.title });
    const back = sources
      .getByRole('link', { name: fill(strings.sources.back, { number: 1 }) })
      .first();
    await back.click();
    const use = new URL(page.url()).hash;
    await expect(page.locator(use)).toBeInViewport();
    const address = await page.locator(use).getAttribute('href');
    await expect(sources.locator(`a[href="${address ?? ''}"]`).first()).toBeVisible();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('everything navigates and reads @both', async ({ page }) => {
    await page.goto('/');
    await expect(page.locator('.theme')).toBeHidden();
    await page.locator('.story a').first().click();
    await expect(page).toHaveURL('/incident/');
    await page.getByRole('link', { name: ui('frame', 'zh-cn').language.name }).click();
    await expect(page).toHaveURL('/zh-cn/incident/');
    await page.locator('.sequence a[rel="next"]').click();
    await expect(page).toHaveURL('/zh-cn/umount/');
    const contents = page.locator('.toc summary');
    if (await contents.isVisible()) await contents.click();
    await page.locator('.toc a:visible').last().click();
    const id = decodeURIComponent(new URL(page.url()).hash);
    await expect(page.locator(id)).toBeInViewport();
    const anchor = page.locator(`a.anchor[href="${id}"]`);
    await expect(anchor).toBeAttached();
  });

  test('the theme follows the system', async ({ page }) => {
    const shot = async (colorScheme: 'light' | 'dark') => {
      await page.emulateMedia({ colorScheme });
      await page.goto('/404.html');
      return page.screenshot({ clip: { x: 0, y: 300, width: 4, height: 4 } });
    };
    expect(Buffer.compare(await shot('light'), await shot('dark'))).not.toBe(0);
  });
});

test('on paper the text stands alone', async ({ page }) => {
  await page.goto('/volatile/');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const selector of [
    '.story',
    '.languages',
    '.theme',
    '.toc',
    '.anchor',
    '.sequence',
    '.skip',
  ]) {
    await expect(page.locator(`${selector}:visible`), selector).toHaveCount(0);
  }
  await expect(page.locator('.sources')).toBeVisible();
  const paper = await page.evaluate(() => getComputedStyle(document.body).colorScheme);
  expect(paper).toBe('light');
});

declare global {
  interface Window {
    themeAtBody?: string | undefined;
  }
}

function idsOf(text: string): string[] {
  const markup = text.replace(/<script[\s\S]*?<\/script>/g, '');
  return [...markup.matchAll(/<[a-z][^>]*?\sid="([^"]*)"/g)].map(([, id = '']) => id);
}

function unescapeHtml(text: string): string {
  return text.replaceAll('&#38;', '&').replaceAll('&amp;', '&').replaceAll('&quot;', '"');
}

function isFile(pathname: string): boolean {
  try {
    return readFileSync(join(dist, decodeURIComponent(pathname))).length > 0;
  } catch {
    return false;
  }
}
