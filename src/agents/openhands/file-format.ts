/** OpenHands: hooks.json, with or without `hooks` around the events. */

import { type AgentFormat, as, typeOf } from '../file-format.ts';
import { openhands } from './dialect.ts';

export const openhandsHooks = {
  format: 'openhands-hooks',
  about: 'OpenHands',
  dialects: ['openhands'],
  spellings: Object.keys(openhands.events).map((event) =>
    event.replace(/\B[A-Z]/g, '_$&').toLowerCase(),
  ),
  layout: 'groups',
  hasBareEvents: true,
  isGrouped: () => true,
  rootKeys: {},
  besideEvents: {},
  groupKeys: { matcher: as('matcher') },
  hookKeys: { type: typeOf(), command: as('command'), timeout: as('timeout'), async: as('async') },
} as const satisfies AgentFormat;
