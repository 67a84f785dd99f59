import type { ShikiTransformer } from 'shiki';

const VARIABLE = /^color:\s*var\(--[\w-]*?(?:token-([\w-]+)|foreground)\)$/;

/**
 * Gives highlighted code classes (`tok-string`) where Shiki writes inline styles, which the site's
 * policy forbids. It expects the theme `css-variables`, whose few names say what a token is; the
 * colours are a stylesheet's business (src/styles/code.css). A style it does not know stops the build.
 */
export const codeClasses: ShikiTransformer = {
  name: 'code-classes',
  pre(node) {
    delete node.properties['style'];
  },
  span(node) {
    const style = node.properties['style'];
    if (typeof style !== 'string') return;
    const match = VARIABLE.exec(style.replace(/;$/, ''));
    if (match === null) throw new Error(`Highlighted code carries the style "${style}"`);
    delete node.properties['style'];
    if (match[1] !== undefined) this.addClassToHast(node, `tok-${match[1]}`);
  },
};
