/** OpenHands: hooks.json, with or without `hooks` around the events. */

import type { AgentFormat } from '../file-format.ts';
import { as, typeOf } from '../key-rules.ts';
import { openhands } from './dialect.ts';

export const openhandsHooks = {
  format: 'openhands-hooks',
  about: 'OpenHands',
  dialects: ['openhands'],
  spellings: Object.keys(openhands.events).map((event) =>
    event.replace(/\B[A-Z]/g, '_$&').toLowerCase(),
  ),
  folders: ['.openhands'],
  variables: ['OPENHANDS_PROJECT_DIR'],
  layout: 'groups',
  hasBareEvents: true,
  isGrouped: () => true,
  rootKeys: {},
  besideEvents: {},
  groupKeys: { matcher: as('matcher') },
  hookKeys: { type: typeOf(), command: as('command'), timeout: as('timeout'), async: as('async') },
} as const satisfies AgentFormat;
