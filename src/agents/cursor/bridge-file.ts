/** Cursor: .cursor/hooks.json, of project and home (cursor.com/docs/agent/hooks). Each kind of tool has an event of its own. */
import type { BridgeFile } from '../bridge-file.ts';

export const cursorBridge: BridgeFile = {
  project: '.cursor/hooks.json',
  user: { inHome: '.cursor/hooks.json' },
  layout: 'settings',
  events: ['beforeShellExecution', 'beforeMCPExecution', 'stop'],
  head: { version: 1 },
  // At the end of a turn an agent that must not stop would go on without end.
  item: (command, event) => (event === 'stop' ? { command } : { command, failClosed: true }),
  probe: { hook_event_name: 'beforeShellExecution', command: 'true' },
};
