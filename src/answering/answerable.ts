import type { DecisionKind, Said } from '../protocol/decision.ts';

/** As much of a `Decision` as an agent is told; `answerDecision()` finds out what its inputs are. */
export interface Told extends Said {
  readonly decision: DecisionKind;
  readonly decidedBy?: string;
  /** The whole input of the tool after a rewrite. Absent beside `updatedInput`: the hooks' dialect has no rewrites. */
  readonly effectiveInput?: unknown;
  /** The input as the agent reported it, where it is known. */
  readonly reportedInput?: unknown;
}
