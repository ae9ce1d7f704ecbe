/** Gemini CLI: the `hooks` of a settings.json. Its timeouts are in milliseconds. */

import { isJsonObject, ownProperty } from '../../protocol/json.ts';
import type { Facts } from '../file-facts.ts';
import type { AgentFormat, KeyRule } from '../file-format.ts';
import {
  as,
  disabledNames,
  ignored,
  milliseconds,
  nameRule,
  refused,
  switchedOff,
  typeOf,
} from '../key-rules.ts';
import { geminiCliBridge } from './bridge-file.ts';
import { geminiCli } from './dialect.ts';

/** `hooksConfig` can switch all hooks off outside of `hooks`. */
const switches: KeyRule = (value) =>
  isJsonObject(value) && value['enabled'] === false ? { problem: switchedOff } : {};

const besideEvents = {
  enabled: refused(switchedOff, true),
  disabled: ignored,
  notifications: ignored,
};

export const geminiCliSettings = {
  format: 'gemini-cli-settings',
  about: 'Gemini CLI',
  dialects: ['gemini-cli'],
  bridge: geminiCliBridge,
  schema: /gemini-cli/,
  folders: ['.gemini'],
  manifests: ['gemini-extension.json'],
  variables: ['extensionPath', 'GEMINI_PROJECT_DIR', 'GEMINI_CWD'],
  layout: 'groups',
  // Claude Code's files have the same shape, but only Gemini CLI's timeouts are in milliseconds: a
  // file may be Gemini CLI's if all of its events are known here.
  claims: ({ events }: Facts) =>
    events.every(
      (event) => Object.hasOwn(geminiCli.events, event) || Object.hasOwn(besideEvents, event),
    ),
  isGrouped: () => true,
  rootKeys: {
    hooksConfig: switches,
    general: ignored,
    ui: ignored,
    tools: ignored,
    context: ignored,
    security: ignored,
  },
  besideEvents,
  disabled: ({ root, events }) => [
    ...disabledNames(ownProperty(root['hooksConfig'], 'disabled')),
    ...disabledNames(events['disabled']),
  ],
  groupKeys: {
    matcher: as('matcher'),
    sequential: as('sequential'),
  },
  hookKeys: {
    type: typeOf(),
    command: as('command'),
    name: nameRule,
    timeout: milliseconds,
    description: ignored,
    env: as('env'),
  },
} as const satisfies AgentFormat;
