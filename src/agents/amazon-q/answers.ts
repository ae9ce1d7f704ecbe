/**
 * Amazon Q Developer CLI (docs/hooks.md) takes only exit codes as verdicts; it takes stdout as
 * context.
 */
import {
  type AnswerTable,
  type EventAnswers,
  exitTwo,
  notice,
  unknownEvent,
} from '../answer-table.ts';

const context: EventAnswers = { ...notice, context: '$context' };

export const amazonQAnswers: AnswerTable = {
  name: 'amazon-q',
  events: {
    preToolUse: { kind: 'pre-tool', blocks: true, block: exitTwo },
    postToolUse: notice,
    agentSpawn: context,
    userPromptSubmit: context,
    stop: notice,
  },
  unknown: unknownEvent,
};
