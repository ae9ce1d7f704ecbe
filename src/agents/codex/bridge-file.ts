/** Codex: .codex/hooks.json, or `[hooks]` of .codex/config.toml where that has hooks already. */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const codexBridge: BridgeFile = {
  project: '.codex/hooks.json',
  user: {
    inHome: '.codex/hooks.json',
    variable: { name: 'CODEX_HOME', below: 'hooks.json' },
  },
  toml: 'config.toml',
  layout: 'settings',
  events: ['PreToolUse', 'Stop'],
  item: (command) => groupOf({ type: 'command', command, timeout: bridgeTimeoutSeconds }),
  note: 'Codex skips a hook that was not reviewed: open /hooks in it and trust the line, again after each change.',
  probe: { ...probeOf('PreToolUse', 'Bash'), turn_id: 'hookpool-status' },
};
