/** What a prompt or agent hook asks a judge, a model that the operator named. */
import type { JsonObject } from './json.ts';

export const judgeTools = ['ReadFile', 'GrepSearch', 'Bash', 'Python'] as const;
export type JudgeTool = (typeof judgeTools)[number];

/** A question to a judge. Plain data: placeholders are filled when it is asked. */
export interface JudgeAction {
  /** `prompt`: one answer; `agent`: several turns with tools. */
  readonly kind: 'prompt' | 'agent';
  /** The policy in the author's words, with the placeholders of the dialect. */
  readonly prompt: string;
  /** Name or alias of the judge; undefined: the dialect's default. */
  readonly model?: string | undefined;
  /** Members of the context that the judge sees, as dotted paths; undefined: all of it. */
  readonly select?: readonly string[] | undefined;
  /** Tools in the tenant's sandbox. */
  readonly tools: readonly JudgeTool[];
  readonly maxTurns: number;
  /** Whether an approval of the judge counts; otherwise it can reject or say nothing. */
  readonly mayOverride?: boolean | undefined;
  /** A rejection leaves the turn going, where the dialect would end it. */
  readonly continueOnBlock?: boolean | undefined;
  readonly cache?: JudgeCacheRule | undefined;
  /** What the author wrote, as far as it has a bounded size. */
  readonly settings: JsonObject;
}

/** Equal questions within this time have one answer. */
interface JudgeCacheRule {
  readonly seconds: number;
  /** Members of the context, as dotted paths, that make a question; undefined: all of it. */
  readonly of?: readonly string[] | undefined;
}

/** Turns of an agent hook, and the most that a hook may ask for. */
export const turnLimits = { default: 10, most: 50 } as const;
