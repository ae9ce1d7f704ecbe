/** AgentPool: the `hooks` of an agent in a YAML file. */

import type { Facts } from '../file-facts.ts';
import type { AgentFormat } from '../file-format.ts';
import { as, neverGrouped, same, typeOf } from '../key-rules.ts';
import { agentpoolBridge } from './bridge-file.ts';
import { agentpool } from './dialect.ts';

export const agentpoolHooks = {
  format: 'agentpool',
  about: 'AgentPool',
  dialects: ['agentpool'],
  bridge: agentpoolBridge,
  folders: [],
  layout: 'agents',
  claims: ({ hasGroups, events }: Facts) =>
    !hasGroups && events.some((event) => Object.hasOwn(agentpool.events, event)),
  isGrouped: neverGrouped,
  refusesUnknownKeys: true,
  rootKeys: {},
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf('callable', 'prompt'),
    import_path: as('import'),
    ...same('command', 'arguments', 'prompt', 'model', 'matcher', 'timeout', 'enabled', 'env'),
  },
} as const satisfies AgentFormat;
