/**
 * Windsurf: .windsurf/hooks.json, and one of the user (docs.windsurf.com/windsurf/cascade/hooks).
 * Each kind of tool has an event of its own.
 */
import type { BridgeFile } from '../bridge-file.ts';

export const windsurfBridge: BridgeFile = {
  project: '.windsurf/hooks.json',
  user: { inHome: '.codeium/windsurf/hooks.json' },
  layout: 'settings',
  events: ['pre_run_command', 'pre_write_code', 'pre_mcp_tool_use'],
  item: (command) => ({ command, show_output: true }),
  probe: {
    agent_action_name: 'pre_run_command',
    trajectory_id: 'hookpool-status',
    tool_info: { command_line: 'true' },
  },
};
