/**
 * What an agent cannot be told must not be lost: a question that nobody would be asked, a change that would
 * not be made and an end that would come too late are blocks, the strictest reading.
 */

import { type EventAnswers, isBefore, type Template } from '../agents/answer-table.ts';
import { isJsonObject } from '../protocol/json.ts';
import type { Told } from './answerable.ts';

/** Names in `Decision.extra` without which nothing happens that a hook wanted otherwise. */
const asides: readonly string[] = ['clearContext', 'metadata', 'review', 'summary', 'tailToolCallRequest', 'terminalSequence'];

/** @returns what the block is for, '' where the decision itself says it; undefined: no block. */
export function whyBlock(answers: EventAnswers, told: Told): string | undefined {
  if (told.decision === 'block') return '';
  if (told.continue === false && endsTooLate(answers)) return told.stopReason ?? '';
  const unchanged = whyNotRewritten(answers, told) ?? whyNotChanged(answers, told);
  if (unchanged !== undefined) return unchanged;
  if (told.decision !== 'ask' || answers.ask !== undefined) return undefined;
  return told.reason ?? 'A person has to confirm this, and nobody can be asked here.';
}

/** In the agent's words; undefined where it has none for it. */
export function changeOf({ changes = {} }: EventAnswers, name: string): Template | undefined {
  return Object.hasOwn(changes, name) ? changes[name] : undefined;
}

/** What waits would still be done, and what nobody ends has to be told. */
function endsTooLate({ kind, stop }: EventAnswers): boolean {
  return isBefore(kind) || (kind === 'post-tool' && stop === undefined);
}

function whyNotRewritten({ kind, input, inputMerges }: EventAnswers, told: Told): string | undefined {
  const { updatedInput, effectiveInput, reportedInput } = told;
  if (updatedInput === undefined || (kind !== 'pre-tool' && kind !== 'permission')) return undefined;
  const shown = JSON.stringify(effectiveInput ?? updatedInput);
  if (!isJsonObject(effectiveInput ?? updatedInput))
    return `A hook wants to change the input to what is no JSON object: ${shown}`;
  const isKept = inputMerges !== true || !hasLost(effectiveInput, reportedInput);
  if (input !== undefined && effectiveInput !== undefined && isKept) return undefined;
  return `Do this with another input, which a hook cannot change here: ${shown}`;
}

/** A member of the input as it was is not there any more. */
function hasLost(effective: unknown, reported: unknown): boolean {
  return isJsonObject(reported) && isJsonObject(effective) && Object.keys(reported).some((key) => !Object.hasOwn(effective, key));
}

function whyNotChanged(answers: EventAnswers, { extra = {} }: Told): string | undefined {
  if (!isBefore(answers.kind) && answers.kind !== 'post-tool') return undefined;
  const lost = Object.keys(extra).find((name) => !asides.includes(name) && changeOf(answers, name) === undefined);
  return lost === undefined ? undefined : `A hook wants to change something that it cannot change here: ${lost}.`;
}
