/**
 * Decides where a decision must become a block, because the agent cannot carry it out: no person
 * would be asked, a change would not be made, or the end of the turn would come too late. A block
 * is the strictest reading.
 */

import { type EventAnswers, isBefore, type Template } from '../agents/answer-table.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { AnswerInput } from './answer-input.ts';

/**
 * Extras that may be dropped safely: losing one never lets through what a hook wanted to change.
 */
const asides: readonly string[] = [
  'clearContext',
  'metadata',
  'review',
  'summary',
  'tailToolCallRequest',
  'terminalSequence',
];

/**
 * @returns the reason of the block, '' where the decision's own reason applies, undefined for no
 * block.
 */
export function whyBlock(answers: EventAnswers, told: AnswerInput): string | undefined {
  if (told.decision === 'block') return '';
  if (told.continue === false && endsTooLate(answers)) return told.stopReason ?? '';
  const unchanged = whyNotRewritten(answers, told) ?? whyNotChanged(answers, told);
  if (unchanged !== undefined) return unchanged;
  if (told.decision !== 'ask' || answers.ask !== undefined) return undefined;
  return told.reason ?? 'A person has to confirm this, and nobody can be asked here.';
}

/** The agent's template for the change; undefined where the agent has no field for it. */
export function changeOf({ changes = {} }: EventAnswers, name: string): Template | undefined {
  return Object.hasOwn(changes, name) ? changes[name] : undefined;
}

/**
 * Whether `continue: false` must become a block: before an action, because the agent would still
 * carry the action out, and after a tool, if the agent has no field for it.
 */
function endsTooLate({ kind, stop }: EventAnswers): boolean {
  return isBefore(kind) || (kind === 'post-tool' && stop === undefined);
}

function whyNotRewritten(
  { kind, input, inputMerges }: EventAnswers,
  told: AnswerInput,
): string | undefined {
  const { updatedInput, effectiveInput, reportedInput } = told;
  if (updatedInput === undefined || (kind !== 'pre-tool' && kind !== 'permission'))
    return undefined;
  const shown = JSON.stringify(effectiveInput ?? updatedInput);
  if (!isJsonObject(effectiveInput ?? updatedInput))
    return `A hook wants to change the input to what is no JSON object: ${shown}`;
  const isKept = inputMerges !== true || !hasLost(effectiveInput, reportedInput);
  if (input !== undefined && effectiveInput !== undefined && isKept) return undefined;
  return `Do this with another input, which a hook cannot change here: ${shown}`;
}

/** Whether the effective input lacks a member of the reported input. */
function hasLost(effective: unknown, reported: unknown): boolean {
  return (
    isJsonObject(reported) &&
    isJsonObject(effective) &&
    Object.keys(reported).some((key) => !Object.hasOwn(effective, key))
  );
}

function whyNotChanged(answers: EventAnswers, { extra = {} }: AnswerInput): string | undefined {
  if (!isBefore(answers.kind) && answers.kind !== 'post-tool') return undefined;
  const lost = Object.keys(extra).find(
    (name) => !asides.includes(name) && changeOf(answers, name) === undefined,
  );
  return lost === undefined
    ? undefined
    : `A hook wants to change something that it cannot change here: ${lost}.`;
}
