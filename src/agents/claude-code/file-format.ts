/** Claude Code: the `hooks` of a settings.json or of a plugin's hooks.json. */

import type { AgentFormat } from '../file-format.ts';
import { httpKeys } from '../http-keys.ts';
import {
  argsOf,
  as,
  asyncOfCommands,
  ignored,
  programOf,
  refused,
  typeOf,
  word,
} from '../key-rules.ts';
import { claudeCodeBridge } from './bridge-file.ts';

export const claudeCodeSettings = {
  format: 'claude-code-settings',
  about: 'Claude Code',
  dialects: ['claude-code', 'claude-code-2025'],
  bridge: claudeCodeBridge,
  schema: /claude-code-settings/,
  folders: ['.claude'],
  manifests: ['.claude-plugin/plugin.json', '.claude-plugin/marketplace.json'],
  variables: ['CLAUDE_PROJECT_DIR', 'CLAUDE_PLUGIN_ROOT', 'CLAUDE_PLUGIN_DATA'],
  layout: 'groups',
  claims: () => true,
  isGrouped: () => true,
  rootKeys: {
    disableAllHooks: refused(
      'disableAllHooks is true: no hook of this file runs. Remove it.',
      false,
    ),
    permissions: ignored,
    enabledPlugins: ignored,
    statusLine: ignored,
    outputStyle: ignored,
    includeCoAuthoredBy: ignored,
    cleanupPeriodDays: ignored,
    apiKeyHelper: ignored,
    allowManagedHooksOnly: ignored,
  },
  besideEvents: {},
  groupKeys: { matcher: as('matcher'), description: ignored },
  hookKeys: {
    type: typeOf('http', 'prompt', 'agent'),
    command: programOf('command'),
    ...httpKeys,
    prompt: as('prompt'),
    model: as('model'),
    continueOnBlock: as('continueOnBlock'),
    timeout: as('timeout'),
    if: as('if'),
    onFailure: word('onFailure', { block: { failMode: 'block' }, continue: { failMode: 'allow' } }),
    statusMessage: ignored,
    shell: refused('shell is not supported: commands are bash.', 'bash'),
    args: argsOf('command'),
    async: asyncOfCommands,
    asyncRewake: refused(
      'asyncRewake is not supported: nobody can be woken. With async the result is only in the audit trail.',
      false,
    ),
    rewakeMessage: ignored,
    rewakeSummary: ignored,
    once: as('once'),
  },
} as const satisfies AgentFormat;
