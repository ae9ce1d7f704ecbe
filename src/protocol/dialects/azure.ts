/**
 * Azure SRE Agent command hooks.
 * Source: MicrosoftDocs/azure-docs articles/sre-agent/agent-hooks.md@20378357 unless a line says
 * otherwise. Where the documents are silent or at odds, docs/azure.md tells what we chose and why.
 */
import type { Dialect, EventRules } from '../dialect.ts';

const toolEvent = { endsTurn: false, usesMatcher: true, usesSources: false, blankReason: 'default-text' } as const;

const events = {
  /** "Non-blocking": injects context, cannot keep a thread from starting. */
  Start: {
    canBlock: false,
    canAsk: false,
    endsTurn: false,
    usesMatcher: false,
    usesSources: true,
    shortCircuit: false,
    blankReason: 'default-text',
  },
  PreToolUse: { ...toolEvent, canBlock: true, canAsk: true, shortCircuit: true },
  /** Runs all: an audit hook must see a result that another hook blocked. */
  PostToolUse: { ...toolEvent, canBlock: true, canAsk: false, shortCircuit: false },
  /** "For Stop hooks, a rejection without a reason is treated as approval." */
  Stop: {
    canBlock: true,
    canAsk: false,
    endsTurn: true,
    usesMatcher: false,
    usesSources: false,
    shortCircuit: true,
    blankReason: 'approve',
  },
} satisfies Record<string, EventRules>;

export const azure: Dialect = {
  name: 'azure',
  events,
  tierOrder: ['system', 'agent', 'global'],
  defaultTimeoutMs: 30_000,
  minTimeoutMs: 1_000,
  maxTimeoutMs: 300_000,
  defaultFailMode: 'allow',
  maxScriptBytes: 64 << 10,
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
  blockReasonFrom: ['stderr', 'output'],
  contexts: 'last',
};
