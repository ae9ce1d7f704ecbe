/** Claude Code: `hooks` of .claude/settings.json. */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const claudeCodeBridge: BridgeFile = {
  project: '.claude/settings.json',
  user: {
    inHome: '.claude/settings.json',
    variable: { name: 'CLAUDE_CONFIG_DIR', below: 'settings.json' },
  },
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  // onFailure (from 2.1.295) blocks if the bridge cannot be started. At the end of a turn an agent
  // that must not stop would go on without end.
  item: (command, event) =>
    groupOf({
      type: 'command',
      command,
      timeout: bridgeTimeoutSeconds,
      ...(event === 'PreToolUse' ? { onFailure: 'block' } : {}),
    }),
  probe: probeOf('PreToolUse', 'Bash'),
};
