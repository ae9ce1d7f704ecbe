/** OpenHands: hooks.json, with or without `hooks` around the events. */

import type { AgentFormat, KeyRule } from '../file-format.ts';
import { as, nameRule, typeOf } from '../key-rules.ts';
import { openhandsBridge } from './bridge-file.ts';
import { openhands } from './dialect.ts';

/** OpenHands' names of tools, and ours. */
const ourTools: Readonly<Record<string, readonly string[]>> = {
  TerminalTool: ['Bash'],
  BashTool: ['Bash'],
  FileEditorTool: ['ReadFile'],
  GrepTool: ['GrepSearch'],
  GlobTool: ['ReadFile', 'GrepSearch'],
  FinishTool: [],
};

const tools: KeyRule = (value) => {
  if (!Array.isArray(value)) return { set: { tools: value } };
  const named = value.flatMap((one) => ourTools[String(one)] ?? [String(one)]);
  return { set: { tools: [...new Set(named)] } };
};

export const openhandsHooks = {
  format: 'openhands-hooks',
  about: 'OpenHands',
  dialects: ['openhands'],
  bridge: openhandsBridge,
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
  hookKeys: {
    type: typeOf('prompt', 'agent'),
    command: as('command'),
    timeout: as('timeout'),
    async: as('async'),
    name: nameRule,
    prompt: as('prompt'),
    tools,
    max_iterations: as('maxTurns'),
  },
} as const satisfies AgentFormat;
