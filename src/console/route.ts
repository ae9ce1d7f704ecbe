/** The address of the page as a signal, and the ways to change it. */
import { computed, signal } from '@preact/signals';
import { parseRoute } from './address.ts';

const address = signal(location.hash);
addEventListener('hashchange', () => {
  address.value = location.hash;
});

export const route = computed(() => parseRoute(address.value));

/** Goes to an address; `replace`: without an entry in the history (typing in a filter). */
export function go(href: string, replace = false): void {
  if (!replace) {
    location.hash = href;
    return;
  }
  history.replaceState(null, '', href);
  address.value = href;
}
