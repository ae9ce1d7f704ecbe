/** The store of decisions, as evaluate() uses it. */
import type { Content } from '../protocol/content.ts';
import type { Decision } from '../protocol/decision.ts';

/** Fields that identify an evaluation: calls that agree in all of them are the same one. */
export interface EvaluationKey {
  readonly tenant: string;
  readonly evaluationId: string;
  readonly event: string;
  readonly context: Uint8Array;
  /** Holds the hash of the context, computed once for the decision record and the queue. */
  readonly content?: Content | undefined;
}

/** Calls may fail or hang; evaluate() then returns its own decision. */
export interface DecisionRecord {
  find(key: EvaluationKey): Promise<Decision | undefined>;
  /** Stores the decision unless there is one already. @returns the stored one. */
  claim(key: EvaluationKey, decision: Decision): Promise<Decision>;
}
