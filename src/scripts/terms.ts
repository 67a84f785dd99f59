/**
 * Terms of the glossary open their entry beside the word: under the mouse after a moment, with the
 * keyboard at once, on a touch screen with the first tap; the second tap follows the link. The
 * entries are loaded when a reader first comes to a term; where that fails, the link leads to the
 * glossary as ever. Pages carry this script only if they have terms, so it is kept small.
 */

/** What `/glossary/terms-<language>.json` holds. */
export interface TermCards {
  /** What the link to the whole entry says. */
  more: string;
  /** Term and explanation, by the term's id. */
  terms: Record<string, readonly [term: string, says: string]>;
}

/** Milliseconds that the mouse rests on a word, or is away from word and card. */
const PATIENCE = 250;
/** Pixels between the word and its card, and between the card and the window's edge. */
const GAP = 6;

const make = <K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] =>
  card.appendChild(document.createElement(name));
const card = document.createElement('div');
card.id = card.className = 'term-card';
card.popover = 'auto';
const title = make('b');
const text = make('p');
const more = make('a');
document.querySelector('main')?.append(card);

let loading: Promise<TermCards> | undefined;
let current: HTMLAnchorElement | undefined;
let tapped: HTMLAnchorElement | undefined;
let touch = false;
let timer: ReturnType<typeof setTimeout>;

const load = (): Promise<TermCards> =>
  (loading ??= fetch(`/glossary/terms-${document.documentElement.lang.toLowerCase()}.json`)
    .then((answer) => answer.json() as Promise<TermCards>)
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));

const close = (): void => {
  card.hidePopover();
};

async function open(link: HTMLAnchorElement): Promise<void> {
  const cards = await load();
  const [term = '', says = ''] = cards.terms[link.hash.slice(1)] ?? [];
  close();
  title.textContent = term;
  text.textContent = says;
  more.textContent = cards.more;
  more.href = link.href;
  current?.removeAttribute('aria-describedby');
  current = link;
  link.setAttribute('aria-describedby', card.id);
  card.showPopover();
  // Under the first line of the word, over it where there is no room, never beyond the window.
  const [line = card.getBoundingClientRect()] = link.getClientRects();
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth: width, offsetHeight: height } = card;
  const over = line.top - GAP - height;
  const below = line.bottom + GAP;
  const top = below + height > clientHeight && over > 0 ? over : below;
  const left = Math.max(GAP, Math.min(line.left, clientWidth - width - GAP));
  card.style.translate = `${String(left + scrollX)}px ${String(top + scrollY)}px`;
}

/** The term that an event happens to, and calls off what was to happen. */
const on = (
  type: 'pointerover' | 'pointerdown' | 'focusin' | 'click',
  react: (link: HTMLAnchorElement | null, event: Event) => void,
): void => {
  addEventListener(
    type,
    (event) => {
      react((event.target as Element).closest<HTMLAnchorElement>('a.term'), event);
    },
    true,
  );
};

on('pointerdown', (_, event) => {
  touch = (event as PointerEvent).pointerType === 'touch';
  // The tap closes an open card before its click comes.
  tapped = card.matches(':popover-open') ? current : undefined;
});
on('pointerover', (link, event) => {
  if ((event as PointerEvent).pointerType === 'touch') return;
  clearTimeout(timer);
  const shown = card.matches(':popover-open');
  if (link !== null && !(shown && link === current)) {
    // Asked for while the mouse comes to rest.
    load().catch(() => undefined);
    timer = setTimeout(() => void open(link).catch(() => undefined), PATIENCE);
  } else if (link === null && shown && !card.contains(event.target as Node)) {
    timer = setTimeout(close, PATIENCE);
  }
});
on('focusin', (link, event) => {
  if (link?.matches(':focus-visible') === true) open(link).catch(() => undefined);
  else if (!card.contains(event.target as Node)) close();
});
on('click', (link, event) => {
  if (link === null || !touch || link === tapped) return;
  event.preventDefault();
  open(link).catch(() => {
    location.href = link.href;
  });
});
