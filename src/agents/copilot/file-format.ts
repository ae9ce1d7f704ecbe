/** GitHub Copilot: hooks/*.json, version 1. */
import {
  type AgentFormat,
  argsOf,
  as,
  ignored,
  type KeyRule,
  programOf,
  refused,
  typeOf,
} from '../file-format.ts';

/** A powershell line beside a bash line is for other machines and is ignored. */
const powershell: KeyRule = (_, hook) =>
  'bash' in hook || 'command' in hook
    ? {}
    : { problem: "powershell is not in the sandbox's image: give the hook a bash line." };

export const copilotHooks = {
  format: 'copilot-hooks',
  about: 'Copilot',
  dialects: ['copilot'],
  layout: 'hooks',
  isGrouped: () => false,
  rootKeys: {
    version: (value) => (value === 1 ? {} : { problem: 'version must be 1.' }),
    disableAllHooks: refused(
      'disableAllHooks is true: no hook of this file runs. Remove it.',
      false,
    ),
  },
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf('prompt'),
    bash: as('command'),
    command: as('command'),
    powershell,
    prompt: as('prompt'),
    matcher: as('matcher'),
    timeoutSec: as('timeout'),
    timeout: as('timeout'),
    comment: ignored,
    description: ignored,
    cwd: as('workingDir'),
    env: as('env'),
    exec: programOf('exec'),
    args: argsOf('exec'),
  },
} as const satisfies AgentFormat;
