/**
 * VS Code agent hooks. Source: microsoft/vscode hooksExecutionService.ts@4d040182; vscode-docs
 * hooks.md@00d5cacd.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import {
  all,
  claudeOutput,
  common,
  gate,
  jsonOnExit0,
  lenientOutput,
  notified,
  turnEnd,
} from '../shared-rows.ts';

const notice = { ...notified, exit2: 'notice', text: 'context' } as const;

export const vscode: Dialect = {
  ...common,
  name: 'vscode',
  about: 'VS Code agent hooks, 2026',
  // Plugins of Claude's format have the first one, others the second (vscode-docs, agent-plugins).
  folderVariables: ['CLAUDE_PLUGIN_ROOT', 'PLUGIN_ROOT'],
  events: {
    /** "Matchers are parsed and ignored": a hook fires for every tool. */
    PreToolUse: { ...gate, canAsk: true },
    PostToolUse: gate,
    UserPromptSubmit: { ...gate, text: 'context' },
    Stop: turnEnd,
    SubagentStop: turnEnd,
    PreCompact: gate,
    ...all('SessionStart SubagentStart', notice),
  },
  order: 'sequential',
  stopEndsChain: true,
  defaultTimeoutMs: 30_000,
  nativeOutput: new Set(claudeOutput),
  output: { ...lenientOutput, broken: 'text', array: 'text', scalar: 'text' },
  exit: { ...jsonOnExit0, halt: 2 },
  contexts: 'newline',
  deviations: {
    'continue-false': 'VS Code ends the turn with the stopReason; here the action is blocked too.',
  },
  notes: [
    'Exit code 2 blocks and ends the turn, with stderr as the stopReason. The hooks behind the first stopReason do not run.',
  ],
};
