/** AgentPool: `hooks` of an agent in a YAML file. */
import { type AgentFormat, as, typeOf } from '../file-format.ts';

export const agentpoolHooks: AgentFormat = {
  format: 'agentpool',
  about: 'AgentPool',
  dialects: ['agentpool'],
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
};
