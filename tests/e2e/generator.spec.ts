/** The generator as readers use it beyond containerd's own file: every target, their own files, links. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { loadTargets } from '../../src/facts/load.ts';
import { verdicts } from '../../src/generate/answer.ts';

const figure = (page: Page): Locator => page.locator('[data-figure="config-generator"]');

async function open(page: Page, address: string): Promise<Locator> {
  await page.goto(address);
  const found = figure(page);
  await found.scrollIntoViewIfNeeded();
  await expect(found).toHaveAttribute('data-ready', '');
  return found;
}

const targets = loadTargets().targets;

/** A file as somebody has it: comments, its own order, Windows line ends. */
const OWN = [
  '# ours, do not lose',
  'version = 2',
  'oom_score = -999',
  '',
  "[plugins.'io.containerd.snapshotter.v1.overlayfs'] # fast disk",
  "  root_path = '/data/ovl'",
  '',
  '[plugins."io.containerd.grpc.v1.cri"]',
  '  sandbox_image = "pause:3.9"',
  '',
].join('\r\n');

const pasteBox = (page: Page): Locator => figure(page).locator('#configure-pasted');

for (const [locale, path] of [
  ['en', '/configure/'],
  ['zh-cn', '/zh-cn/configure/'],
] as const) {
  test(`every target has an answer, in ${locale} @both`, async ({ page }) => {
    const found = await open(page, path);
    const select = found.locator('select[name="target"]');
    for (const { id, engine, group } of targets) {
      await select.selectOption(id);
      await expect(found.locator('.question')).toHaveAttribute('aria-busy', 'false');
      if (id !== 'containerd')
        await expect.poll(() => new URL(page.url()).searchParams.get('target'), id).toBe(id);
      const verdict = await found.locator('.verdict').getAttribute('data-verdict');
      expect(verdicts, id).toContain(verdict);
      expect(verdict, id).not.toBe('unreadable');
      // What cannot be turned on has no versions to ask for and something that helps instead.
      await expect(found.locator('input[name="runtime"]')).toHaveCount(engine === 'none' ? 0 : 1);
      if (group === 'not-possible') {
        expect(verdict, id).toBe('not-possible');
        await expect(found.locator('.instead li').first()).toBeVisible();
        await expect(found.locator('.file')).toHaveCount(0);
      } else {
        expect(await found.locator('.phase').count(), id).toBeGreaterThan(0);
      }
      // Nothing is left of a placeholder, and nothing runs out of the page.
      await expect(found, id).not.toContainText(/\{[a-z]+\}(?!")/);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
        id,
      ).toBeLessThanOrEqual(0);
    }
  });

  test(`a link leads back to its view, in ${locale}`, async ({ page }) => {
    const query = '?target=k3s&platform=1.36.2&runtime=2.3.4&rollout=ansible&node=discarded';
    const found = await open(page, `${path}${query}#configure`);
    await expect(found.locator('select[name="target"]')).toHaveValue('k3s');
    await expect(found.locator('select[name="rollout"]')).toHaveValue('ansible');
    await expect(found.locator('input[name="platform"]')).toHaveValue('1.36.2');
    await expect(found.locator('.file')).toContainText('ansible.builtin');
    await found.locator('select[name="target"]').selectOption('talos');
    await expect.poll(() => page.url()).toContain('target=talos');
    expect(new URL(page.url()).searchParams.get('runtime')).not.toBeNull();
    const { href } = new URL(page.url());
    const shown = await found.locator('.file').innerText();
    await page.goto('about:blank');
    const again = await open(page, href);
    await expect(again.locator('.file')).toHaveText(shown, { useInnerText: true });
  });
}

test('a pasted file comes back with the smallest change, byte for byte', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const found = await open(page, '/configure/?runtime=1.7.24');
  await page.evaluate((text) => navigator.clipboard.writeText(text), OWN);
  // A textarea takes Windows line ends away; a dropped or chosen file keeps them.
  const chooser = page.waitForEvent('filechooser');
  await found.locator('.file-choice').click();
  await (
    await chooser
  ).setFiles({ name: 'config.toml', mimeType: 'application/toml', buffer: Buffer.from(OWN) });
  const merged = found.locator('.merged');
  await expect(merged).toHaveAttribute('data-outcome', 'changed');
  await expect(merged.locator('tr.gone')).toHaveCount(0);
  await expect(merged.locator('tr.new')).toHaveCount(2);

  const downloading = page.waitForEvent('download');
  await merged.getByRole('button', { name: /config\.toml/ }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('config.toml');
  const text = readFileSync(await download.path(), 'utf8');
  const lines = text.split('\r\n');
  expect(lines.filter((line) => !/mount_options|sync_fs/.test(line)).join('\r\n')).toBe(OWN);
  expect(parse(text)).toEqual({
    version: 2,
    oom_score: -999,
    plugins: {
      'io.containerd.snapshotter.v1.overlayfs': {
        root_path: '/data/ovl',
        mount_options: ['volatile'],
      },
      'io.containerd.grpc.v1.cri': { sandbox_image: 'pause:3.9', image_pull_with_sync_fs: true },
    },
  });

  await merged.getByRole('button', { name: /Copy the changed/ }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);

  // What was pasted is nobody else's.
  expect(page.url()).not.toContain('data');
  await found.locator('input[name="node"][value="discarded"]').check();
  await expect(merged.locator('tr.new')).toHaveCount(1);
  await expect(merged).not.toContainText('image_pull_with_sync_fs');
  await found.locator('.found .copy').click();
  await expect(merged).toHaveCount(0);
  await expect(pasteBox(page)).toHaveValue('');
});

test('a dropped file is merged', async ({ page }) => {
  const found = await open(page, '/configure/');
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'config.toml', { type: 'application/toml' }));
    return transfer;
  }, OWN);
  await found.locator('.paste').dispatchEvent('drop', { dataTransfer: data });
  await expect(found.locator('.merged')).toHaveAttribute('data-outcome', 'changed');
});

for (const { name, text, trap } of [
  { name: 'a template', text: 'version = 2\n{{ template "base" . }}\n', trap: /template/i },
  { name: 'JSON', text: '{"plugins": {"x": 1}}', trap: undefined },
  {
    name: 'the table twice',
    text: 'version = 2\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\n',
    trap: /twice/,
  },
  {
    name: 'a list that is no list',
    text: 'version = 2\n[plugins."io.containerd.snapshotter.v1.overlayfs"]\nmount_options = "volatile"\n',
    trap: /list/,
  },
]) {
  test(`${name} is handed back with a reason`, async ({ page }) => {
    const found = await open(page, '/configure/?runtime=1.7.24');
    await pasteBox(page).fill(text);
    if (trap === undefined) {
      await expect(found.locator('.found')).toHaveAttribute('data-found', 'unknown');
      return;
    }
    await expect(found.locator('.merged')).toHaveAttribute('data-outcome', 'refused');
    await expect(found.locator('.merged .trap').first()).toContainText(trap);
    await expect(found.locator('.merged .download')).toHaveCount(0);
    await expect(pasteBox(page)).toHaveValue(text);
  });
}

test('what a node says fills the form, and can be undone', async ({ page }) => {
  const found = await open(page, '/configure/');
  await pasteBox(page).fill(
    'containerd containerd.io 1.7.24 88bf19b2105c8b17560993bee28a01ddc2f97182\n',
  );
  await expect(found.locator('input[name="runtime"]')).toHaveValue('1.7.24');
  await expect(found.locator('.found')).toContainText('1.7.24');
  await expect(found.locator('[aria-live]')).toContainText('1.7.24');
  await found.locator('.found .copy').click();
  await expect(found.locator('input[name="runtime"]')).toHaveValue('2.1.9');
});

test('nodes that are not alike are offered one by one', async ({ page }) => {
  const found = await open(page, '/configure/');
  await pasteBox(page).fill(
    [
      'NAME  STATUS  ROLES   AGE  VERSION       INTERNAL-IP  EXTERNAL-IP  OS-IMAGE            KERNEL-VERSION      CONTAINER-RUNTIME',
      'n1    Ready   <none>  42d  v1.31.6+k3s1  10.0.0.1     <none>       Debian GNU/Linux 12  6.1.0-25-amd64      containerd://2.0.2-k3s2',
      'n2    Ready   <none>  42d  v1.31.6+k3s1  10.0.0.2     <none>       Debian GNU/Linux 12  6.1.0-25-amd64      containerd://2.0.2-k3s2',
      'n3    Ready   <none>  42d  v1.30.2       10.0.0.3     <none>       Ubuntu 22.04.5 LTS   5.15.0-119-generic  containerd://1.7.12',
    ].join('\n'),
  );
  await expect(found.locator('select[name="target"]')).toHaveValue('k3s');
  await expect(found.locator('input[name="platform"]')).toHaveValue('1.31.6+k3s1');
  const kinds = found.locator('.kinds button');
  await expect(kinds).toHaveCount(2);
  await kinds.nth(1).click();
  await expect(kinds.nth(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(found.locator('input[name="runtime"]')).toHaveValue('1.7.12');
  await expect(found.locator('.verdict')).toHaveAttribute('data-verdict', 'known-problem');
});

test('a version that is being typed leaves the answer standing', async ({ page }) => {
  const found = await open(page, '/configure/');
  await found.locator('input[name="runtime"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await expect(found.locator('.verdict')).toHaveAttribute('data-verdict', 'works');
  await page.keyboard.press('Tab');
  await expect(found.locator('.verdict')).toHaveAttribute('data-verdict', 'unreadable');
});

test('a target whose rules cannot be had changes nothing, and can be asked again', async ({
  page,
}) => {
  await page.route('**/targets/k3s-*.json', (route) => route.abort());
  const found = await open(page, '/configure/');
  await found.locator('select[name="target"]').selectOption('k3s');
  await expect(found.locator('.problem')).toBeVisible();
  await expect(found.locator('select[name="target"]')).toHaveValue('containerd');
  await page.unroute('**/targets/k3s-*.json');
  await found.locator('.problem button').click();
  await expect(found.locator('input[name="platform"]')).toBeVisible();
  await expect(found.locator('.problem')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in a merge in the ${colorScheme} theme`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const found = await open(page, '/configure/?runtime=1.7.24');
    await pasteBox(page).fill(OWN);
    await expect(found.locator('.merged')).toBeVisible();
    const { violations } = await new AxeBuilder({ page })
      .include('[data-figure="config-generator"]')
      .analyze();
    expect(violations).toEqual([]);
  });

  test(`axe finds nothing at Docker and at a fleet in the ${colorScheme} theme`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    for (const query of ['?target=docker', '?target=containerd-drop-in&rollout=daemonset']) {
      await open(page, `/configure/${query}`);
      const { violations } = await new AxeBuilder({ page })
        .include('[data-figure="config-generator"]')
        .analyze();
      expect(violations).toEqual([]);
    }
  });
}
