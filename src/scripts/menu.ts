/** The menu of the header closes with Escape, and with a click or the focus elsewhere. */
export function menu(): void {
  const details = document.querySelector<HTMLDetailsElement>('.more details');
  if (details === null) return;
  for (const event of ['click', 'focusin']) {
    addEventListener(event, ({ target }) => {
      if (!details.contains(target as Node)) details.open = false;
    });
  }
  details.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !details.open) return;
    details.open = false;
    details.querySelector('summary')?.focus();
  });
}
