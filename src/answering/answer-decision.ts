/**
 * Translates a decision by hooks of one dialect into an answer for an agent of the same dialect or
 * another one.
 */

import { findDialect } from '../agents/registry.ts';
import { toolInputIn } from '../protocol/context.ts';
import type { Decision } from '../protocol/decision.ts';
import { isJsonObject } from '../protocol/json.ts';
import { merged } from '../protocol/verdict/combine-rewrites.ts';
import { type Answer, answerFor, type Medium } from './answer-for.ts';
import type { AnswerInput } from './answer-input.ts';
import { failuresOf } from './failures.ts';

/**
 * @param agent the dialect that the answer is written in
 * @param context the context of the event, as the agent reported it
 * @throws InvalidInputError `UNKNOWN_DIALECT`
 */
export function answerDecision(
  agent: string,
  decision: Decision,
  context: Uint8Array,
  medium: Medium = 'process',
): Answer {
  const { effectiveInput: _, ...told } = decision;
  const failures = failuresOf(decision);
  const input = { ...told, ...inputsOf(agent, decision, context), failures };
  return answerFor(agent, decision.event, input, medium);
}

/**
 * The agent's own name for the input is looked up first. The hooks' dialect may use another name;
 * its merge then found no input, so the merge is repeated here.
 */
function inputsOf(
  agent: string,
  decision: Decision,
  context: Uint8Array,
): Pick<AnswerInput, 'effectiveInput' | 'reportedInput'> {
  if (decision.updatedInput === undefined) return {};
  const hooks = findDialect(decision.dialect);
  const root = JSON.parse(new TextDecoder().decode(context)) as object;
  const reportedInput = toolInputIn(findDialect(agent), root) ?? toolInputIn(hooks, root);
  if (hooks.rewrite !== 'merge') return { reportedInput, effectiveInput: decision.effectiveInput };
  return isJsonObject(reportedInput)
    ? { reportedInput, effectiveInput: merged(reportedInput, decision.updatedInput) }
    : {};
}
