/**
 * VS Code: every *.json of .github/hooks, and of ~/.copilot/hooks (microsoft/vscode-docs
 * docs/agent-customization/hooks.md@00a75e33); the bridge has a file of its own there.
 */
import { type BridgeFile, bridgeTimeoutSeconds } from '../bridge-file.ts';

export const vscodeBridge: BridgeFile = {
  project: '.github/hooks/hookpool-vscode.json',
  user: { inHome: '.copilot/hooks/hookpool-vscode.json' },
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  item: (command) => ({ type: 'command', command, timeout: bridgeTimeoutSeconds }),
  note: 'Copilot CLI reads the files of this folder too.',
  probe: {
    sessionId: 'hookpool-status',
    hookEventName: 'PreToolUse',
    tool_name: 'run_in_terminal',
    tool_input: { command: 'true' },
  },
};
