/**
 * AgentPool. Source: phil65/agentpool src/agentpool/hooks/{command,base,agent_hooks}.py@f36bf050
 * and its documentation.
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
} from '../shared-rows.ts';

const native = [
  'decision',
  'permissionDecision',
  'reason',
  'permissionDecisionReason',
  'modified_input',
  'updatedInput',
  'additional_context',
  'additionalContext',
  'continue',
  'continue_',
];

export const agentpool: Dialect = {
  ...common,
  name: 'agentpool',
  about: 'AgentPool, summer 2026',
  folderVariables: ['PROJECT_DIR'],
  variablePrefix: 'AGENTPOOL',
  events: {
    pre_run: { ...gate, canAsk: true, text: 'context' },
    post_run: { ...notified, exit2: 'feedback', text: 'context' },
    pre_tool_use: { ...toolGate, text: 'context' },
    post_tool_use: { ...toolNotified, exit2: 'feedback', text: 'context' },
  },
  judges: {
    ...judging,
    placeholders: 'string-template',
    model: 'openai:gpt-4o-mini',
    promptTimeoutMs: 60_000,
  },
  matcher: { anchored: false, emptyMatches: 'everything', inlineCase: true },
  nativeOutput: new Set(native),
  output: { ...lenientOutput, broken: 'text', array: 'error', scalar: 'error' },
  says: { empty: 'allow', text: 'allow', error: 'allow' },
  defaultReason: 'Hook denied the operation',
  reasons: { of: 'all', joint: 'semicolon' },
  rewrite: 'merge',
  deviations: {
    'continue-false':
      'AgentPool hands continue: false on to the run; here it blocks the action too.',
  },
  notes: [
    'post_run and post_tool_use cannot block: the reason of an exit code 2 goes to the model.',
  ],
};
