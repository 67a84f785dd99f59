import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { defineCollection } from 'astro:content';

/** The pages: one MDX file per page and language, `content/pages/<language>/<slug>.mdx`. */
const pages = defineCollection({
  loader: glob({
    base: './content/pages',
    pattern: '**/*.mdx',
    // Path without the ending. The loader's own ids drop `index`, which would leave `en` as the home page.
    generateId: ({ entry }) => entry.replace(/\.mdx$/, ''),
  }),
  schema: z.strictObject({
    title: z.string().min(1),
    /** One sentence for search engines and previews. */
    description: z.string().min(1),
    /** The answer, in one to three sentences of plain text. */
    lead: z.string().min(1),
    /** Place in the story; pages without one stand beside it. */
    part: z.number().int().positive().optional(),
  }),
});

export const collections = { pages };
