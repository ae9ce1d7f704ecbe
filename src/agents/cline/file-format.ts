/** Cline: a folder of scripts, each named by its event, such as .clinerules/hooks/PreToolUse. */

import type { AgentFormat } from '../file-format.ts';
import { neverGrouped, typeOf } from '../key-rules.ts';
import { clineBridge } from './bridge-file.ts';

export const clineScripts = {
  format: 'cline-script',
  about: 'Cline',
  dialects: ['cline'],
  bridge: clineBridge,
  folders: ['.clinerules/hooks', 'Cline/Hooks'],
  layout: 'script',
  isGrouped: neverGrouped,
  rootKeys: {},
  besideEvents: {},
  groupKeys: {},
  hookKeys: { type: typeOf() },
} as const satisfies AgentFormat;
