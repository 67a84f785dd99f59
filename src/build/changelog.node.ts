/** What changed on the site and in its rules: content/changelog.yaml, for its page and its feeds. */
import { z } from 'zod';
import { loadRows } from '../facts/load.ts';
import { textSchema } from '../facts/schema.ts';

const changeSchema = z.strictObject({
  /** Names the entry in links; it never changes. */
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words, joined by -'),
  date: z.iso.date(),
  kind: z.enum(['page', 'figure', 'rule', 'evidence', 'generator']),
  says: textSchema,
  /** Slugs of the pages it concerns; `index` is the home page. */
  pages: z.array(z.string()),
});
export type Change = z.infer<typeof changeSchema>;

/** Every entry, newest first. Throws where the file has another order. */
export function loadChangelog(folder = 'content'): Change[] {
  const changes = loadRows('changelog.yaml', z.array(changeSchema), folder);
  changes.forEach((change, index) => {
    const before = changes[index - 1];
    if (before !== undefined && before.date < change.date) {
      throw new Error(`content/changelog.yaml: "${change.id}" is newer than the entry above it`);
    }
  });
  return changes;
}
