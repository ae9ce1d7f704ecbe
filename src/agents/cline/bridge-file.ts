/**
 * Cline: an executable file for each event in .clinerules/hooks, and in the folder of the user
 * (cline/cline apps/vscode/src/core/hooks@21cb8d25).
 */
import type { BridgeFile } from '../bridge-file.ts';

export const clineBridge: BridgeFile = {
  project: '.clinerules/hooks/*',
  user: { inHome: 'Documents/Cline/Hooks/*' },
  layout: 'script',
  events: ['PreToolUse'],
  item: (command) => ({ script: `#!/bin/sh\nexec ${command}\n` }),
  probe: {
    hookName: 'PreToolUse',
    taskId: 'hookpool-status',
    preToolUse: { toolName: 'execute_command', parameters: { command: 'true' } },
  },
};
