/**
 * Crush (internal/hooks). An explicit allow would skip Crush's approval dialog, so no row sends
 * one.
 */
import { type AnswerTable, type EventAnswers, jsonDecision } from '../answer-table.ts';

const preTool: EventAnswers = {
  kind: 'pre-tool',
  blocks: true,
  block: jsonDecision('deny'),
  input: { updated_input: '$input' },
  inputMerges: true,
  context: { context: '$context' },
  stop: { halt: true },
};

export const crushAnswers: AnswerTable = {
  name: 'crush',
  events: { PreToolUse: preTool },
  unknown: preTool,
};
