/** Crush: the `hooks` of a crush.json. */

import type { AgentFormat } from '../file-format.ts';
import { as, ignored, nameRule, neverGrouped, typeOf } from '../key-rules.ts';
import { crushBridge } from './bridge-file.ts';

export const crushConfig = {
  format: 'crush-config',
  about: 'Crush',
  dialects: ['crush'],
  bridge: crushBridge,
  schema: /crush/,
  folders: ['.crush'],
  layout: 'hooks',
  isGrouped: neverGrouped,
  rootKeys: {
    lsp: ignored,
    mcp: ignored,
    providers: ignored,
    models: ignored,
    options: ignored,
    permissions: ignored,
  },
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf(),
    matcher: as('matcher'),
    command: as('command'),
    timeout: as('timeout'),
    name: nameRule,
  },
} as const satisfies AgentFormat;
