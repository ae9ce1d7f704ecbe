/**
 * Cline, extension and SDK. Source: cline/cline apps/vscode/src/core/hooks,
 * sdk/packages/core/src/hooks@21cb8d25.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import { all, common, gate, lenientOutput, notified } from '../shared-rows.ts';

const native = [
  'cancel',
  'contextModification',
  'errorMessage',
  'context',
  'overrideInput',
  'review',
];

export const cline: Dialect = {
  ...common,
  name: 'cline',
  about: 'Cline, extension and SDK, summer 2026',
  events: {
    PreToolUse: { ...gate, canAsk: true },
    UserPromptSubmit: gate,
    ...all('TaskStart TaskResume PreCompact', gate),
    ...all('PostToolUse TaskCancel TaskComplete Notification', { ...notified, exit2: 'feedback' }),
  },
  defaultTimeoutMs: 30_000,
  eventKeys: ['hookName'],
  toolName: ['preToolUse.toolName', 'postToolUse.toolName', 'tool_name'],
  sessionKeys: ['taskId', 'sessionId'],
  cwdKeys: ['workspaceRoots'],
  toolInput: ['preToolUse.parameters', 'postToolUse.parameters', 'tool_input'],
  nativeOutput: new Set(native),
  output: {
    ...lenientOutput,
    documents: ['control-line'],
    broken: 'text',
    array: 'text',
    scalar: 'text',
  },
  exit: { json: 'any', textRejects: false },
  blockReasonFrom: ['rejection', 'stderr'],
  contexts: 'blank-line',
  contextLimit: { length: 50_000, marker: '\n\n[... context truncated due to size limit ...]' },
  reasons: { of: 'winning', joint: 'newline' },
  deviations: {
    'exit-2': 'Cline reports exit code 2 like any other error; here it blocks, as everywhere else.',
    'exit-2-overturned':
      'Cline lets valid JSON overturn the exit code; here exit code 2 always blocks.',
  },
  notes: [
    'review: true asks a person; cancel counts before it.',
    'A last line HOOK_CONTROL<TAB>{json} carries the verdict past whatever else was printed; an earlier one that rejects is not taken back.',
    'Where failMode is block, an earlier HOOK_CONTROL line that cannot be read and may reject is not taken back either.',
    'A context of more than 50,000 characters is cut, with a mark.',
  ],
};
