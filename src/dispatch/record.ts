/** Who remembers decisions, as evaluate() sees it. */
import { orLate } from '../deadline.ts';
import type { Decision } from '../protocol/decision.ts';

/** What makes two calls the same evaluation. */
export interface EvaluationKey {
  readonly tenant: string;
  readonly evaluationId: string;
  readonly event: string;
  readonly context: Uint8Array;
}

/** May fail or hang: evaluate() then goes by its own decision. */
export interface DecisionRecord {
  find(key: EvaluationKey): Promise<Decision | undefined>;
  /** Stores the decision unless there is one. @returns the one that stands. */
  claim(key: EvaluationKey, decision: Decision): Promise<Decision>;
}

/**
 * What the record says within `timeoutMs`, else `fallback`: an unreachable record costs agreement,
 * never an answer.
 */
export function askRecord<T>(asking: Promise<T>, fallback: T, timeoutMs: number): Promise<T> {
  const otherwise = () => fallback;
  return orLate(Math.max(0, timeoutMs), asking.catch(otherwise), otherwise);
}
