/** OpenHands: .openhands/hooks.json. */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const openhandsBridge: BridgeFile = {
  project: '.openhands/hooks.json',
  user: { inHome: '.openhands/hooks.json' },
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  item: (command) => groupOf({ type: 'command', command, timeout: bridgeTimeoutSeconds }),
  probe: probeOf('PreToolUse', 'terminal', 'event_type'),
};
