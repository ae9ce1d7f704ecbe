/**
 * Cursor. Sources: cupcake.eqtylab.io/reference/harnesses/cursor,
 * cdot65.github.io/prisma-airs-cursor-hooks (third-party pages).
 */
import type { Dialect } from '../../protocol/dialect.ts';
import { all, common, gate, judging, lenientOutput, notified, turnEnd } from '../shared-rows.ts';

const asking = { ...gate, canAsk: true } as const;
const native = [
  'permission',
  'user_message',
  'userMessage',
  'agent_message',
  'agentMessage',
  'continue',
];

export const cursor: Dialect = {
  ...common,
  name: 'cursor',
  about: 'Cursor, by third-party pages of 2026',
  folderVariables: [
    'CURSOR_PROJECT_DIR',
    'CLAUDE_PROJECT_DIR',
    'CURSOR_PLUGIN_ROOT',
    'CLAUDE_PLUGIN_ROOT',
  ],
  variablePrefix: 'CURSOR',
  events: {
    ...all('beforeShellExecution beforeMCPExecution preToolUse subagentStart', asking),
    ...all('beforeReadFile beforeTabFileRead', gate),
    beforeSubmitPrompt: gate,
    stop: { ...turnEnd, contextBlocks: true },
    subagentStop: { ...turnEnd, contextBlocks: true },
    ...all(
      'afterShellExecution afterMCPExecution afterFileEdit afterTabFileEdit afterAgentResponse',
      notified,
    ),
    ...all(
      'afterAgentThought postToolUse postToolUseFailure sessionStart sessionEnd preCompact workspaceOpen',
      notified,
    ),
  },
  judges: { ...judging, model: 'fast' },
  cwdKeys: ['cwd', 'workspace_roots'],
  nativeOutput: new Set([...native, 'followup_message', 'updated_input', 'additional_context']),
  output: { ...lenientOutput, contextKeys: ['followup_message'] },
  reasons: { of: 'winning', joint: 'newline' },
  notes: [
    'failClosed of upstream is failMode: block here.',
    'Matchers are ignored, so that a guard never misses a call; upstream ignores unknown event names without a word, here they are a warning or refuse the file.',
  ],
};
