/** The order in which the hooks of one event run. */
import type { Dialect, Order } from '../dialect.ts';
import { eventRules } from '../dialect-lookup.ts';
import { type Hook, isHeard } from '../hook.ts';

/** The hooks of several files, tier by tier, in the order of the files inside a tier. */
export function orderHooks(dialect: Dialect, hooks: readonly Hook[]): Hook[] {
  return dialect.tierOrder.flatMap((tier) => hooks.filter((hook) => hook.tier === tier));
}

/** How the hooks of an event run together. A shadow hook changes nothing for the others. */
export function orderOf(dialect: Dialect, hooks: readonly Hook[]): Order {
  if (hooks.some((hook) => hook.sequential === true && isHeard(hook))) return 'piped';
  const event = hooks[0]?.event;
  return (event === undefined ? undefined : eventRules(dialect, event).order) ?? dialect.order;
}
