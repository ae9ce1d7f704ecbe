/** What the overview counts: the evaluations of the last minutes. */
import type { EvaluationSummary } from '../server/api-types.ts';
import { type Outcome, outcomeOf, outcomes } from './outcome.ts';
import { quantile } from './shown.ts';

export interface Minute {
  readonly counts: Readonly<Record<Outcome, number>>;
}

export interface Recent {
  /** The oldest minute first. */
  readonly minutes: readonly Minute[];
  readonly counts: Readonly<Record<Outcome, number>>;
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

/** @param rows in any order; those outside the minutes are not counted. */
export function recentOf(
  rows: readonly EvaluationSummary[],
  minuteCount: number,
  now: number,
): Recent {
  const minutes = Array.from({ length: minuteCount }, () => ({ counts: zero() }));
  const counts = zero();
  const hooks = new Map<string, HookCount>();
  const counted: number[] = [];
  for (const row of rows) {
    const age = Math.floor((now - Date.parse(row.at)) / 60_000);
    const minute = minutes[minuteCount - 1 - Math.max(age, 0)];
    if (minute === undefined) continue;
    const outcome = outcomeOf(row);
    minute.counts[outcome] += 1;
    counts[outcome] += 1;
    counted.push(row.durationMs);
    countHook(hooks, row, outcome);
  }
  const byCount = [...hooks.values()].toSorted(
    (a, b) => b.blocked + b.failed - a.blocked - a.failed,
  );
  return {
    minutes,
    counts,
    p50Ms: quantile(counted, 0.5),
    p95Ms: quantile(counted, 0.95),
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

function zero(): Record<Outcome, number> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}
