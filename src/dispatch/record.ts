/** Who remembers decisions, as evaluate() sees it. */
import type { Content } from '../protocol/content.ts';
import type { Decision } from '../protocol/decision.ts';

/** What makes two calls the same evaluation. */
export interface EvaluationKey {
  readonly tenant: string;
  readonly evaluationId: string;
  readonly event: string;
  readonly context: Uint8Array;
  /** Has the hash of the context, which is made once for the record and the queue. */
  readonly content?: Content | undefined;
}

/** May fail or hang: evaluate() then goes by its own decision. */
export interface DecisionRecord {
  find(key: EvaluationKey): Promise<Decision | undefined>;
  /** Stores the decision unless there is one. @returns the one that stands. */
  claim(key: EvaluationKey, decision: Decision): Promise<Decision>;
}
