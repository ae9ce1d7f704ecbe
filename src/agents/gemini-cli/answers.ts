/**
 * Gemini CLI (packages/core/src/hooks, and measured with 0.61.0). A block is JSON on stdout: on
 * exit code 2 alone, Gemini CLI parses stderr instead, where a reason that is itself JSON would let
 * the tool run.
 */
import {
  type AnswerTable,
  type EventAnswers,
  hookContext,
  inHookOutput,
  jsonDecision,
  shown,
  topLevelBlock,
  unknownEvent,
} from '../answer-table.ts';

export const geminiCliAnswers: AnswerTable = {
  name: 'gemini-cli',
  events: {
    BeforeTool: {
      ...topLevelBlock,
      kind: 'pre-tool',
      ask: jsonDecision('ask'),
      // A context is dropped at this event.
      input: inHookOutput({ tool_input: '$input' }),
    },
    AfterTool: {
      ...topLevelBlock,
      kind: 'post-tool',
      context: hookContext,
      changes: inner('tailToolCallRequest'),
    },
    BeforeAgent: { ...topLevelBlock, kind: 'prompt', context: hookContext },
    AfterAgent: { ...topLevelBlock, kind: 'stop', changes: inner('clearContext') },
    BeforeModel: { ...topLevelBlock, kind: 'prompt', changes: inner('llmRequest', 'llm_request') },
    AfterModel: {
      ...topLevelBlock,
      kind: 'post-tool',
      changes: inner('llmResponse', 'llm_response'),
    },
    BeforeToolSelection: { ...shown, changes: inner('toolConfig') },
    SessionStart: { ...shown, context: hookContext },
    SessionEnd: shown,
    Notification: shown,
    PreCompress: shown,
  },
  unknown: { ...unknownEvent, block: { ...jsonDecision('block'), exitCode: 2, stderr: '$reason' } },
};

/** One change, under the key that Gemini CLI reads. */
function inner(name: string, key = name): NonNullable<EventAnswers['changes']> {
  return { [name]: inHookOutput({ [key]: `$${name}` }) };
}
