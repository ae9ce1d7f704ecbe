/** VS Code's own hooks (hooks reference): a deny is the nested form; prompts are only stopped by ending the turn. */
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
/** Read at the top level by one release and nested by another. */
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
      block: { stdout: inHookOutput({ permissionDecision: 'deny', permissionDecisionReason: '$reason' }) },
      ask: hookAsk,
      input: hookInput,
      context: hookContext,
    },
    PostToolUse: { ...besides, kind: 'post-tool', blocks: true, block: jsonDecision('block'), context: hookContext },
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
