/** AgentPool: the `hooks` of an agent in a YAML file. */
import type { Facts } from '../file-facts.ts';
import { type AgentFormat, as, typeOf } from '../file-format.ts';
import { agentpool } from './dialect.ts';

export const agentpoolHooks = {
  format: 'agentpool',
  about: 'AgentPool',
  dialects: ['agentpool'],
  layout: 'agents',
  claims: ({ hasGroups, events }: Facts) =>
    !hasGroups && events.some((event) => Object.hasOwn(agentpool.events, event)),
  isGrouped: () => false,
  rootKeys: {},
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf('prompt'),
    command: as('command'),
    prompt: as('prompt'),
    model: as('model'),
    matcher: as('matcher'),
    timeout: as('timeout'),
    enabled: as('enabled'),
    env: as('env'),
  },
} as const satisfies AgentFormat;
