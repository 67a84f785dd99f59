/**
 * Terms of the glossary open their entry beside the word: under the mouse after a moment, with the
 * keyboard at once, on a touch screen with the first tap; the second tap follows the link. This
 * script stands in every page with terms, so it only waits: what shows the entry is loaded when a
 * reader first comes to a term, and where that fails the link leads to the glossary as ever.
 */
import type { TermEvent } from './term-card.ts';
// Built on its own and not run as a worker: `import()` would bring a helper three times this size.
import cardScript from './term-card.ts?worker&url';

let loading: Promise<unknown> | undefined;
let touch = false;
let open: Element | null;

const load = (): Promise<unknown> =>
  (loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    Object.assign(script, { type: 'module', src: cardScript, onload: resolve, onerror: reject });
    document.head.append(script);
  }));

for (const type of ['pointerdown', 'pointerover', 'focusin', 'click'] as const) {
  addEventListener(
    type,
    (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>('a.term');
      if (type === 'pointerdown') {
        touch = (event as PointerEvent).pointerType === 'touch';
        // The tap closes an open card before its click comes.
        open = document.querySelector('[aria-describedby="term-card"]');
      }
      if (link === null) return;
      const tapped = type === 'click' && touch && link !== open;
      if (tapped) event.preventDefault();
      if (
        tapped ||
        (type === 'pointerover' && (event as PointerEvent).pointerType !== 'touch') ||
        (type === 'focusin' && link.matches(':focus-visible'))
      ) {
        load()
          .then(() => {
            dispatchEvent(new CustomEvent<TermEvent>('term', { detail: { link, type } }));
          })
          .catch(() => {
            if (tapped) location.href = link.href;
          });
      }
    },
    true,
  );
}
