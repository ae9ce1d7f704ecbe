/** Windsurf: .windsurf/hooks.json. */

import type { AgentFormat } from '../file-format.ts';
import { as, folder, ignored, neverGrouped, otherMachines, typeOf } from '../key-rules.ts';
import { windsurfBridge } from './bridge-file.ts';

export const windsurfHooks = {
  format: 'windsurf-hooks',
  about: 'Windsurf',
  dialects: ['windsurf'],
  bridge: windsurfBridge,
  folders: ['.windsurf', '.codeium/windsurf'],
  layout: 'hooks',
  isGrouped: neverGrouped,
  rootKeys: {},
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf(),
    command: as('command'),
    powershell: otherMachines('powershell', 'command'),
    show_output: ignored,
    working_directory: folder,
  },
} as const satisfies AgentFormat;
