/**
 * The outline of a page: its headings and components in the order of the text. Astro renders
 * components side by side, so nothing that depends on order (the numbers of sources, the table of
 * contents) can be counted while rendering; it is read off the page's tree instead.
 */
import type { SatteriProcessorOptions } from '@astrojs/markdown-satteri';

export interface OutlineHeading {
  kind: 'heading';
  depth: 2 | 3;
  id: string;
  text: string;
}

export interface OutlineComponent {
  kind: 'component';
  name: string;
  /** Attributes with a plain string value. */
  attributes: Record<string, string>;
  /** Counts the components of a page; each gets it as its attribute `mark`, too. */
  mark: number;
}

export type OutlineItem = OutlineHeading | OutlineComponent;

type Entry = NonNullable<SatteriProcessorOptions['hastPlugins']>[number];
type Plugin = Exclude<Extract<Entry, { name: string }>, (...args: never[]) => unknown>;
type Hook = NonNullable<Plugin['after']>;
type Root = Parameters<Hook>[0];
type Context = Parameters<Hook>[1];
type Node = Root | Root['children'][number];
type Component = Extract<Node, { type: 'mdxJsxFlowElement' | 'mdxJsxTextElement' }>;

/** Components that carry a mark, so that the list of sources can lead back to them. */
const MARKED = new Set(['Cite', 'Fact', 'Measured']);

/**
 * Puts the outline into the front matter as `outline`, imports the figures a page uses and tells them
 * the page's language. A page imports only its own figures: their styles travel with that page alone.
 */
export function outlinePlugin(figures: ReadonlyMap<string, string>): Entry {
  return ({ fileURL, sourceFormat }) =>
    sourceFormat === 'mdx' && {
      name: 'outline',
      after(root, context) {
        const page = pageName(fileURL);
        const locale = page.split('/')[2];
        const outline: OutlineItem[] = [];
        const used = new Map<string, string>();
        for (const node of components(root, page)) {
          const item = describe(node, outline, context, page);
          outline.push(item);
          const path = item.kind === 'component' ? figures.get(item.name) : undefined;
          if (item.kind !== 'component' || path === undefined) continue;
          used.set(item.name, path);
          context.setProperty(node, 'locale', locale);
        }
        checkHeadings(outline, page);
        for (const [name, path] of used) {
          context.prependChild(root, {
            type: 'mdxjsEsm',
            value: `import ${name} from ${JSON.stringify(path)};`,
          });
        }

        const astro = context.data['astro'] as { frontmatter: Record<string, unknown> };
        astro.frontmatter['outline'] = outline;
      },
    };
}

function* components(node: Node, page: string): Generator<Component> {
  if (node.type === 'element' && /^h[1-6]$/.test(node.tagName)) {
    throw new Error(`${page}: a heading needs an id: write <H2 id="..."> or <H3 id="...">`);
  }
  if (node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') yield node;
  if ('children' in node) for (const child of node.children) yield* components(child, page);
}

function describe(
  node: Component,
  before: readonly OutlineItem[],
  context: Context,
  page: string,
): OutlineItem {
  const attributes = plainAttributes(node);
  const name = node.name ?? '';
  if (name === 'H2' || name === 'H3') {
    const text = context.textContent(node).trim();
    const id = attributes['id'];
    if (id === undefined) throw new Error(`${page}: the heading "${text}" has no id`);
    return { kind: 'heading', depth: name === 'H2' ? 2 : 3, id, text };
  }
  const mark = before.filter((item) => item.kind === 'component').length + 1;
  if (MARKED.has(name)) context.setProperty(node, 'mark', String(mark));
  return { kind: 'component', name, attributes, mark };
}

function plainAttributes(node: Component): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const attribute of node.attributes) {
    if (attribute.type === 'mdxJsxAttribute' && typeof attribute.value === 'string') {
      plain[attribute.name] = attribute.value;
    }
  }
  return plain;
}

function checkHeadings(outline: readonly OutlineItem[], page: string): void {
  const seen = new Set<string>();
  for (const item of outline) {
    if (item.kind !== 'heading') continue;
    if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(item.id)) {
      throw new Error(`${page}: the heading id "${item.id}" is not lower-case words joined by -`);
    }
    if (seen.has(item.id)) throw new Error(`${page}: two headings have the id "${item.id}"`);
    seen.add(item.id);
  }
}

/** `content/pages/en/umount.mdx`, as people know the file. */
function pageName(file: URL | undefined): string {
  const path = decodeURIComponent(file?.pathname ?? 'a page');
  return path.slice(Math.max(path.indexOf('content/pages/'), 0));
}
