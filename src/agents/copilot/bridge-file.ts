/** GitHub Copilot: every *.json of .github/hooks; the bridge has a file of its own there. */
import { type BridgeFile, bridgeTimeoutSeconds } from '../bridge-file.ts';

export const copilotBridge: BridgeFile = {
  project: '.github/hooks/hookpool.json',
  user: {
    inHome: '.copilot/hooks/hookpool.json',
    variable: { name: 'COPILOT_HOME', below: 'hooks/hookpool.json' },
  },
  layout: 'settings',
  events: ['preToolUse', 'agentStop'],
  head: { version: 1 },
  item: (command) => ({ type: 'command', bash: command, timeoutSec: bridgeTimeoutSeconds }),
  namesEvent: true,
  probe: { sessionId: 'hookpool-status', toolName: 'bash', toolArgs: { command: 'true' } },
};
