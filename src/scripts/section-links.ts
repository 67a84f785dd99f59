/** A section link also copies its address and says so; the browser follows it as ever. */
export function sectionLinks(): void {
  const live = document.querySelector<HTMLElement>('.live');
  if (live === null) return;
  const { copied = '', failed = '' } = live.dataset;
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('.anchor');
    if (link === null || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    // The section alone: a figure has its own link for its state.
    const address = location.origin + location.pathname + link.hash;
    const say = (text: string): void => {
      live.textContent = text;
      link.dataset['said'] = text;
      setTimeout(() => {
        live.textContent = '';
        delete link.dataset['said'];
      }, 2500);
    };
    // Undefined outside secure contexts, whatever its type says.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    if (clipboard === undefined) say(failed);
    else {
      clipboard.writeText(address).then(
        () => {
          say(copied);
        },
        () => {
          say(failed);
        },
      );
    }
  });
}
