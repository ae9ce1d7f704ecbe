/** Qwen Code: `hooks` of .qwen/settings.json. Its timeouts are in milliseconds. */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const qwenCodeBridge: BridgeFile = {
  project: '.qwen/settings.json',
  user: { inHome: '.qwen/settings.json' },
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  item: (command) => groupOf({ type: 'command', command, timeout: bridgeTimeoutSeconds * 1000 }),
  probe: probeOf('PreToolUse', 'run_shell_command'),
};
