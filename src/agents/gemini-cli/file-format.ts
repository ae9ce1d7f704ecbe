/** Gemini CLI: `hooks` of a settings.json. Its timeouts are milliseconds. */
import { isJsonObject } from '../../protocol/json.ts';
import type { Facts } from '../file-facts.ts';
import { type AgentFormat, as, ignored, type KeyRule, nameRule, refused, typeOf } from '../file-format.ts';
import { geminiCli } from './dialect.ts';

const milliseconds: KeyRule = (value) => ({ set: { timeout: typeof value === 'number' ? value / 1000 : value } });

const disabled = 'This file switches hooks off: leave them out of the file instead.';
/** Which hooks run is said apart from the hooks. */
const switches: KeyRule = (value) => {
  if (!isJsonObject(value)) return {};
  const off = value['enabled'] === false || (Array.isArray(value['disabled']) && value['disabled'].length > 0);
  return off ? { problem: disabled } : {};
};

const besideEvents = { enabled: refused(disabled, true), disabled: refused(disabled), notifications: ignored };

export const geminiCliSettings = {
  format: 'gemini-cli-settings',
  about: 'Gemini CLI',
  dialects: ['gemini-cli'],
  schema: /gemini-cli/,
  layout: 'groups',
  // Of Claude Code's shape too, and only this system counts milliseconds: where each event is known here it could be its.
  claims: ({ events }: Facts) =>
    events.every((event) => Object.hasOwn(geminiCli.events, event) || Object.hasOwn(besideEvents, event)),
  isGrouped: () => true,
  rootKeys: { hooksConfig: switches, general: ignored, ui: ignored, tools: ignored, context: ignored, security: ignored },
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
