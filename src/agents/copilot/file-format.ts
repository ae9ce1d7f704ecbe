/** GitHub Copilot: hooks/*.json, version 1. */

import type { Facts } from '../file-facts.ts';
import type { AgentFormat, KeyRule } from '../file-format.ts';
import { httpKeys } from '../http-keys.ts';
import {
  argsOf,
  as,
  firstVersion,
  groupedByItem,
  ignored,
  otherMachines,
  programOf,
  refused,
  typeOf,
  unless,
} from '../key-rules.ts';
import { copilotBridge } from './bridge-file.ts';

/** A prompt is no question to a judge: "prompt" of the hooks reference. */
const type: KeyRule = (value, hook) =>
  value === 'prompt'
    ? { problem: 'Copilot types the text of a prompt hook for the user; nothing is judged by it.' }
    : typeOf('http')(value, hook);

export const copilotHooks = {
  format: 'copilot-hooks',
  about: 'Copilot',
  dialects: ['copilot'],
  bridge: copilotBridge,
  // "VS Code compatible" names of the events.
  spellings: [
    ...['SessionStart', 'SessionEnd', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse'],
    ...['PostToolUseFailure', 'PermissionRequest', 'Stop', 'SubagentStart', 'SubagentStop'],
    ...['ErrorOccurred', 'PreCompact', 'Notification'],
  ],
  manifests: ['.github/plugin/plugin.json', '.plugin/plugin.json'],
  folders: ['.github/hooks', '.github/copilot', '.copilot', '.copilot/hooks'],
  variables: ['COPILOT_AGENT_PROMPT', 'COPILOT_HOME'],
  layout: 'hooks',
  takesGroups: true,
  // VS Code reads the same folder and PascalCase events, Cursor has a version and camelCase ones.
  claims: ({ rootKeys, events }: Facts, isPlaced: boolean) =>
    rootKeys.includes('version') && (isPlaced || events.every((event) => /^[A-Z]/.test(event))),
  isGrouped: groupedByItem,
  rootKeys: {
    version: firstVersion,
    disableAllHooks: refused(
      'disableAllHooks is true: no hook of this file runs. Remove it.',
      false,
    ),
  },
  besideEvents: {},
  groupKeys: { matcher: as('matcher') },
  hookKeys: {
    type,
    bash: as('command'),
    // "explicit bash entries take precedence", as timeoutSec does.
    command: unless(['bash'], 'command'),
    powershell: otherMachines('powershell', 'bash', 'command'),
    ...httpKeys,
    matcher: as('matcher'),
    timeoutSec: as('timeout'),
    timeout: unless(['timeoutSec'], 'timeout'),
    comment: ignored,
    description: ignored,
    cwd: as('workingDir'),
    env: as('env'),
    exec: programOf('exec'),
    args: argsOf('exec'),
  },
} as const satisfies AgentFormat;
