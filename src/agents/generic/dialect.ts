/**
 * The lifecycle of the hooks tutorial, for agents that have no protocol of their own: success,
 * blocking, non-blocking error, cancelled. Errors and cancellations never block, and all reasons
 * are returned.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import {
  checkedOutput,
  claudeOutput,
  common,
  gate,
  judging,
  notified,
  toolGate,
  turnEnd,
} from '../shared-rows.ts';

export const generic: Dialect = {
  ...common,
  name: 'generic',
  about: 'The lifecycle of the hooks tutorial, for agents without a protocol of their own',
  events: {
    SessionStart: { ...notified, text: 'context' },
    SessionEnd: notified,
    UserPromptSubmit: { ...gate, text: 'context' },
    PreToolUse: toolGate,
    PostToolUse: { ...gate, usesMatcher: true },
    Stop: turnEnd,
  },
  judges: { ...judging, placeholders: 'paths' },
  order: 'sequential',
  nativeOutput: new Set([
    'ok',
    'decision',
    ...claudeOutput,
    'additionalContext',
    'updatedInput',
    'permissionDecision',
  ]),
  output: { ...checkedOutput, plainText: 'text', unknownKeys: 'nothing' },
  reasons: { of: 'winning', joint: 'newline' },
  notes: ['Every hook runs, whatever the others said, and every blocking reason is in the result.'],
};
