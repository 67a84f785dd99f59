import { satteri } from '@astrojs/markdown-satteri';
import { expect, test } from 'vitest';
import { codeClasses } from '../../../src/build/code-classes.ts';

async function highlight(language: string, code: string, theme: 'css-variables' | 'github-dark') {
  const renderer = await satteri().createMdxRenderer?.(
    { syntaxHighlight: 'shiki', shikiConfig: { theme, transformers: [codeClasses] } },
    { optimize: false },
  );
  const page = `\`\`\`${language}\n${code}\n\`\`\`\n`;
  return (await renderer?.process(page, '/site/content/pages/en/page.mdx', {}))?.code ?? '';
}

test.each([
  ['bash', 'grep -E "overlay|$x" /proc/mounts | head -n 3 # all\nfor i in 1 2; do echo "$i"; done'],
  ['toml', '[plugins."io.containerd"]\nmount_options = ["volatile"] # note\nnumber = 5'],
  ['json', '{"storage-opts": ["overlay2.volatile=true"], "n": 1}'],
  ['c', 'if (!ovl_should_sync(ofs)) /* here */ return 0;'],
  ['diff', '- a\n+ b'],
  ['text', 'task_work_run\n  __cleanup_mnt'],
])('highlighted %s has classes and no styles', async (language, code) => {
  const compiled = await highlight(language, code, 'css-variables');
  expect(compiled).not.toContain('style');
  if (language !== 'text') expect(compiled).toMatch(/class: "tok-/);
});

test('a style of another theme stops the build', async () => {
  await expect(highlight('bash', 'grep x', 'github-dark')).rejects.toThrow('carries the style');
});
