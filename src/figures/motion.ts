/** The one place that decides whether things move; a CSS media rule would not stop scripted motion. */

/** Longest transition of the site, milliseconds: longer than this a reader waits. */
const LONGEST = 300;

/** Whether the reader asked the system for less motion; false where there is no window (server, tests). */
export function prefersReducedMotion(): boolean {
  return typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Length of a transition in milliseconds: 0 under reduced motion, never above {@link LONGEST}. */
export function transition(milliseconds: number): number {
  return prefersReducedMotion() ? 0 : Math.min(milliseconds, LONGEST);
}
