/**
 * OpenHands: .openhands/hooks.json; that of the home folder is read where the project has none
 * (OpenHands/software-agent-sdk openhands-sdk/openhands/sdk/hooks/config.py@06b329e3).
 */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const openhandsBridge: BridgeFile = {
  project: '.openhands/hooks.json',
  user: { inHome: '.openhands/hooks.json' },
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  item: (command) => groupOf({ type: 'command', command, timeout: bridgeTimeoutSeconds }),
  probe: probeOf('PreToolUse', 'terminal', 'event_type'),
};
