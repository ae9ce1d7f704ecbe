/** A decision of hooks of one dialect, told to an agent of the same or another one. */

import { findDialect } from '../agents/registry.ts';
import { toolInputIn } from '../protocol/context.ts';
import type { Decision } from '../protocol/decision.ts';
import { isJsonObject } from '../protocol/json.ts';
import { merged } from '../protocol/verdict/combine-rewrites.ts';
import { type Answer, answerFor } from './answer-for.ts';
import type { Told } from './answerable.ts';

/**
 * @param agent the dialect in whose words the answer is made
 * @param context what the agent reported, and the decision is about
 * @throws InvalidInputError `UNKNOWN_DIALECT`
 */
export function answerDecision(agent: string, decision: Decision, context: Uint8Array): Answer {
  const { effectiveInput: _, ...told } = decision;
  return answerFor(agent, decision.event, { ...told, ...inputsOf(agent, decision, context) });
}

/** The agent's own name for the input comes first: a merge that looked for another one has found nothing. */
function inputsOf(agent: string, decision: Decision, context: Uint8Array): Pick<Told, 'effectiveInput' | 'reportedInput'> {
  if (decision.updatedInput === undefined) return {};
  const hooks = findDialect(decision.dialect);
  const root = JSON.parse(new TextDecoder().decode(context)) as object;
  const reportedInput = toolInputIn(findDialect(agent), root) ?? toolInputIn(hooks, root);
  if (hooks.rewrite !== 'merge') return { reportedInput, effectiveInput: decision.effectiveInput };
  return isJsonObject(reportedInput) ? { reportedInput, effectiveInput: merged(reportedInput, decision.updatedInput) } : {};
}
