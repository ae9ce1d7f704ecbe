/** Explanations as the API answers them. */
import type { Explanation } from '../dispatch/explain.ts';
import { scriptOf } from '../protocol/action.ts';
import type { Hook } from '../protocol/hook.ts';
import { sha256 } from './audit-record.ts';

/** Milliseconds of the parts of an evaluation that are none of its hooks'. */
export interface Timings {
  /** Reading stores before the evaluation. */
  readonly storeMs: number;
  /** Reading and checking the hooks. */
  readonly checkMs: number;
  /** Reading the context and matching. */
  readonly selectMs: number;
  readonly totalMs: number;
}

/** An explanation; its hooks have the hashes of their scripts. */
export interface ServedExplanation extends Explanation {
  readonly timings?: Timings;
}

/** @param all the hooks of the explanation, in its order */
export function withScripts(explanation: Explanation, all: readonly Hook[]): ServedExplanation {
  const hooks = explanation.hooks.map((hook, at) => {
    const script = all[at] && scriptOf(all[at]);
    return script === undefined ? hook : { ...hook, scriptSha256: sha256(script.source) };
  });
  return { ...explanation, hooks };
}
