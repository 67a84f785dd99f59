/**
 * The card that shows an entry of the glossary beside the word that names it. It stays while the
 * mouse is on the word or on the card, or the word has the focus; Escape closes it at once.
 */
import sheet from '../styles/term-card.css?inline';

/** What `/glossary/terms-<language>.json` holds. */
export interface TermCards {
  /** What the link to the whole entry says. */
  more: string;
  /** Term and explanation, by the term's id. */
  terms: Record<string, readonly [term: string, says: string]>;
}

/** What src/scripts/terms.ts tells of a reader who has come to a term. */
export interface TermEvent {
  link: HTMLAnchorElement;
  type: 'pointerdown' | 'pointerover' | 'focusin' | 'click';
}

declare global {
  interface WindowEventMap {
    term: CustomEvent<TermEvent>;
  }
}

/** Milliseconds that the mouse rests on a word, or is away from word and card. */
const PATIENCE = 250;
/** Pixels between the word and its card, and between the card and the window's edge. */
const GAP = 6;

const styles = new CSSStyleSheet();
styles.replaceSync(sheet);
document.adoptedStyleSheets.push(styles);

const card = document.createElement('div');
card.id = 'term-card';
card.popover = 'auto';
const title = card.appendChild(document.createElement('b'));
const text = card.appendChild(document.createElement('p'));
const whole = card.appendChild(document.createElement('a'));
document.querySelector('main')?.append(card);

let cards: Promise<TermCards> | undefined;
let current: HTMLAnchorElement | undefined;
let timer: ReturnType<typeof setTimeout>;

function load(): Promise<TermCards> {
  const language = document.documentElement.lang.toLowerCase();
  cards ??= fetch(`/glossary/terms-${language}.json`).then(
    (answer) => answer.json() as Promise<TermCards>,
  );
  // Asked for again at the next word.
  cards.catch(() => (cards = undefined));
  return cards;
}

function close(): void {
  clearTimeout(timer);
  card.hidePopover();
}

async function open(link: HTMLAnchorElement): Promise<void> {
  const { more, terms } = await load();
  close();
  const [term, says] = terms[link.hash.slice(1)] ?? [];
  title.textContent = term ?? null;
  text.textContent = says ?? null;
  whole.textContent = more;
  whole.href = link.href;
  card.showPopover();
  current?.removeAttribute('aria-describedby');
  current = link;
  link.setAttribute('aria-describedby', card.id);
  place(link);
}

/** Under the first line of the word, over it where there is no room; never beyond the window. */
function place(link: HTMLElement): void {
  const [line = link.getBoundingClientRect()] = link.getClientRects();
  const { clientWidth, clientHeight } = document.documentElement;
  const over = line.top - GAP - card.offsetHeight;
  const below = line.bottom + GAP;
  const top = below + card.offsetHeight > clientHeight && over > 0 ? over : below;
  const left = Math.max(GAP, Math.min(line.left, clientWidth - card.offsetWidth - GAP));
  card.style.translate = `${String(left + scrollX)}px ${String(top + scrollY)}px`;
}

card.addEventListener('toggle', ({ newState }) => {
  if (newState === 'open') return;
  current?.removeAttribute('aria-describedby');
  current = undefined;
});

addEventListener('term', ({ detail: { link, type } }) => {
  clearTimeout(timer);
  if (link === current) return;
  if (type === 'pointerover') {
    // Asked for while the mouse comes to rest.
    load().catch(() => undefined);
    timer = setTimeout(() => {
      if (link.matches(':hover')) open(link).catch(() => undefined);
    }, PATIENCE);
  } else {
    open(link).catch(() => {
      if (type === 'click') location.href = link.href;
    });
  }
});

/** Whether a node belongs to the card or to its word. */
const inside = (node: EventTarget | null): boolean =>
  node instanceof Node && (card.contains(node) || current?.contains(node) === true);

addEventListener('pointerover', ({ target, pointerType }) => {
  if (current === undefined || pointerType === 'touch') return;
  // Another word brings its own card, which closes this one.
  if (!inside(target) && (target as Element).closest('a.term') !== null) return;
  clearTimeout(timer);
  if (!inside(target)) timer = setTimeout(close, PATIENCE);
});
addEventListener('focusin', ({ target }) => {
  if (current !== undefined && !inside(target)) close();
});
