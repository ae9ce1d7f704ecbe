/** How a decision came about: what a hook says is apart from what its failMode counts as. */
import type { Cause } from './decision.ts';
import { failureCodes } from './failure-codes.ts';

/**
 * `hook`: by what a hook said. `fail-mode`: a hook failed by its own fault, and its failMode counts.
 * `not-run`: a hook did not run, or nothing is known of its run, and its failMode counts. `none`:
 * nobody decided.
 */
export const hows = ['hook', 'fail-mode', 'not-run', 'none'] as const;
export type How = (typeof hows)[number];

const notRun: ReadonlySet<string> = new Set([...failureCodes, 'HOOK_CANCELLED']);

export function howOf(cause: Cause | undefined): How {
  if (cause === undefined) return 'none';
  if (cause.kind !== 'fail-mode') return 'hook';
  return notRun.has(cause.code) ? 'not-run' : 'fail-mode';
}
