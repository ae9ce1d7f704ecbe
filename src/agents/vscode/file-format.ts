/**
 * VS Code: .github/hooks/*.json without a version. Source: microsoft/vscode hookSchema.ts@01272b92:
 * of the commands for a system, Linux has `linux`, else `bash`, else `command`.
 */

import type { Facts } from '../file-facts.ts';
import type { AgentFormat } from '../file-format.ts';
import { as, folder, groupedByItem, ignored, otherMachines, typeOf, unless } from '../key-rules.ts';
import { vscodeBridge } from './bridge-file.ts';

const otherSystem = (what: string) => otherMachines(what, 'linux', 'bash', 'command');

export const vscodeHooks = {
  format: 'vscode-hooks',
  about: 'VS Code',
  dialects: ['vscode'],
  bridge: vscodeBridge,
  folders: ['.github/hooks'],
  layout: 'hooks',
  takesGroups: true,
  // A file with a version is Copilot's, whose hooks stand in the same folder.
  claims: ({ rootKeys }: Facts, isPlaced: boolean) => isPlaced && !rootKeys.includes('version'),
  isGrouped: groupedByItem,
  rootKeys: { version: ignored },
  besideEvents: {},
  groupKeys: { matcher: as('matcher') },
  hookKeys: {
    type: typeOf(),
    linux: as('command'),
    bash: unless(['linux'], 'command'),
    command: unless(['linux', 'bash'], 'command'),
    windows: otherSystem('windows'),
    powershell: otherSystem('powershell'),
    osx: otherSystem('osx'),
    matcher: as('matcher'),
    timeout: as('timeout'),
    timeoutSec: unless(['timeout'], 'timeout'),
    cwd: folder,
    env: as('env'),
  },
} as const satisfies AgentFormat;
