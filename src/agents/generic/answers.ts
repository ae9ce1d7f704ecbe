/**
 * An agent without a table of its own: the lifecycle that most agents share. A block is sent both
 * as JSON and as exit code 2, because the agent may read either. Agents share no form of an ask or
 * a rewrite, so both become blocks.
 */
import {
  type AnswerTable,
  type EventAnswers,
  hookContext,
  jsonDecision,
  notice,
} from '../answer-table.ts';

const common = {
  blocks: true,
  block: { ...jsonDecision('block'), exitCode: 2, stderr: '$reason' },
} as const;
const preTool: EventAnswers = { ...common, kind: 'pre-tool', context: hookContext };

export const genericAnswers: AnswerTable = {
  name: 'generic',
  overHttp: true,
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
