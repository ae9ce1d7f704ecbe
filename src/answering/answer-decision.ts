/**
 * Translates a decision by hooks of one dialect into an answer for an agent of the same dialect or
 * another one.
 */

import { answersTo, answerTables, findDialect } from '../agents/registry.ts';
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
  return answerIn(agent, decision, () => parsed(context), medium);
}

/** The answer to one agent, and what the agent knows of the event. */
export interface AgentAnswer extends Answer {
  readonly dialect: string;
  /** In the agent's spelling. */
  readonly event: string;
  /** The agent has an event of this name. */
  readonly known: boolean;
  /** The agent obeys a block at this event. */
  readonly blocks: boolean;
}

/** A decision in the words of every agent, as the end of a process. */
export function answersOfAll(decision: Decision, context: Uint8Array): AgentAnswer[] {
  // A context of 8 MiB takes 80 ms to parse.
  let root: object | undefined;
  const rootOnce = () => {
    root ??= parsed(context);
    return root;
  };
  return answerTables.map(({ name, events }) => {
    const { name: event, answers } = answersTo(name, decision.event);
    const known = Object.hasOwn(events, event);
    const answer = answerIn(name, decision, rootOnce, 'process');
    return { dialect: name, event, known, blocks: answers.blocks, ...answer };
  });
}

function answerIn(agent: string, decision: Decision, root: () => object, medium: Medium): Answer {
  const { effectiveInput: _, ...told } = decision;
  const failures = failuresOf(decision);
  const input = { ...told, ...inputsOf(agent, decision, root), failures };
  return answerFor(agent, decision.event, input, medium);
}

function parsed(context: Uint8Array): object {
  return JSON.parse(new TextDecoder().decode(context)) as object;
}

/**
 * The agent's own name for the input is looked up first. The hooks' dialect may use another name;
 * its merge then found no input, so the merge is repeated here.
 */
function inputsOf(
  agent: string,
  decision: Decision,
  rootOf: () => object,
): Pick<AnswerInput, 'effectiveInput' | 'reportedInput'> {
  if (decision.updatedInput === undefined) return {};
  const hooks = findDialect(decision.dialect);
  const root = rootOf();
  const reportedInput = toolInputIn(findDialect(agent), root) ?? toolInputIn(hooks, root);
  if (hooks.rewrite !== 'merge') return { reportedInput, effectiveInput: decision.effectiveInput };
  return isJsonObject(reportedInput)
    ? { reportedInput, effectiveInput: merged(reportedInput, decision.updatedInput) }
    : {};
}
