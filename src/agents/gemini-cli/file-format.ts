/** Gemini CLI: the `hooks` of a settings.json. Its timeouts are in milliseconds. */
import { isJsonObject } from '../../protocol/json.ts';
import type { Facts } from '../file-facts.ts';
import type { AgentFormat, KeyRule } from '../file-format.ts';
import { as, ignored, milliseconds, nameRule, refused, typeOf } from '../key-rules.ts';
import { geminiCli } from './dialect.ts';

const disabled = 'This file switches hooks off: leave them out of the file instead.';
/** `hooksConfig` can switch hooks off outside of `hooks`. */
const switches: KeyRule = (value) => {
  if (!isJsonObject(value)) return {};
  const off =
    value['enabled'] === false ||
    (Array.isArray(value['disabled']) && value['disabled'].length > 0);
  return off ? { problem: disabled } : {};
};

const besideEvents = {
  enabled: refused(disabled, true),
  disabled: refused(disabled),
  notifications: ignored,
};

export const geminiCliSettings = {
  format: 'gemini-cli-settings',
  about: 'Gemini CLI',
  dialects: ['gemini-cli'],
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
