/** AgentPool: `hooks` of an agent in a YAML file, which may have any name. */
import { type BridgeFile, bridgeTimeoutSeconds, probeOf } from '../bridge-file.ts';

export const agentpoolBridge: BridgeFile = {
  layout: 'agents',
  events: ['pre_tool_use'],
  item: (command) => ({ type: 'command', matcher: '*', command, timeout: bridgeTimeoutSeconds }),
  probe: probeOf('pre_tool_use', 'bash', 'event'),
};
