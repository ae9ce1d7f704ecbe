/**
 * Qwen Code (packages/core/src/hooks, and measured with 0.24.4). A block is JSON on stdout, because
 * on exit code 2 Qwen Code parses stderr. It ignores a new input, so that a rewrite becomes a
 * block, and contexts before a tool and at the start of a session.
 */
import {
  type AnswerTable,
  besides,
  type EventAnswers,
  hookAsk,
  hookContext,
  inHookOutput,
  jsonDecision,
  shown,
  systemMessage,
  topLevelBlock,
  unknownEvent,
} from '../answer-table.ts';

const prompt: EventAnswers = { ...topLevelBlock, kind: 'prompt', context: hookContext };
/** `continue: false` would keep the agent going. */
const stop: EventAnswers = {
  kind: 'stop',
  blocks: true,
  block: jsonDecision('block'),
  system: systemMessage,
};

export const qwenCodeAnswers: AnswerTable = {
  name: 'qwen-code',
  overHttp: true,
  events: {
    PreToolUse: { ...topLevelBlock, kind: 'pre-tool', ask: hookAsk },
    PermissionRequest: {
      ...besides,
      kind: 'permission',
      blocks: true,
      block: { stdout: inHookOutput({ decision: { behavior: 'deny', message: '$reason' } }) },
      ask: {},
    },
    // A block is dropped without a word; a context reaches the model.
    PostToolUse: {
      ...besides,
      kind: 'post-tool',
      blocks: false,
      block: { stdout: inHookOutput({ additionalContext: '$reason' }) },
      context: hookContext,
    },
    PostToolUseFailure: { ...shown, context: hookContext },
    PostToolBatch: { ...topLevelBlock, kind: 'post-tool' },
    UserPromptSubmit: prompt,
    UserPromptExpansion: prompt,
    Stop: stop,
    SubagentStop: stop,
    TodoCreated: { ...topLevelBlock, kind: 'prompt' },
    TodoCompleted: { ...topLevelBlock, kind: 'prompt' },
    SessionStart: shown,
    SessionEnd: shown,
    SubagentStart: shown,
    PreCompact: shown,
    PostCompact: shown,
    Notification: shown,
    PermissionDenied: shown,
    SessionDelete: shown,
    MessageDisplay: shown,
    StopFailure: shown,
    InstructionsLoaded: shown,
  },
  unknown: { ...unknownEvent, block: { ...jsonDecision('block'), exitCode: 2, stderr: '$reason' } },
};
