/** The order in which the hooks of one event run. */
import type { Dialect } from '../dialect.ts';
import type { Hook } from '../hook.ts';

/** The hooks of several files, tier by tier, in the order of the files inside a tier. */
export function orderHooks(dialect: Dialect, hooks: readonly Hook[]): Hook[] {
  return dialect.tierOrder.flatMap((tier) => hooks.filter((hook) => hook.tier === tier));
}
