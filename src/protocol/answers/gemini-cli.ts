/**
 * Gemini CLI (packages/core/src/hooks, and measured with 0.61.0). A block is JSON on stdout: exit code 2
 * alone falls back to parsing stderr, where a reason that is itself JSON would let the tool run.
 */
import {
  type AnswerTable,
  endTurn,
  hookContext,
  inHookOutput,
  jsonDecision,
  notice,
  systemMessage,
  unknownEvent,
} from './answer.ts';

const common = { system: systemMessage, stop: endTurn } as const;
const blocking = { ...common, blocks: true, block: jsonDecision('block') } as const;
const shown = { ...notice, ...common } as const;

export const geminiCli: AnswerTable = {
  name: 'gemini-cli',
  events: {
    BeforeTool: {
      ...blocking,
      kind: 'pre-tool',
      ask: jsonDecision('ask'),
      input: inHookOutput({ tool_input: '$input' }),
      context: hookContext,
    },
    AfterTool: { ...blocking, kind: 'post-tool', context: hookContext },
    BeforeAgent: { ...blocking, kind: 'prompt', context: hookContext },
    AfterAgent: { ...blocking, kind: 'stop' },
    BeforeModel: { ...blocking, kind: 'prompt' },
    AfterModel: { ...blocking, kind: 'post-tool' },
    BeforeToolSelection: shown,
    SessionStart: { ...shown, context: hookContext },
    SessionEnd: shown,
    Notification: shown,
    PreCompress: shown,
  },
  unknown: { ...unknownEvent, block: { ...jsonDecision('block'), exitCode: 2, stderr: '$reason' } },
};
