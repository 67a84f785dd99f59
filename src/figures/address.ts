/** The address of the page as the figures of it share it: state in the query, place in the fragment. */
import { merge, type Schema } from '../share/codec.ts';

/** Writes a figure's state into the address, without a new entry in the history. */
export function writeAddress<S extends object>(schema: Schema<S>, state: S): void {
  const query = merge(schema, state, location.search);
  if (query !== location.search)
    history.replaceState(history.state, '', `${location.pathname}${query}${location.hash}`);
}

/**
 * Copies the address of exactly this view. Where copying is refused the address bar holds it.
 *
 * @param place the figure's alias, the fragment that scrolls to it also without JavaScript
 * @returns which of the two happened
 */
export async function copyAddress(place: string): Promise<'copied' | 'copyFailed'> {
  const url = new URL(location.href);
  url.hash = place;
  try {
    await navigator.clipboard.writeText(url.href);
    return 'copied';
  } catch {
    history.replaceState(history.state, '', url.href);
    return 'copyFailed';
  }
}
