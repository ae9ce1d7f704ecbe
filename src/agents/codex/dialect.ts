/**
 * OpenAI Codex. Source: openai/codex codex-rs/hooks/src@0082977c, output_parser.rs@0ea83813;
 * measured with 0.169.0 and 0.171.0.
 */
import type { Dialect, EventRules } from '../../protocol/dialect.ts';
import {
  checkedOutput,
  claudeOutput,
  common,
  gate,
  notified,
  toolGate,
  turnEnd,
} from '../shared-rows.ts';

const legacy = [
  'decision=approve',
  'decision=allow',
  'decision=deny',
  'decision=ask',
  'decision=defer',
];
const nestedWords = ['approve', 'block', 'defer'].map(
  (word) => `hookSpecificOutput.permissionDecision=${word}`,
);
const start = {
  ...gate,
  exit2: 'error',
  text: 'context',
  usesMatcher: true,
} as const satisfies EventRules;
const stop = {
  ...turnEnd,
  text: 'error',
  blankReason: 'error',
  blockReasonFrom: ['stderr'],
  continueFalse: 'stop-beats-block',
  unsupported: legacy,
} as const satisfies EventRules;

const compactions = ['manual', 'auto'];

export const codex: Dialect = {
  ...common,
  name: 'codex',
  about: 'OpenAI Codex 0.171, autumn 2026',
  // A plugin's hooks have both (openai/codex, issue 26733).
  folderVariables: ['PLUGIN_ROOT', 'CLAUDE_PLUGIN_ROOT'],
  variablePrefix: 'CODEX',
  events: {
    PreToolUse: {
      ...toolGate,
      continueFalse: 'error',
      unsupported: [
        ...legacy,
        ...nestedWords,
        'hookSpecificOutput.permissionDecision=ask',
        'stopReason',
        'suppressOutput',
      ],
    },
    PermissionRequest: {
      ...toolGate,
      continueFalse: 'error',
      defaultReason: 'PermissionRequest hook denied approval',
    },
    /** A block, by JSON or by exit code 2, replaces the result (measured with 0.171.0). */
    PostToolUse: {
      ...gate,
      usesMatcher: true,
      blockReasonFrom: ['stderr'],
      continueFalse: 'stop',
      unsupported: [...legacy, 'reason alone'],
    },
    UserPromptSubmit: { ...gate, text: 'context', unsupported: legacy },
    SessionStart: { ...start, matchOn: 'source' },
    SubagentStart: { ...start, canBlock: false, matchOn: 'agent_type', continueFalse: 'ignored' },
    Stop: stop,
    SubagentStop: { ...stop, usesMatcher: true, matchOn: 'agent_type' },
    PreCompact: { ...gate, usesMatcher: true, matchOn: 'trigger', matchValues: compactions },
    PostCompact: { ...notified, usesMatcher: true, matchOn: 'trigger', matchValues: compactions },
    SessionEnd: { ...notified, usesMatcher: true, matchOn: 'reason', defaultTimeoutMs: 1_000 },
    /**
     * The user has stopped the turn. Only a systemMessage is read (events/interrupt.rs@0afac7e7).
     */
    Interrupt: { ...notified, text: 'error', continueFalse: 'error', defaultTimeoutMs: 1_000 },
  },
  defaultTimeoutMs: 600_000,
  matcher: { anchored: false, emptyMatches: 'everything', exactList: 'bars' },
  tools: ['Bash', 'apply_patch', 'spawn_agent', 'update_plan', 'view_image', 'web_search'],
  /** codex-rs/core/src/tools/hook_names.rs@05d99c83 */
  matcherAliases: { apply_patch: ['Write', 'Edit'], spawn_agent: ['Agent'] },
  nativeOutput: new Set(claudeOutput),
  output: {
    ...checkedOutput,
    plainText: 'text',
    scalar: 'text',
    extraKeys: 'error',
    wrongType: 'error',
    eventName: 'needed',
    allowNeedsInput: true,
  },
  reasons: { of: 'winning', joint: 'blank-line' },
  blockDropsRewrite: true,
  deviations: {
    'exit-2-blank':
      'Codex takes exit code 2 without stderr for a failed hook and goes ahead; a veto without words is still a veto.',
    'no-reason': 'Codex refuses a block without a reason and goes ahead.',
    ask: 'Codex drops an ask and runs the tool; here a person is asked.',
  },
  notes: [
    'A deny in an output that Codex refuses (unknown keys, no hookEventName, suppressOutput) blocks all the same and counts as an error.',
    'Of several rewrites the last in the order of the file counts; upstream takes the one that finished last.',
    'Stop and SubagentStop follow upstream: a block without a reason is an error, and continue: false beats a block.',
  ],
};
