/** The hooks that two texts of a hook set select for one event, side by side. */
import { actionKey } from '../protocol/action.ts';
import type { Tier } from '../protocol/dialect.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';

interface HookChange {
  readonly hook: string;
  readonly tier: Tier;
  readonly change: 'added' | 'removed' | 'changed' | 'moved';
  /** changed: the fields that differ. */
  readonly what?: readonly string[];
  /** It had made the decision. */
  readonly decided?: true;
}

export interface Comparison {
  readonly changes: readonly HookChange[];
  /** A hook that the decision waits for and hears is among the changes. */
  readonly mayChange: boolean;
}

/** The fields of a selected hook that change what it does or what its result means. */
const fields = {
  script: (hook) => actionKey(hook.action),
  failMode: (hook) => hook.failMode,
  timeoutMs: (hook) => hook.timeoutMs,
  profile: (hook) => hook.profile,
  state: (hook) => hook.state,
  maxRejections: (hook) => hook.maxRejections,
  strictOutput: (hook) => hook.strictOutput === true,
  ignoreToolErrors: (hook) => hook.ignoreToolErrors === true,
  async: (hook) => hook.async === true,
  shadow: (hook) => hook.shadow === true,
  once: (hook) => hook.once === true,
  sequential: (hook) => hook.sequential === true,
} as const satisfies Record<string, (hook: Hook) => unknown>;

/** @param decidedBy name of the hook that made the decision */
export function compareHooks(
  before: readonly Hook[],
  after: readonly Hook[],
  decidedBy: string | undefined,
): Comparison {
  const [old, now] = [byName(before), byName(after)];
  const common = [...old.keys()].filter((key) => now.has(key));
  const places = [...now.keys()].filter((key) => old.has(key));
  const changes: HookChange[] = [];
  let mayChange = false;
  const tell = (change: HookChange, ...hooks: readonly Hook[]) => {
    const isDecider = change.change !== 'added' && change.hook === decidedBy;
    changes.push(isDecider ? { ...change, decided: true } : change);
    mayChange ||= hooks.some((hook) => isHeard(hook) && hook.async !== true);
  };
  for (const [key, hook] of old) {
    const { name, tier } = hook;
    const other = now.get(key);
    if (other === undefined) {
      tell({ hook: name, tier, change: 'removed' }, hook);
      continue;
    }
    const what = Object.entries(fields).flatMap(([field, of]) =>
      of(hook) === of(other) ? [] : [field],
    );
    if (what.length > 0) tell({ hook: name, tier, change: 'changed', what }, hook, other);
    else if (places[common.indexOf(key)] !== key) tell({ hook: name, tier, change: 'moved' }, hook);
  }
  for (const [key, hook] of now)
    if (!old.has(key)) tell({ hook: hook.name, tier: hook.tier, change: 'added' }, hook);
  return { changes, mayChange };
}

/** Hooks by tier and name; the second one of a name is another one. */
function byName(hooks: readonly Hook[]): Map<string, Hook> {
  const found = new Map<string, Hook>();
  for (const hook of hooks) {
    let key = `${hook.tier}\n${hook.name}`;
    while (found.has(key)) key += '\n';
    found.set(key, hook);
  }
  return found;
}
