/**
 * GitHub Copilot CLI (hooks reference, and measured with 1.0.102) reads permission words at the top
 * level. Its event names have two spellings.
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
  context,
};
/** A block replaces the result of the tool by its reason. */
const toolDone: EventAnswers = {
  kind: 'post-tool',
  blocks: true,
  block: jsonDecision('block'),
  context,
  changes: { modifiedResult: { modifiedResult: '$modifiedResult' } },
};

export const copilotAnswers: AnswerTable = {
  name: 'copilot',
  overHttp: true,
  events: {
    preToolUse: preTool,
    // Copilot takes exit code 2 as a deny at this event, regardless of stdout.
    permissionRequest: {
      kind: 'permission',
      blocks: true,
      block: exitTwo,
      bodyBlock: { behavior: 'deny', message: '$reason' },
      ask: {},
    },
    postToolUse: toolDone,
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
    userPromptSubmitted: { kind: 'prompt', blocks: true, block: jsonDecision('block'), context },
    errorOccurred: notice,
    subagentStart: notice,
    preCompact: notice,
    notification: notice,
  },
  // Its events read a block in three forms, and each ignores the members of the others.
  unknown: {
    ...unknownEvent,
    bodyBlock: {
      decision: 'block',
      reason: '$reason',
      permissionDecision: 'deny',
      permissionDecisionReason: '$reason',
      behavior: 'deny',
      message: '$reason',
    },
  },
};

function permission(word: 'deny' | 'ask'): Words {
  return { stdout: { permissionDecision: word, permissionDecisionReason: '$reason' } };
}
