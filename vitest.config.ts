import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The Svelte plugin is here for the figures' state classes (`*.svelte.ts`); the models need none.
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  test: {
    include: ['tests/unit/**/*.test.ts'],
    // Several tests start a program (linters, the command line), slow on a small busy machine.
    testTimeout: 30_000,
  },
});
