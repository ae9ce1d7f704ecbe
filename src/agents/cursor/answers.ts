/**
 * Cursor (third-party references only). A deny is sent three times, as `permission`, as exit code 2
 * and on stderr, so that it works whichever of the published field names a version of Cursor reads.
 */
import {
  type AnswerTable,
  type EventAnswers,
  notice,
  unknownEvent,
  type Words,
} from '../answer-table.ts';

const texts = { user_message: '$reason', agent_message: '$reason' };
const deny: Words = { exitCode: 2, stdout: { permission: 'deny', ...texts }, stderr: '$reason' };
const gate: EventAnswers = { kind: 'pre-tool', blocks: true, block: deny };
const asks: EventAnswers = { ...gate, ask: { stdout: { permission: 'ask', ...texts } } };
const stop: EventAnswers = {
  kind: 'stop',
  blocks: true,
  block: { stdout: { followup_message: '$reason' } },
};
const context = { additional_context: '$context' };

export const cursorAnswers: AnswerTable = {
  name: 'cursor',
  events: {
    beforeShellExecution: asks,
    beforeMCPExecution: asks,
    beforeReadFile: gate,
    beforeTabFileRead: gate,
    preToolUse: gate,
    subagentStart: gate,
    beforeSubmitPrompt: {
      kind: 'prompt',
      blocks: true,
      block: {
        exitCode: 2,
        stdout: { continue: false, user_message: '$reason' },
        stderr: '$reason',
      },
    },
    stop,
    subagentStop: stop,
    sessionStart: { ...notice, context },
    postToolUse: { ...notice, context },
    afterShellExecution: notice,
    afterMCPExecution: notice,
    afterFileEdit: notice,
    afterAgentResponse: notice,
    afterAgentThought: notice,
    sessionEnd: notice,
    afterTabFileEdit: notice,
    postToolUseFailure: notice,
    preCompact: notice,
    workspaceOpen: notice,
  },
  unknown: unknownEvent,
};
