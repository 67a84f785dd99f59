import type { ShikiTransformer } from 'shiki';

const VARIABLE = /^color:\s*var\(--[\w-]*?(?:token-([\w-]+)|foreground)\)$/;

/** Astro's own style for the signs of a diff, which a copy should leave out. */
const SIGN = 'user-select: none';

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
  // Here and not per token: Astro adds spans to a line after its tokens are made.
  line(node) {
    const exchange = (element: typeof node): void => {
      const style = element.properties['style'];
      if (typeof style === 'string') {
        delete element.properties['style'];
        const name = className(style.trim().replace(/;$/, ''));
        if (name !== undefined) this.addClassToHast(element, name);
      }
      for (const child of element.children) if (child.type === 'element') exchange(child);
    };
    exchange(node);
  },
};

function className(style: string): string | undefined {
  if (style === SIGN) return 'tok-sign';
  const match = VARIABLE.exec(style);
  if (match === null) throw new Error(`Highlighted code carries the style "${style}"`);
  return match[1] === undefined ? undefined : `tok-${match[1]}`;
}
