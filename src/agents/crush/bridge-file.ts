/** Crush: `hooks` of crush.json (charmbracelet/crush README, "Configuration"). */
import { type BridgeFile, bridgeTimeoutSeconds, probeOf } from '../bridge-file.ts';

export const crushBridge: BridgeFile = {
  project: 'crush.json',
  user: {
    inHome: '.config/crush/crush.json',
    variable: { name: 'XDG_CONFIG_HOME', below: 'crush/crush.json' },
  },
  layout: 'settings',
  events: ['PreToolUse'],
  item: (command) => ({ command, timeout: bridgeTimeoutSeconds }),
  probe: probeOf('PreToolUse', 'bash', 'event'),
};
