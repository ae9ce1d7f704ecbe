/** Crush. Source: charmbracelet/crush internal/hooks@37f36e93 and its tests. */
import type { Dialect } from '../../protocol/dialect.ts';
import { common, lenientOutput, toolGate } from '../shared-rows.ts';

const nested = [
  'hookEventName',
  'permissionDecision',
  'permissionDecisionReason',
  'updatedInput',
  'additionalContext',
];

export const crush: Dialect = {
  ...common,
  name: 'crush',
  about: 'Crush, summer 2026',
  folderVariables: ['CRUSH_PROJECT_DIR', 'CRUSH_CWD'],
  variablePrefix: 'CRUSH',
  events: { PreToolUse: toolGate },
  dedupe: 'command',
  defaultTimeoutMs: 30_000,
  matcher: { anchored: false, emptyMatches: 'everything', inlineCase: true },
  nativeOutput: new Set([
    'version',
    'decision=allow',
    'decision=deny',
    'reason',
    'context',
    'updated_input',
    'halt',
    ...nested.map((key) => `hookSpecificOutput.${key}`),
  ]),
  output: { ...lenientOutput, plainText: 'nothing', foldsWords: true },
  exit: { json: 'exit-0', textRejects: false, halt: 49 },
  blockReasonFrom: ['stderr', 'output'],
  defaultReason: 'blocked by hook',
  reasons: { of: 'winning', joint: 'newline' },
  rewrite: 'merge',
  notes: [],
};
