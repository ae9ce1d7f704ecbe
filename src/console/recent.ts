/** What the overview makes of the newest evaluations. */
import type { EvaluationSummary } from '../server/api-types.ts';
import { type Outcome, outcomeOf } from '../server/outcome.ts';
import { quantile } from './shown.ts';

export interface Recent {
  readonly count: number;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  /** Hooks by how often they blocked, or their fail mode spoke; the most first. */
  readonly hooks: readonly HookCount[];
}

interface HookCount {
  readonly hook: string;
  readonly blocked: number;
  readonly failed: number;
}

const mostHooks = 10;

/** @param rows in any order */
export function recentOf(rows: readonly EvaluationSummary[]): Recent {
  const hooks = new Map<string, HookCount>();
  for (const row of rows) countHook(hooks, row, outcomeOf(row));
  const durations = rows.map(({ durationMs }) => durationMs);
  const byCount = [...hooks.values()].toSorted(
    (a, b) => b.blocked + b.failed - a.blocked - a.failed,
  );
  return {
    count: rows.length,
    p50Ms: quantile(durations, 0.5),
    p95Ms: quantile(durations, 0.95),
    hooks: byCount.slice(0, mostHooks),
  };
}

function countHook(
  hooks: Map<string, HookCount>,
  { decidedBy }: EvaluationSummary,
  outcome: Outcome,
): void {
  if (decidedBy === undefined) return;
  const isFailure = outcome === 'fail-mode' || outcome === 'not-run';
  if (!isFailure && outcome !== 'block') return;
  const { blocked, failed } = hooks.get(decidedBy) ?? { blocked: 0, failed: 0 };
  hooks.set(decidedBy, {
    hook: decidedBy,
    blocked: blocked + (isFailure ? 0 : 1),
    failed: failed + (isFailure ? 1 : 0),
  });
}
