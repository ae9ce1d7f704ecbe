/** Windsurf Cascade. Source: docs.windsurf.com/windsurf/cascade/hooks. */
import type { Dialect } from '../../protocol/dialect.ts';
import { all, common, gate, lenientOutput, notified } from '../shared-rows.ts';

export const windsurf: Dialect = {
  ...common,
  name: 'windsurf',
  about: 'Windsurf Cascade, 2026',
  events: {
    ...all('pre_read_code pre_write_code pre_run_command pre_mcp_tool_use pre_user_prompt', gate),
    ...all('post_read_code post_write_code post_run_command post_mcp_tool_use', notified),
    ...all(
      'post_cascade_response post_cascade_response_with_transcript post_setup_worktree',
      notified,
    ),
  },
  order: 'sequential',
  eventKeys: ['agent_action_name'],
  sessionKeys: ['trajectory_id'],
  transcriptKeys: ['tool_info.transcript_path'],
  cwdKeys: ['tool_info.cwd'],
  toolInput: ['tool_info'],
  nativeOutput: new Set(),
  output: { ...lenientOutput, broken: 'text', array: 'text', scalar: 'text' },
  rewrite: 'none',
  notes: [
    'Upstream reads no JSON: every verdict printed as JSON is foreign here, and read all the same.',
  ],
};
