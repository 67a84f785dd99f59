import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built site. */
export const dist = join(root, 'dist');

/** What commands remember between runs; safe to delete. */
export const cache = join(root, '.cache');

/** A program that an installed package brings, as a file that Node can run. */
export const bin = (name) => join(root, 'node_modules', '.bin', name);
