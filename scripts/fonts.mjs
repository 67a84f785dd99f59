/**
 * Makes src/fonts/*.woff2: three faces cut down to the characters that the pages set in them, so that
 * all fonts of the site stay within 30 kB. Run it when a page needs a new character; Chinese and
 * everything else falls back to the reader's own fonts.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import subsetFont from 'subset-font';

const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
/** The italic sets labels and emphasis, never code. */
const words = ascii.replace(/[<>{}[\]\\^~`|@#$*=+]/g, '');

const faces = [
  {
    from: '@fontsource/newsreader/files/newsreader-latin-400-normal.woff2',
    to: 'text-400.woff2',
    text: `${ascii}\u00a0–—‘’“”…×·§†−≈≤≥µ°`,
  },
  {
    from: '@fontsource/newsreader/files/newsreader-latin-400-italic.woff2',
    to: 'text-400-italic.woff2',
    text: `${words}\u00a0–—‘’“”…×·µ`,
  },
  {
    from: '@fontsource/ibm-plex-mono/files/ibm-plex-mono-latin-400-normal.woff2',
    to: 'mono-400.woff2',
    text: `${ascii}\u00a0…×·−µ`,
  },
];

mkdirSync('src/fonts', { recursive: true });
let total = 0;
for (const { from, to, text } of faces) {
  const source = readFileSync(`node_modules/${from}`);
  // The layout closure would pull in small capitals and old-style figures that no page asks for.
  const font = await subsetFont(source, text, { targetFormat: 'woff2', noLayoutClosure: true });
  writeFileSync(`src/fonts/${to}`, font);
  total += font.length;
  console.log(`${to}: ${font.length} bytes`);
}
console.log(`together: ${total} bytes`);
