/**
 * Claude Code (hooks reference, and measured with 2.1.329). The top-level block is obeyed on every event
 * of this list that can block; where its schema may not have the field, exit code 2 stands whatever the
 * schema says.
 */
import {
  type AnswerTable,
  besides,
  type EventAnswers,
  exitTwo,
  hookAsk,
  hookContext,
  hookInput,
  inHookOutput,
  shown,
  topLevelBlock,
  unknownEvent,
} from '../answer-table.ts';

const byExitCode = { ...besides, kind: 'prompt', blocks: true, block: exitTwo } as const;
/** A context alone would keep the agent going, so none is sent. */
const stop: EventAnswers = { ...topLevelBlock, kind: 'stop' };

export const claudeCodeAnswers: AnswerTable = {
  name: 'claude-code',
  events: {
    PreToolUse: { ...topLevelBlock, kind: 'pre-tool', ask: hookAsk, input: hookInput, context: hookContext },
    PermissionRequest: {
      ...besides,
      kind: 'permission',
      blocks: true,
      // Exit code 2 is not honoured here.
      block: { stdout: inHookOutput({ decision: { behavior: 'deny', message: '$reason' } }) },
      // The agent is about to ask the person anyway.
      ask: {},
    },
    PostToolUse: {
      ...topLevelBlock,
      kind: 'post-tool',
      context: hookContext,
      changes: {
        updatedToolOutput: inHookOutput({ updatedToolOutput: '$updatedToolOutput' }),
        updatedMCPToolOutput: inHookOutput({ updatedMCPToolOutput: '$updatedMCPToolOutput' }),
      },
    },
    PostToolUseFailure: { ...shown, context: hookContext },
    PostToolBatch: { ...byExitCode, kind: 'post-tool' },
    UserPromptSubmit: { ...topLevelBlock, kind: 'prompt', context: hookContext },
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
    WorktreeCreate: byExitCode,
    SessionStart: { ...shown, context: hookContext },
    SubagentStart: { ...shown, context: hookContext },
    Setup: shown,
    SessionEnd: shown,
    Notification: shown,
    StopFailure: shown,
    CwdChanged: shown,
    FileChanged: shown,
    PostCompact: shown,
    PermissionDenied: shown,
    MessageDisplay: shown,
    InstructionsLoaded: shown,
    WorktreeRemove: shown,
  },
  unknown: unknownEvent,
};

/** Until early 2026: JSON is read on exit code 0 only and stderr on 2 only. No row says both at once, so all hold. */
export const claudeCodeOlderAnswers: AnswerTable = { ...claudeCodeAnswers, name: 'claude-code-2025' };
