/** Windsurf Cascade obeys exit code 2 of the pre-hooks and reads nothing else. */
import {
  type AnswerTable,
  type EventAnswers,
  exitTwo,
  notice,
  unknownEvent,
} from '../answer-table.ts';

const gate: EventAnswers = { kind: 'pre-tool', blocks: true, block: exitTwo };

export const windsurfAnswers: AnswerTable = {
  name: 'windsurf',
  events: {
    pre_read_code: gate,
    pre_write_code: gate,
    pre_run_command: gate,
    pre_mcp_tool_use: gate,
    pre_user_prompt: { ...gate, kind: 'prompt' },
    post_read_code: notice,
    post_write_code: notice,
    post_run_command: notice,
    post_mcp_tool_use: notice,
    post_cascade_response: notice,
    post_cascade_response_with_transcript: notice,
    post_setup_worktree: notice,
  },
  unknown: unknownEvent,
};
