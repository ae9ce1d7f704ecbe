/** Azure SRE Agent: see dialect.ts for the source. */
import {
  type AnswerTable,
  type EventAnswers,
  jsonDecision,
  notice,
  unknownEvent,
} from '../answer-table.ts';

const blocking = { blocks: true, block: jsonDecision('block') } as const;
const context = { hookSpecificOutput: { additionalContext: '$context' } };
const preTool: EventAnswers = {
  ...blocking,
  kind: 'pre-tool',
  // Azure accepts an ask only without `decision` and without `ok`.
  ask: {
    stdout: { hookSpecificOutput: { permissionDecision: 'ask', permissionReason: '$reason' } },
  },
  context,
};

export const azureAnswers: AnswerTable = {
  name: 'azure',
  events: {
    Start: { ...notice, context },
    PreToolUse: preTool,
    PostToolUse: { ...blocking, kind: 'post-tool', context },
    Stop: { ...blocking, kind: 'stop' },
  },
  unknown: unknownEvent,
};
