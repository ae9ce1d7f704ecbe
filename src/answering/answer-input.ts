import type { DecisionKind, ResultTexts } from '../protocol/decision.ts';

/**
 * The part of a `Decision` that an agent receives; `answerDecision()` determines the two inputs.
 */
export interface AnswerInput extends ResultTexts {
  readonly decision: DecisionKind;
  readonly decidedBy?: string;
  /** Sentences about hooks that let the action go ahead without having done their work. */
  readonly failures?: readonly string[];
  /**
   * The whole input of the tool after a rewrite. Absent beside `updatedInput`: the hooks' dialect
   * has no rewrites, or there was no input to merge into.
   */
  readonly effectiveInput?: unknown;
  /** The input as the agent reported it, where it is known. */
  readonly reportedInput?: unknown;
}
