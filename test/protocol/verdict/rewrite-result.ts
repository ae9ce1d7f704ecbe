/** A hook's result that may rewrite the tool's input. */
import type { HookResult } from '../../../src/protocol/decision.ts';

export function result(
  updatedInput?: unknown,
  decision: HookResult['decision'] = 'none',
  over: Partial<HookResult> = {},
): HookResult {
  return {
    hook: 'h',
    tier: 'agent',
    event: 'PreToolUse',
    decision,
    cause: { kind: 'output' },
    diagnostics: [],
    facts: null,
    durations: { queueMs: 0, leaseMs: 0, runMs: 0, totalMs: 0 },
    ...(updatedInput === undefined ? {} : { updatedInput }),
    ...over,
  };
}
