/**
 * Amazon Q Developer CLI and the Kiro CLI that followed it: the `hooks` of an agent's JSON file.
 * Sources: aws/amazon-q-developer-cli docs/hooks.md@35b52660, docs/agent-format.md@0765b94a;
 * kiro.dev/docs/cli/hooks.
 */

import type { AgentFormat } from '../file-format.ts';
import { as, ignored, milliseconds, neverGrouped, typeOf, warned } from '../key-rules.ts';
import { amazonQBridge } from './bridge-file.ts';

export const amazonQAgent = {
  format: 'amazon-q-agent',
  about: 'Amazon Q',
  dialects: ['amazon-q'],
  bridge: amazonQBridge,
  folders: ['.amazonq/cli-agents', '.aws/amazonq/cli-agents', '.kiro/agents'],
  layout: 'hooks',
  isGrouped: neverGrouped,
  rootKeys: {
    tools: ignored,
    allowedTools: ignored,
    toolAliases: ignored,
    toolsSettings: ignored,
    resources: ignored,
    useLegacyMcpJson: ignored,
    includeMcpJson: ignored,
    keyboardShortcut: ignored,
    welcomeMessage: ignored,
  },
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf(),
    command: as('command'),
    matcher: as('matcher'),
    timeout_ms: milliseconds,
    max_output_size: ignored,
    /** Every call runs the hook, where upstream may answer from its cache. */
    cache_ttl_seconds: ignored,
    only_when_turn_complete: warned(
      'only_when_turn_complete does not delay the hook here: it runs after each tool.',
      false,
    ),
  },
} as const satisfies AgentFormat;
