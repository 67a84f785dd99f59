const KEY = 'theme';

/** Reads the choice again; storage may be denied, and then the system decides. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(choice: string): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // The choice then holds for this page alone.
  }
}

/** Binds the theme's radio buttons to the document and to storage. */
export function theme(): void {
  const root = document.documentElement;
  const buttons = [...document.querySelectorAll<HTMLInputElement>('.theme input')];
  const show = (choice: string | null): void => {
    const valid = choice === 'light' || choice === 'dark' ? choice : 'system';
    if (valid === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = valid;
    for (const button of buttons) button.checked = button.value === valid;
  };
  for (const button of buttons) {
    button.addEventListener('change', () => {
      show(button.value);
      store(button.value);
    });
  }
  show(root.dataset['theme'] ?? null);
  // Chosen in another tab, or on a page that this one, kept by the browser, comes back from.
  addEventListener('storage', (event) => {
    if (event.key === KEY) show(event.newValue);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) show(stored());
  });
}
