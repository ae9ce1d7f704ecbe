/**
 * Docker Agent: `hooks` of an agent in a YAML file, which may have any name, and from 1.97.0
 * `settings.hooks` of the user's own file, for every agent
 * (docs.docker.com/ai/docker-agent/configuration/user-settings).
 */
import { type BridgeFile, bridgeTimeoutSeconds, groupOf, probeOf } from '../bridge-file.ts';

export const dockerAgentBridge: BridgeFile = {
  user: { inHome: '.config/cagent/config.yaml', within: ['settings', 'hooks'] },
  layout: 'agents',
  events: ['pre_tool_use'],
  // Only the events of tools have groups.
  item: (command, event) => {
    const hook = { type: 'command', command, timeout: bridgeTimeoutSeconds };
    return event.endsWith('_tool_use') ? groupOf(hook) : hook;
  },
  probe: probeOf('pre_tool_use', 'shell'),
};
