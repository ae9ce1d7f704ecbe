/** What shadow hooks leave to the hooks that are heard. */
import { type Hook, isHeard } from '../protocol/hook.ts';

/** A shadow hook is never worth an answer that counts: it takes from the first half only. */
const shadowShare = 0.5;

/** The share of each limit of a process or judge that a hook may use up. */
export function shareOf(hook: Pick<Hook, 'shadow'>): number {
  return isHeard(hook) ? 1 : shadowShare;
}
