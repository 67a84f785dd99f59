import type { Plugin } from 'vite';

/**
 * Drops one warning that a build raises per page and nobody can act on: Astro marks the modules of
 * MDX pages with a directive of its own, which the bundler does not know.
 */
export const knownWarnings: Plugin = {
  name: 'known-warnings',
  onLog: (_level, log) => {
    if (log.code === 'MODULE_LEVEL_DIRECTIVE' && log.message.includes('use astro:')) return false;
    return undefined;
  },
};
