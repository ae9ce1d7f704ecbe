/**
 * OpenAI Codex (codex-rs/hooks, and measured with 0.169.0). Codex discards the whole output for an
 * unknown field or an empty reason and runs the tool, so the rows use only fields of its schema: no
 * ask, no end of the turn on tool events, no rewrite without `permissionDecision: allow`.
 */
import {
  type AnswerTable,
  type EventAnswers,
  endTurn,
  hookContext,
  inHookOutput,
  jsonDecision,
  notice,
  systemMessage,
  unknownEvent,
} from '../answer-table.ts';

const blocking = { blocks: true, block: jsonDecision('block'), system: systemMessage } as const;
const stop: EventAnswers = { ...blocking, kind: 'stop' };

export const codexAnswers: AnswerTable = {
  name: 'codex',
  events: {
    PreToolUse: {
      ...blocking,
      kind: 'pre-tool',
      input: inHookOutput({ permissionDecision: 'allow', updatedInput: '$input' }),
      context: hookContext,
    },
    PermissionRequest: {
      kind: 'permission',
      blocks: true,
      block: { stdout: inHookOutput({ decision: { behavior: 'deny', message: '$reason' } }) },
      ask: {},
      system: systemMessage,
    },
    PostToolUse: { ...blocking, kind: 'post-tool', context: hookContext },
    UserPromptSubmit: { ...blocking, kind: 'prompt', context: hookContext },
    SessionStart: { ...notice, context: hookContext, system: systemMessage, stop: endTurn },
    SubagentStart: { ...notice, context: hookContext, system: systemMessage },
    Stop: stop,
    SubagentStop: stop,
    PreCompact: notice,
    PostCompact: notice,
    SessionEnd: notice,
    Interrupt: notice,
  },
  unknown: unknownEvent,
};
