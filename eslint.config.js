import { builtinModules } from 'node:module';
import js from '@eslint/js';
import astro from 'eslint-plugin-astro';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** The models: what the browser, the command line and the tests share. */
const PURE = [
  'src/{diagnose,evidence,facts,generate,recording,share,sync-paths,writeback}/**/*.ts',
  'src/format.ts',
];

/** Files that read the disk, for the build, the command line and the tests. */
const ON_NODE = ['src/**/load.ts', 'src/**/*.node.ts'];

/** Everything that can reach the browser. */
const IN_BROWSER = [
  'src/figures/**/*.{svelte,ts}',
  'src/components/**/*.{svelte,ts}',
  'src/scripts/**/*.ts',
];

/** What browsers and Node offer and a model may still use: no input or output, and no clock. */
const HARMLESS = new Set([
  'DOMException',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'structuredClone',
]);

const surroundings = Object.keys({ ...globals.browser, ...globals.node }).filter(
  (name) => !HARMLESS.has(name),
);

const noDrawingByD3 = {
  regex: '^d3(-selection|-transition)?$',
  message: 'D3 computes and Svelte draws: take the submodule that computes.',
};

const noFilesOfNode = {
  regex: '(^|/)load\\.ts$|\\.node\\.ts$',
  message: 'This reads the disk: only the build, the command line and the tests may import it.',
  allowTypeImports: true,
};

const noNode = {
  regex: `^node:|^(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/|$)`,
  message: 'The browser has no Node built-ins.',
};

const noView = {
  regex: '^(svelte|astro)(/|:|$)|\\.(svelte|astro|svelte\\.ts)$|(^|/)figures/',
  message: 'A model knows nothing of what draws it.',
};

/** Forbids imports by every way to write one; `import()` is a form of its own to the linter. */
const forbidImports = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
  'no-restricted-syntax': [
    'error',
    ...patterns.map(({ regex, message }) => ({
      selector: `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\u002F')}/]`,
      message,
    })),
  ],
});

export default defineConfig(
  globalIgnores([
    '.astro/',
    '.cache/',
    'dist/',
    'playwright-report/',
    'test-results/',
    'tests/fixtures/',
  ]),
  js.configs.recommended,
  { languageOptions: { globals: { ...globals.node } } },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      // Numbers in text are what this site is about.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // `onclick={() => next()}` is how handlers are written.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },

  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { parser: tseslint.parser },
    },
    // It asks for a reactive Map or URL even where one lives and dies inside a function.
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },

  ...astro.configs.recommended,
  ...astro.configs['jsx-a11y-strict'],
  {
    files: ['**/*.astro'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    // TypeScript itself finds these, and it knows the types that Astro declares.
    rules: { 'no-undef': 'off', 'no-unused-vars': 'off' },
  },

  { rules: { 'no-console': 'error' } },
  {
    files: ['scripts/**', 'src/cli/**', 'src/**/*.node.ts', 'tools/**'],
    rules: { 'no-console': 'off' },
  },

  // These hand functions to the browser.
  {
    files: ['scripts/{measure,screenshots}.mjs'],
    languageOptions: { globals: { ...globals.browser } },
  },

  // The rules of the house. tests/unit/house-rules.test.ts shows each of them at work.
  {
    files: PURE,
    ignores: ON_NODE,
    rules: {
      ...forbidImports(noDrawingByD3, noFilesOfNode, noNode, noView),
      'no-restricted-globals': [
        'error',
        {
          globals: surroundings.map((name) => ({
            name,
            message: 'A model has no surroundings: pass in what it needs.',
          })),
          checkGlobalObject: true,
        },
      ],
    },
  },
  {
    files: IN_BROWSER,
    ignores: ON_NODE,
    rules: forbidImports(noDrawingByD3, noFilesOfNode, noNode),
  },
);
