import mdx from '@astrojs/mdx';
import { satteri } from '@astrojs/markdown-satteri';
import svelte from '@astrojs/svelte';
import { defineConfig } from 'astro/config';
import { codeClasses } from './src/build/code-classes.ts';
import { tidyPolicy } from './src/build/csp.node.ts';
import { findFigures } from './src/build/figures.node.ts';
import { knownWarnings } from './src/build/known-warnings.ts';
import { outlinePlugin } from './src/build/outline.ts';
import { questionsAsData } from './src/build/questions.node.ts';
import { SITE_URL } from './src/site.ts';

export default defineConfig({
  site: SITE_URL,
  output: 'static',
  trailingSlash: 'always',
  build: {
    // As the files in src/pages say: `index.astro` gives a folder, `404.astro` gives `404.html`,
    // in a language's folder too, where hosts look for it.
    format: 'preserve',
    // One request less before the first paint; the policy below knows every sheet by its hash.
    inlineStylesheets: 'always',
  },
  devToolbar: { enabled: false },
  integrations: [
    // A theme of custom properties; the transformer turns them into classes, whose colours for both
    // themes are in src/styles/code.css.
    mdx({
      syntaxHighlight: 'shiki',
      shikiConfig: { theme: 'css-variables', transformers: [codeClasses] },
    }),
    svelte(),
    questionsAsData(),
    tidyPolicy(),
  ],
  markdown: {
    processor: satteri({ hastPlugins: [outlinePlugin(findFigures())] }),
    // Pages are MDX, and Astro warns about highlighting under a policy, which it thinks uses styles.
    syntaxHighlight: false,
  },
  security: {
    csp: {
      directives: [
        "default-src 'none'",
        "connect-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
      ],
    },
  },
  vite: {
    plugins: [knownWarnings],
    environments: {
      client: {
        build: {
          rolldownOptions: {
            output: {
              // What figures share comes in one file: a page with two saves two requests.
              codeSplitting: {
                groups: [
                  {
                    name: 'figures',
                    test: /svelte\/|src\/(share|format|facts\/kernel-tree|figures\/[\w-]+\.(ts|svelte))/,
                  },
                ],
              },
            },
          },
        },
      },
    },
    build: {
      // The first browsers with light-dark(); older targets would have it rewritten at length.
      cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    },
  },
});
