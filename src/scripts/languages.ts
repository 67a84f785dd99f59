/**
 * Takes the query and the fragment along to the other language, so that a figure keeps its state.
 * Figures change the address while the reader works; it is read when the link is about to be used.
 */
export function languages(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.languages a')) {
    const follow = (): void => {
      link.search = location.search;
      link.hash = location.hash;
    };
    for (const event of ['pointerdown', 'focus', 'click']) link.addEventListener(event, follow);
  }
}
