/**
 * Claude Code (hooks reference, and measured with 2.1.329) obeys a top-level block on every event
 * of this table that can block. Where the event's schema may lack the field, the row uses exit code
 * 2, which blocks regardless of the schema.
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
/** The row has no context, because a context alone would keep the agent going. */
const stop: EventAnswers = { ...topLevelBlock, kind: 'stop' };

export const claudeCodeAnswers: AnswerTable = {
  name: 'claude-code',
  overHttp: true,
  events: {
    PreToolUse: {
      ...topLevelBlock,
      kind: 'pre-tool',
      ask: hookAsk,
      input: hookInput,
      context: hookContext,
    },
    PermissionRequest: {
      ...besides,
      kind: 'permission',
      blocks: true,
      // Claude Code ignores exit code 2 at this event.
      block: { stdout: inHookOutput({ decision: { behavior: 'deny', message: '$reason' } }) },
      // An empty answer is enough: the agent asks the user anyway.
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
    DirectoryAdded: shown,
    FileChanged: shown,
    PostCompact: shown,
    PermissionDenied: shown,
    MessageDisplay: shown,
    InstructionsLoaded: shown,
    WorktreeRemove: shown,
  },
  unknown: unknownEvent,
};

/**
 * Claude Code until early 2026 reads JSON only on exit code 0 and stderr only on exit code 2. No
 * row uses both at once, so all rows also apply to it.
 */
export const claudeCodeOlderAnswers: AnswerTable = {
  ...claudeCodeAnswers,
  name: 'claude-code-2025',
};
