/**
 * GitHub Copilot CLI (hooks reference) reads permission words at the top level. Its event names
 * have two spellings.
 */
import {
  type AnswerTable,
  type EventAnswers,
  exitTwo,
  jsonDecision,
  notice,
  unknownEvent,
  type Words,
} from '../answer-table.ts';

const context = { additionalContext: '$context' };
const preTool: EventAnswers = {
  kind: 'pre-tool',
  blocks: true,
  block: permission('deny'),
  ask: permission('ask'),
  input: { modifiedArgs: '$input' },
};
/** The tool has run and its result cannot be withheld, so a block becomes context for the model. */
const notified: EventAnswers = {
  kind: 'post-tool',
  blocks: false,
  block: { stdout: { additionalContext: '$reason' } },
  context,
  changes: { modifiedResult: { modifiedResult: '$modifiedResult' } },
};

export const copilotAnswers: AnswerTable = {
  name: 'copilot',
  events: {
    preToolUse: preTool,
    // Copilot takes exit code 2 as a deny at this event, regardless of stdout.
    permissionRequest: { kind: 'permission', blocks: true, block: exitTwo, ask: {} },
    postToolUse: notified,
    postToolUseFailure: notice,
    agentStop: { kind: 'stop', blocks: true, block: jsonDecision('block') },
    subagentStop: {
      kind: 'stop',
      blocks: false,
      block: jsonDecision('block'),
      changes: { modifiedResponse: { modifiedResponse: '$modifiedResponse' } },
    },
    sessionStart: { ...notice, context },
    sessionEnd: notice,
    userPromptSubmitted: notice,
    errorOccurred: notice,
    subagentStart: notice,
    preCompact: notice,
    notification: notice,
  },
  unknown: unknownEvent,
};

function permission(word: 'deny' | 'ask'): Words {
  return { stdout: { permissionDecision: word, permissionDecisionReason: '$reason' } };
}
