/** Event rows that several dialects share, and the rules that most dialects have in common. */
import type { Dialect, EventRules } from '../protocol/dialect.ts';
import type { JudgeRules } from '../protocol/judge-rules.ts';
import type { ExitRules, OutputRules } from '../protocol/output-rules.ts';

/** An event that hooks only observe. */
export const notified = {
  canBlock: false,
  canAsk: false,
  usesMatcher: false,
  usesSources: false,
  endsTurn: false,
  shortCircuit: false,
  blankReason: 'default-text',
  exit2: 'error',
  text: 'dropped',
  continueFalse: 'stop',
} as const satisfies EventRules;

/** An event that hooks can block. */
export const gate = {
  ...notified,
  canBlock: true,
  exit2: 'block',
  continueFalse: 'block',
} as const satisfies EventRules;

/** The event before a tool runs: hooks can block it or ask a person. */
export const toolGate = { ...gate, canAsk: true, usesMatcher: true } as const satisfies EventRules;

/** The event after a tool has run; hooks only observe it. */
export const toolNotified = { ...notified, usesMatcher: true } as const satisfies EventRules;

/** The end of the turn; a block keeps the agent going. */
export const turnEnd = {
  ...gate,
  endsTurn: true,
  continueFalse: 'stop',
} as const satisfies EventRules;

/** The same rules for several events. */
export function all(names: string, rules: EventRules): Record<string, EventRules> {
  return Object.fromEntries(names.split(' ').map((name) => [name, rules]));
}

/** The rules of a reader that takes what it understands and ignores the rest. */
export const lenientOutput = {
  documents: [],
  elseStderr: false,
  plainText: 'text',
  broken: 'nothing',
  array: 'nothing',
  scalar: 'nothing',
  unknownValue: 'nothing',
  unknownKeys: 'nothing',
  extraKeys: 'noted',
  wrongType: 'noted',
  eventName: 'any',
  allowNeedsInput: false,
  foldsWords: false,
  contextKeys: [],
  extra: {},
} as const satisfies OutputRules;

/** The rules of a reader that treats output it does not understand as an error. */
export const checkedOutput = {
  ...lenientOutput,
  plainText: 'error',
  broken: 'error',
  array: 'error',
  scalar: 'error',
  unknownValue: 'error',
  unknownKeys: 'error',
} as const satisfies OutputRules;

export const jsonOnExit0 = { json: 'exit-0', textRejects: false } as const satisfies ExitRules;

/** Prompt and agent hooks of agents that say nothing about them. */
export const judging = {
  placeholders: 'arguments',
  model: 'default',
  promptTimeoutMs: 30_000,
  agentTimeoutMs: 60_000,
} as const satisfies JudgeRules;

/** Defaults that most dialects use; each table overrides those in which it differs. */
export const common = {
  tierOrder: ['system', 'agent', 'global'],
  order: 'parallel',
  dedupe: 'none',
  defaultTimeoutMs: 60_000,
  judges: judging,
  minTimeoutMs: 1,
  maxTimeoutMs: 600_000,
  defaultFailMode: 'allow',
  maxScriptBytes: 64 << 10,
  matcher: { anchored: true, emptyMatches: 'everything' },
  eventKeys: ['hook_event_name', 'hookEventName', 'event', 'event_type'],
  sessionKeys: ['session_id', 'sessionId', 'conversation_id', 'thread_id'],
  cwdKeys: ['cwd'],
  transcriptKeys: ['agent_transcript_path', 'transcript_path', 'transcriptPath'],
  toolName: ['tool_name', 'toolName'],
  toolInput: ['tool_input'],
  output: lenientOutput,
  exit: jsonOnExit0,
  says: { empty: 'none', text: 'none', error: 'none' },
  blockReasonFrom: ['stderr', 'output'],
  defaultReason: 'Blocked by hook {hook}.',
  errorReason: 'Hook {hook} gave no decision and its failMode is {failMode}.',
  tellsErrors: false,
  contexts: 'newline',
  reasons: { of: 'first', joint: 'newline' },
  rewrite: 'replace',
  blockDropsRewrite: false,
  folderVariables: [],
  deviations: {},
  notes: [],
} as const satisfies Omit<Dialect, 'name' | 'about' | 'events' | 'nativeOutput'>;

export const claudeOutput = [
  'continue',
  'stopReason',
  'suppressOutput',
  'systemMessage',
  'decision=block',
  'decision=approve',
  'reason',
  ...[
    'hookEventName',
    'permissionDecision',
    'permissionDecisionReason',
    'updatedInput',
    'additionalContext',
    'decision.behavior',
    'decision.message',
    'decision.updatedInput',
  ].map((key) => `hookSpecificOutput.${key}`),
] as const;
