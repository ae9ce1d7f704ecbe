/**
 * Qwen Code: `hooks` of .qwen/settings.json, and of that in $QWEN_HOME (QwenLM/qwen-code
 * packages/core/src/config/storage.ts, getGlobalQwenDir). Its timeouts are in milliseconds.
 */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const qwenCodeBridge: BridgeFile = {
  project: '.qwen/settings.json',
  user: {
    inHome: '.qwen/settings.json',
    variable: { name: 'QWEN_HOME', below: 'settings.json' },
  },
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  item: (command) => groupOf({ type: 'command', command, timeout: bridgeTimeoutSeconds * 1000 }),
  probe: probeOf('PreToolUse', 'run_shell_command'),
};
