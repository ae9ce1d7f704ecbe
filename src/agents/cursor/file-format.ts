/** Cursor: .cursor/hooks.json, and the hooks.json of a plugin. */

import type { AgentFormat, KeyRule } from '../file-format.ts';
import { firstVersion, neverGrouped, same, typeOf } from '../key-rules.ts';
import { cursorBridge } from './bridge-file.ts';

/** A hook that fails blocks ("fail closed"). */
const failClosed: KeyRule = (value) => {
  if (typeof value !== 'boolean') return { problem: 'failClosed must be true or false.' };
  return value ? { set: { failMode: 'block' } } : {};
};

/** The most that hookpool counts. */
const mostRejections = 25;

/** How often a stop hook may keep the agent going; null is no limit. */
const loopLimit: KeyRule = (value) => {
  if (value === null) return {};
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    return { problem: 'loop_limit must be a whole number, or null for no limit.' };
  if (value === 0)
    return { problem: 'loop_limit is 0, so what the hook says never counts: write 1 or more.' };
  return { set: { maxRejections: Math.min(mostRejections, value) } };
};

export const cursorHooks = {
  format: 'cursor-hooks',
  about: 'Cursor',
  dialects: ['cursor'],
  bridge: cursorBridge,
  folders: ['.cursor'],
  manifests: ['.cursor-plugin/plugin.json'],
  variables: ['CURSOR_PLUGIN_ROOT', 'CURSOR_PROJECT_DIR'],
  layout: 'hooks',
  isGrouped: neverGrouped,
  rootKeys: { version: firstVersion },
  besideEvents: {},
  groupKeys: {},
  hookKeys: {
    type: typeOf('prompt'),
    ...same('command', 'prompt', 'model', 'matcher', 'timeout'),
    failClosed,
    loop_limit: loopLimit,
  },
} as const satisfies AgentFormat;
