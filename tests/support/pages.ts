import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { dist } from '../../scripts/lib/paths.mjs';

/** A page of the built site. */
export interface BuiltPage {
  /** Its address on the site: `/zh-cn/umount/`. */
  path: string;
  locale: 'en' | 'zh-cn';
}

/** Every page of the built site, the 404 pages among them. */
export function builtPages(): BuiltPage[] {
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error('There is no built site: run `npm run build` first.');
  }
  return globSync('**/*.html', { cwd: dist })
    .map((file) => `/${file.replaceAll('\\', '/').replace(/(^|\/)index\.html$/, '$1')}`)
    .sort()
    .map((path) => ({ path, locale: path.startsWith('/zh-cn/') ? 'zh-cn' : 'en' }));
}
