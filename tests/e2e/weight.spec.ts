import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dist } from '../../scripts/lib/paths.mjs';
import { builtPages } from '../support/pages.ts';
import { seeAll, watch } from '../support/watch.ts';

/** Bytes as they cross the wire, response headers included; fonts have a budget of their own. */
const WITHOUT_FIGURE = 20_000;
const WITH_FIGURES = 60_000;
/** Pages that are lists of everything: the lab's evidence, and every source with all its citations. */
const LISTS = ['/lab/', '/references/'];
const WITH_LISTS = 60_000;
/** Every target, containerd and kernel with the marks of its sources: more than a text, no script. */
const TABLES = ['/compatibility/'];
const WITH_TABLES = 24_000;
const ALL_FONTS = 30_000;

interface Transfer {
  url: string;
  type: string;
  bytes: number;
}

/** Notes what the browser receives from now on. */
async function recordTransfers(page: Page) {
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  const responses = new Map<string, Omit<Transfer, 'bytes'>>();
  const transfers: Transfer[] = [];
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    responses.set(requestId, { url: response.url, type });
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const response = responses.get(requestId);
    if (response) transfers.push({ ...response, bytes: encodedDataLength });
  });
  return transfers;
}

for (const { path } of builtPages()) {
  test(`${path} is light, keeps still and stays within its policy @both`, async ({
    page,
    baseURL,
  }) => {
    const watched = await watch(page, baseURL ?? '');
    const transfers = await recordTransfers(page);
    await page.goto(path);
    await seeAll(page);

    expect(await watched.problems()).toEqual([]);
    expect(await watched.shifts()).toEqual([]);

    const figures = await page.locator('[data-figure]').count();
    const counted = transfers.filter(({ type }) => type !== 'Font');
    const total = counted.reduce((sum, { bytes }) => sum + bytes, 0);
    const list = counted.map(({ url, bytes }) => `${bytes} ${url}`).join('\n');
    const limit = LISTS.some((list) => path.endsWith(list))
      ? WITH_LISTS
      : TABLES.some((table) => path.endsWith(table))
        ? WITH_TABLES
        : figures > 0
          ? WITH_FIGURES
          : WITHOUT_FIGURE;
    expect(total, `${figures} figures:\n${list}`).toBeLessThanOrEqual(limit);
  });
}

test('all fonts together are small', () => {
  const fonts = globSync('**/*.{woff2,woff,ttf,otf}', { cwd: dist });
  const sizes = fonts.map((font) => statSync(join(dist, font)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(ALL_FONTS);
});
