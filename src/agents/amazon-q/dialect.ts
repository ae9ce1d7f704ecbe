/** Amazon Q Developer CLI. Source: aws/amazon-q-developer-cli docs/hooks.md@35b52660. */
import type { Dialect } from '../../protocol/dialect.ts';
import { common, lenientOutput, notified, toolGate, toolNotified } from '../shared-rows.ts';

export const amazonQ: Dialect = {
  ...common,
  name: 'amazon-q',
  about: 'Amazon Q Developer CLI, 2026',
  events: {
    preToolUse: toolGate,
    postToolUse: toolNotified,
    agentSpawn: { ...notified, text: 'context' },
    userPromptSubmit: { ...notified, text: 'context' },
    stop: { ...notified, endsTurn: true },
  },
  defaultTimeoutMs: 30_000,
  matcher: { anchored: true, emptyMatches: 'everything', kind: 'glob' },
  nativeOutput: new Set(),
  output: { ...lenientOutput, broken: 'text', array: 'text', scalar: 'text', unknownKeys: 'text' },
  rewrite: 'none',
  notes: [
    'Upstream reads no JSON: every verdict printed as JSON is foreign here, read all the same, and stricter than upstream.',
    'Only preToolUse can be blocked; exit code 2 elsewhere is an error.',
    '@server matches the names that begin with it, @builtin those without an @.',
  ],
};
