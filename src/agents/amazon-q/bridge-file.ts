/**
 * Amazon Q: `hooks` of an agent's JSON, which has the agent's name, in .amazonq/cli-agents of the
 * project or ~/.aws/amazonq/cli-agents (aws/amazon-q-developer-cli docs/agent-file-locations.md).
 */
import { type BridgeFile, bridgeTimeoutSeconds, probeOf } from '../bridge-file.ts';

export const amazonQBridge: BridgeFile = {
  layout: 'settings',
  events: ['preToolUse', 'stop'],
  // Only the events of tools have matchers.
  item: (command, event) => ({
    ...(event.endsWith('ToolUse') ? { matcher: '*' } : {}),
    command,
    timeout_ms: bridgeTimeoutSeconds * 1000,
  }),
  probe: probeOf('preToolUse', 'execute_bash'),
};
