/** Gemini CLI: `hooks` of .gemini/settings.json. Its timeouts are in milliseconds. */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const geminiCliBridge: BridgeFile = {
  project: '.gemini/settings.json',
  user: {
    inHome: '.gemini/settings.json',
    variable: { name: 'GEMINI_CLI_HOME', below: '.gemini/settings.json' },
  },
  layout: 'settings',
  events: ['BeforeTool', 'AfterAgent'],
  item: (command) => groupOf({ type: 'command', command, timeout: bridgeTimeoutSeconds * 1000 }),
  note: 'Gemini CLI runs hooks of a project in trusted folders only.',
  probe: probeOf('BeforeTool', 'run_shell_command'),
};
