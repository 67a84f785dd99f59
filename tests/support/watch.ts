import type { Page } from '@playwright/test';

declare global {
  interface Window {
    violations?: string[];
    shifts?: string[];
  }
}

/** What a page must not do, noted while it loads and is used. */
export interface Watch {
  /** Violations of the content security policy, errors and warnings, requests to other hosts. */
  problems: () => Promise<string[]>;
  /** Layout shifts that no input caused: how far, and what moved. */
  shifts: () => Promise<string[]>;
}

/** Watches a page from its next navigation on. */
export async function watch(page: Page, origin: string): Promise<Watch> {
  const seen: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      seen.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http') && asked !== origin) seen.push(`request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    const violations: string[] = [];
    window.violations = violations;
    document.addEventListener('securitypolicyviolation', (event) => {
      violations.push(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
    const shifts: string[] = [];
    window.shifts = shifts;
    interface LayoutShift extends PerformanceEntry {
      value: number;
      hadRecentInput: boolean;
      sources: { node: Node | null }[];
    }
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as LayoutShift[]) {
        if (entry.hadRecentInput) continue;
        const moved = entry.sources.map(({ node }) =>
          node instanceof Element ? node.outerHTML.slice(0, 80) : (node?.textContent ?? '?'),
        );
        shifts.push(`${entry.value}: ${moved.join(' | ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return {
    problems: async () => [...seen, ...(await page.evaluate(() => window.violations ?? []))],
    shifts: () => page.evaluate(() => window.shifts ?? []),
  };
}

/** Scrolls to the end, so that every figure comes into view and starts, and back. */
export async function seeAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const painted = () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      });
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
      scrollTo({ top: y, behavior: 'instant' });
      await painted();
    }
    scrollTo({ top: 0, behavior: 'instant' });
    await painted();
  });
  // Astro takes the mark off an island once its component runs.
  await page.waitForFunction(() => document.querySelector('astro-island[ssr]') === null);
  await page.waitForLoadState('networkidle');
}
