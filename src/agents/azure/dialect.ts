/**
 * Azure SRE Agent command hooks. Source: MicrosoftDocs/azure-docs
 * articles/sre-agent/agent-hooks.md@20378357 unless a comment names another. Where the documents
 * are silent or contradict each other, docs/azure.md explains hookpool's choice.
 */
import type { Dialect, EventRules } from '../../protocol/dialect.ts';
import {
  checkedOutput,
  common,
  gate,
  judging,
  notified,
  toolGate,
  turnEnd,
} from '../shared-rows.ts';

const events = {
  /** A hook adds context and cannot keep a thread from starting ("Non-blocking"). */
  Start: { ...notified, usesSources: true, exit2: 'block', continueFalse: 'block' },
  PreToolUse: { ...toolGate, shortCircuit: true },
  /** No short circuit: an audit hook must see a result that another hook blocked. */
  PostToolUse: { ...gate, usesMatcher: true },
  /** "For Stop hooks, a rejection without a reason is treated as approval." */
  Stop: { ...turnEnd, shortCircuit: true, blankReason: 'approve' },
} satisfies Record<string, EventRules>;

export const azure: Dialect = {
  ...common,
  name: 'azure',
  about: 'Azure SRE Agent, hooks of 2026',
  events,
  order: 'sequential',
  defaultTimeoutMs: 30_000,
  judges: { ...judging, model: 'ReasoningFast', readsTranscript: true, maxRejections: 3 },
  minTimeoutMs: 1_000,
  maxTimeoutMs: 300_000,
  matcher: { anchored: true, emptyMatches: 'nothing' },
  nativeOutput: new Set([
    'ok',
    'decision',
    'reason',
    'hookSpecificOutput.additionalContext',
    'hookSpecificOutput.permissionDecision',
    'hookSpecificOutput.permissionReason',
    'hookSpecificOutput.hookEventName',
  ]),
  output: checkedOutput,
  says: { empty: 'none', text: 'none', error: 'allow' },
  contexts: 'last',
  rewrite: 'none',
  notes: [
    'docs/azure.md tells where the documents are silent or at odds, and what hookpool does there.',
  ],
};
