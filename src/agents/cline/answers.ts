/**
 * Cline (apps/vscode/src/core/hooks). Its only block is `cancel`, which ends the whole task and not
 * only the tool call.
 */
import type { AnswerTable, EventAnswers } from '../answer-table.ts';

const cancel = { block: { stdout: { cancel: true, errorMessage: '$reason' } } } as const;
const common = {
  ...cancel,
  blocks: true,
  context: { cancel: false, contextModification: '$context' },
} as const;
const preTool: EventAnswers = { ...common, kind: 'pre-tool' };
const prompt: EventAnswers = { ...common, kind: 'prompt' };
const ended: EventAnswers = { ...cancel, kind: 'notice', blocks: false };

export const clineAnswers: AnswerTable = {
  name: 'cline',
  events: {
    PreToolUse: preTool,
    PostToolUse: { ...common, kind: 'post-tool' },
    UserPromptSubmit: prompt,
    TaskStart: prompt,
    TaskResume: prompt,
    PreCompact: prompt,
    TaskComplete: ended,
    TaskCancel: ended,
    Notification: ended,
  },
  unknown: preTool,
};
