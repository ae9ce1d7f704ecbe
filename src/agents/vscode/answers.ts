/**
 * VS Code's own hooks (hooks reference). A deny uses the nested form; only the end of the turn
 * stops a prompt.
 */
import {
  type AnswerTable,
  besides,
  type EventAnswers,
  hookAsk,
  hookContext,
  hookInput,
  inHookOutput,
  jsonDecision,
  shown,
  unknownEvent,
} from '../answer-table.ts';

const said = { decision: 'block', reason: '$reason' } as const;
/**
 * One release reads the block at the top level and another reads it nested, so the answer has both.
 */
const stop: EventAnswers = {
  ...besides,
  kind: 'stop',
  blocks: true,
  block: { stdout: { ...said, hookSpecificOutput: { hookEventName: '$event', ...said } } },
};

export const vscodeAnswers: AnswerTable = {
  name: 'vscode',
  events: {
    PreToolUse: {
      ...besides,
      kind: 'pre-tool',
      blocks: true,
      block: {
        stdout: inHookOutput({ permissionDecision: 'deny', permissionDecisionReason: '$reason' }),
      },
      ask: hookAsk,
      input: hookInput,
      context: hookContext,
    },
    PostToolUse: {
      ...besides,
      kind: 'post-tool',
      blocks: true,
      block: jsonDecision('block'),
      context: hookContext,
    },
    UserPromptSubmit: {
      ...besides,
      kind: 'prompt',
      blocks: true,
      block: { stdout: { continue: false, stopReason: '$reason' } },
      stop: { continue: false },
    },
    Stop: stop,
    SubagentStop: stop,
    SessionStart: { ...shown, context: hookContext },
    SubagentStart: { ...shown, context: hookContext },
    PreCompact: shown,
  },
  unknown: unknownEvent,
};
