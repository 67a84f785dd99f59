/**
 * What the linter cannot see, since it looks at one file at a time: circles of imports.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-circle-of-files',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-circle-of-models',
      comment: 'The folders of the models have an order: none is below and above another.',
      severity: 'error',
      scope: 'folder',
      from: {
        path: '^src/(diagnose|evidence|facts|generate|recording|share|sync-paths|writeback)',
      },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs', '.svelte', '.json'] },
  },
};
