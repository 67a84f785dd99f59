import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import circles from '../../dependency-cruiser.config.mjs';

const eslint = new ESLint();

/** The rules that a text breaks as the content of a file of this project. */
async function broken(filePath: string, text: string) {
  const [result] = await eslint.lintText(text, { filePath });
  return result?.messages.map((message) => message.ruleId ?? message.message) ?? [];
}

// Files that exist, since the linter asks TypeScript about the file; their text is replaced.
const MODEL = 'src/recording/types.ts';
const MODELS = [MODEL, 'src/share/codec.ts', 'src/facts/schema.ts', 'src/format.ts'];

describe('a model', () => {
  test.each(MODELS)('%s may compute', async (file) => {
    const text = `export const link = (path: string) => new URL(path, 'https://example.org').href;\n`;
    expect(await broken(file, text)).toEqual([]);
  });

  test.each(MODELS)('%s may not import what draws', async (file) => {
    expect(await broken(file, `export { mount } from 'svelte';\n`)).toContain(
      '@typescript-eslint/no-restricted-imports',
    );
  });

  test.each([
    `export { tweened } from 'svelte/motion';`,
    `export { select } from 'd3-selection';`,
    `export { transition } from 'd3-transition';`,
    `export * from 'd3';`,
    `export { readFileSync } from 'node:fs';`,
    `export { join } from 'path';`,
    `export { readFile } from 'fs/promises';`,
    `export { duration } from '../figures/motion.ts';`,
    `export { default } from '../figures/umount-replay/UmountReplay.svelte';`,
    `export { getCollection } from 'astro:content';`,
    `export { loadFacts } from '../facts/load.ts';`,
    `export { main } from './import.node.ts';`,
  ])('may not say %s', async (text) => {
    expect(await broken(MODEL, `${text}\n`)).toContain('@typescript-eslint/no-restricted-imports');
  });

  test.each([
    `export const fs = await import('node:fs');`,
    `export const svelte = await import('svelte');`,
    `export const motion = await import('../figures/motion.ts');`,
  ])('may not say %s either', async (text) => {
    expect(await broken(MODEL, `${text}\n`)).toContain('no-restricted-syntax');
  });

  test.each([
    `window.innerWidth`,
    `document.title`,
    `localStorage.length`,
    `location.href`,
    `fetch('/x')`,
    `process.env`,
    `globalThis.document`,
    `setTimeout(String, 1)`,
  ])('may not use %s', async (text) => {
    expect(await broken(MODEL, `export const x = ${text};\n`)).toContain('no-restricted-globals');
  });

  test('may name the type of what was read', async () => {
    const text = `import type { Facts } from '../facts/load.ts';\nexport type X = Facts;\n`;
    const rules = await broken(MODEL, text);
    expect(rules).not.toContain('@typescript-eslint/no-restricted-imports');
  });

  test('may read files in a file named for it', async () => {
    const text = `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`;
    expect(await broken('src/facts/load.ts', text)).toEqual([]);
  });
});

describe('a figure', () => {
  test.each([
    `export { select } from 'd3-selection';`,
    `export { readFileSync } from 'node:fs';`,
    `export { loadFacts } from '../facts/load.ts';`,
  ])('may not say %s', async (text) => {
    expect(await broken('src/figures/motion.ts', `${text}\n`)).toContain(
      '@typescript-eslint/no-restricted-imports',
    );
  });

  test('may take from D3 what computes', async () => {
    const text = `export { line } from 'd3-shape';\n`;
    expect(await broken('src/figures/motion.ts', text)).toEqual([]);
  });
});

test('only commands write to the console', async () => {
  const text = `console.log('x');\n`;
  expect(await broken('src/i18n.ts', text)).toContain('no-console');
  expect(await broken('scripts/run.mjs', text)).toEqual([]);
});

describe('circles', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'circles-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** The rules that files break which import each other as told. */
  async function brokenBy(name: string, imports: Record<string, string[]>) {
    const baseDir = join(folder, name);
    for (const [file, targets] of Object.entries(imports)) {
      const path = join(baseDir, 'src', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, targets.map((target) => `export * from '${target}';\n`).join(''));
    }
    const { output } = await cruise(['src'], {
      ...circles.options,
      baseDir,
      validate: true,
      ruleSet: { forbidden: circles.forbidden ?? [] },
    });
    if (typeof output === 'string') throw new Error(output);
    return new Set(output.summary.violations.map((violation) => violation.rule.name));
  }

  test('of files are found', async () => {
    const rules = await brokenBy('files', {
      'facts/a.ts': ['./b.ts'],
      'facts/b.ts': ['./c.ts'],
      'facts/c.ts': ['./a.ts'],
    });
    expect(rules).toEqual(new Set(['no-circle-of-files']));
  });

  test('of models are found, though no file is in one', async () => {
    const rules = await brokenBy('models', {
      'facts/a.ts': ['../share/b.ts'],
      'facts/c.ts': [],
      'share/b.ts': [],
      'share/d.ts': ['../facts/c.ts'],
    });
    expect(rules).toEqual(new Set(['no-circle-of-models']));
  });

  test('are not seen where there are none', async () => {
    const rules = await brokenBy('none', {
      'facts/a.ts': ['../share/b.ts', './c.ts'],
      'facts/c.ts': ['../share/b.ts'],
      'share/b.ts': [],
    });
    expect(rules).toEqual(new Set());
  });
});
