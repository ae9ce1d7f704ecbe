/**
 * AgentPool: `hooks` of an agent in a YAML file, which may have any name; it is merged with the
 * project's agentpool.yml and that of the user (docs of phil65/agentpool, `agentpool config`).
 */
import { type BridgeFile, bridgeTimeoutSeconds, probeOf } from '../bridge-file.ts';

export const agentpoolBridge: BridgeFile = {
  user: { inHome: '.config/agentpool/agentpool.yml' },
  layout: 'agents',
  events: ['pre_tool_use'],
  item: (command) => ({ type: 'command', matcher: '*', command, timeout: bridgeTimeoutSeconds }),
  probe: probeOf('pre_tool_use', 'bash', 'event'),
};
