/**
 * The token of the person. It is sent as a header by this page alone: a cookie would be sent by
 * pages of others too. It ends with the tab.
 */
import { signal } from '@preact/signals';

const storageKey = 'hookpool.token';
const tenantKey = 'hookpool.tenant';

/** Empty: none was given. */
export const token = signal(sessionStorage.getItem(storageKey) ?? '');
/** The tenant of requests, for a token that may name any; empty: the token's own, or `default`. */
export const tenant = signal(sessionStorage.getItem(tenantKey) ?? '');
/** The server asks for a token, and refused what it got. */
export const loginNeeded = signal(false);

export function signIn(given: string): void {
  token.value = given.trim();
  sessionStorage.setItem(storageKey, token.value);
  loginNeeded.value = false;
}

export function signOut(): void {
  token.value = '';
  sessionStorage.removeItem(storageKey);
  loginNeeded.value = true;
}

/** Pages that are open ask again, for this tenant. */
export function chooseTenant(name: string): void {
  tenant.value = name.trim();
  sessionStorage.setItem(tenantKey, tenant.value);
}
