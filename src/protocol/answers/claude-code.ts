/**
 * Claude Code (hooks reference, and measured with 2.1.329). The top-level block is obeyed on every event
 * of this list that can block; where its schema may not have the field, exit code 2 stands whatever the
 * schema says.
 */
import {
  type AnswerTable,
  type EventAnswers,
  endTurn,
  exitTwo,
  hookAsk,
  hookContext,
  hookInput,
  inHookOutput,
  jsonDecision,
  notice,
  systemMessage,
  unknownEvent,
} from './answer.ts';

const common = { system: systemMessage, stop: endTurn } as const;
const topLevel = { ...common, blocks: true, block: jsonDecision('block') } as const;
const byExitCode = { ...common, kind: 'prompt', blocks: true, block: exitTwo } as const;
const shown: EventAnswers = { ...notice, ...common };
/** A context alone would keep the agent going, so none is sent. */
const stop: EventAnswers = { ...topLevel, kind: 'stop' };

export const claudeCode: AnswerTable = {
  name: 'claude-code',
  events: {
    PreToolUse: { ...topLevel, kind: 'pre-tool', ask: hookAsk, input: hookInput, context: hookContext },
    PermissionRequest: {
      ...common,
      kind: 'permission',
      blocks: true,
      // Exit code 2 is not honoured here.
      block: { stdout: inHookOutput({ decision: { behavior: 'deny', message: '$reason' } }) },
      // The agent is about to ask the person anyway.
      ask: {},
    },
    PostToolUse: { ...topLevel, kind: 'post-tool', context: hookContext },
    PostToolUseFailure: { ...shown, context: hookContext },
    PostToolBatch: { ...byExitCode, kind: 'post-tool' },
    UserPromptSubmit: { ...topLevel, kind: 'prompt', context: hookContext },
    UserPromptExpansion: byExitCode,
    Stop: stop,
    SubagentStop: stop,
    PreCompact: byExitCode,
    TaskCreated: byExitCode,
    TaskCompleted: { ...byExitCode, kind: 'stop' },
    TeammateIdle: { ...byExitCode, kind: 'stop' },
    ConfigChange: byExitCode,
    Elicitation: byExitCode,
    ElicitationResult: byExitCode,
    SessionStart: { ...shown, context: hookContext },
    SubagentStart: { ...shown, context: hookContext },
    Setup: shown,
    SessionEnd: shown,
    Notification: shown,
    StopFailure: shown,
    CwdChanged: shown,
    FileChanged: shown,
    PostCompact: shown,
  },
  unknown: unknownEvent,
};
