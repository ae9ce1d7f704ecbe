/**
 * Qwen Code: the `hooks` of a settings.json. Groups and events are Claude Code's; timeouts of
 * commands are in milliseconds (packages/core/src/hooks/types.ts@01ed106f).
 */

import type { AgentFormat } from '../file-format.ts';
import { httpKeys, secondsBut } from '../http-keys.ts';
import {
  as,
  asyncOfCommands,
  disabledNames,
  ignored,
  milliseconds,
  nameRule,
  refused,
  switchedOff,
  typeOf,
} from '../key-rules.ts';
import { qwenCodeBridge } from './bridge-file.ts';

/** Timeouts of commands are milliseconds; those of the other types are seconds. */
const millisecondsOfCommands = secondsBut(milliseconds);

export const qwenCodeSettings = {
  format: 'qwen-code-settings',
  about: 'Qwen Code',
  dialects: ['qwen-code'],
  bridge: qwenCodeBridge,
  folders: ['.qwen'],
  manifests: ['qwen-extension.json'],
  variables: ['QWEN_PROJECT_DIR'],
  layout: 'groups',
  isGrouped: () => true,
  rootKeys: {},
  besideEvents: {
    enabled: refused(switchedOff, true),
    disabled: ignored,
    notifications: ignored,
  },
  disabled: ({ events }) => disabledNames(events['disabled']),
  failModes: { open: 'allow', closed: 'block' },
  groupKeys: { matcher: as('matcher'), sequential: as('sequential') },
  hookKeys: {
    type: typeOf('http', 'prompt', 'agent'),
    command: as('command'),
    ...httpKeys,
    prompt: as('prompt'),
    model: as('model'),
    name: nameRule,
    description: ignored,
    timeout: millisecondsOfCommands,
    maxTurns: as('maxTurns'),
    env: as('env'),
    async: asyncOfCommands,
    shell: refused('shell is not supported: commands are bash.', 'bash'),
    statusMessage: ignored,
  },
} as const satisfies AgentFormat;
