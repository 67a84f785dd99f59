/**
 * Makes the buttons beside commands copy them. Whether it worked is said by the button, and to a
 * screen reader by the page's status line. Without a script the buttons are not shown.
 */
export function copyCommands(): void {
  const live = document.querySelector<HTMLElement>('.live');
  for (const button of document.querySelectorAll<HTMLButtonElement>('.copy-command')) {
    const name = button.textContent;
    const say = (text = ''): void => {
      button.textContent = text;
      if (live !== null) live.textContent = text;
      setTimeout(() => {
        button.textContent = name;
        if (live !== null) live.textContent = '';
      }, 2500);
    };
    button.addEventListener('click', () => {
      const command = button.parentElement?.querySelector('pre')?.textContent ?? '';
      // Undefined outside secure contexts, whatever its type says.
      const clipboard = navigator.clipboard as Clipboard | undefined;
      if (clipboard === undefined) say(button.dataset['failed']);
      else {
        clipboard.writeText(command).then(
          () => {
            say(button.dataset['copied']);
          },
          () => {
            say(button.dataset['failed']);
          },
        );
      }
    });
  }
}
