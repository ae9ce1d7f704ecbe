/**
 * OpenHands SDK. Source: OpenHands/software-agent-sdk openhands-sdk/openhands/sdk/hooks@611629e6
 * and its tests.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import {
  common,
  gate,
  judging,
  lenientOutput,
  notified,
  toolGate,
  toolNotified,
  turnEnd,
} from '../shared-rows.ts';

export const openhands: Dialect = {
  ...common,
  name: 'openhands',
  cwdKeys: ['working_dir', 'cwd'],
  about: 'OpenHands SDK, summer 2026',
  folderVariables: ['OPENHANDS_PROJECT_DIR'],
  variablePrefix: 'OPENHANDS',
  events: {
    PreToolUse: { ...toolGate, canAsk: false, shortCircuit: true },
    PostToolUse: { ...toolNotified, exit2: 'feedback' },
    UserPromptSubmit: { ...gate, shortCircuit: true },
    Stop: {
      ...turnEnd,
      shortCircuit: true,
      continueFalse: 'block',
      blockReasonFrom: ['context', 'output', 'stderr'],
    },
    SessionStart: { ...notified, exit2: 'notice' },
    SessionEnd: { ...notified, exit2: 'notice' },
  },
  judges: { ...judging, placeholders: 'none', model: 'session', promptTimeoutMs: 60_000 },
  order: 'sequential',
  matcher: { anchored: true, emptyMatches: 'everything', slashes: true, inlineCase: true },
  nativeOutput: new Set([
    'decision=allow',
    'decision=deny',
    'reason',
    'additionalContext',
    'continue',
  ]),
  output: { ...lenientOutput, foldsWords: true, falsyContinue: true },
  exit: { json: 'rejections', textRejects: false },
  blockReasonFrom: ['output', 'stderr'],
  defaultReason: 'Blocked by hook',
  rewrite: 'none',
  notes: [
    'A continue that is null, 0 or empty is false.',
    'A decision that is no text does not take exit code 2 with it: upstream forgets the veto.',
    'A matcher that is no regular expression refuses the file, or the hook counts as its failMode; upstream compares it as a name.',
  ],
};
