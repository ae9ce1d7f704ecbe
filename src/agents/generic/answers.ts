/**
 * An agent of which nothing else is known: the lifecycle that most have in common. A block is said in
 * both ways, for those that read JSON and those that read the exit code; an ask and a rewrite are said
 * in neither, so they are blocks.
 */
import { type AnswerTable, type EventAnswers, hookContext, jsonDecision, notice } from '../answer-table.ts';

const common = { blocks: true, block: { ...jsonDecision('block'), exitCode: 2, stderr: '$reason' } } as const;
const preTool: EventAnswers = { ...common, kind: 'pre-tool', context: hookContext };

export const genericAnswers: AnswerTable = {
  name: 'generic',
  events: {
    PreToolUse: preTool,
    PostToolUse: { ...common, kind: 'post-tool', context: hookContext },
    UserPromptSubmit: { ...common, kind: 'prompt', context: hookContext },
    Stop: { ...common, kind: 'stop' },
    SessionStart: { ...notice, context: hookContext },
    SessionEnd: notice,
  },
  unknown: { ...common, kind: 'pre-tool' },
};
