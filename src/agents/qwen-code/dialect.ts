/**
 * Qwen Code. Source: QwenLM/qwen-code packages/core/src/hooks/{types,hookAggregator}.ts@01ed106f,
 * hook-matcher.ts@1c85e649; measured with 0.24.4. Its events are Claude Code's, and its reader of
 * outputs is Gemini CLI's.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import {
  all,
  gate as blocking,
  claudeOutput,
  common,
  turnEnd as ending,
  judging,
  lenientOutput,
  notified as telling,
  toolGate as toolBlocking,
} from '../shared-rows.ts';

const text = 'message' as const;
const gate = { ...blocking, text };
const toolGate = { ...toolBlocking, text };
const notified = { ...telling, text };
const toolDone = { ...notified, usesMatcher: true, exit2: 'feedback' } as const;
/** Both a block and `continue: false` keep the agent going, with the reason as its next prompt. */
const stop = { ...ending, text, continueFalse: 'block' } as const;

export const qwenCode: Dialect = {
  ...common,
  name: 'qwen-code',
  httpTimeoutMs: 600_000,
  judges: {
    ...judging,
    model: 'session',
    agentTimeoutMs: 600_000,
    // `continue: false` beside the block (promptHookRunner.ts@096eb1ac).
    rejections: {
      PreToolUse: 'block-and-stop',
      PostToolUse: 'block-and-stop',
      UserPromptSubmit: 'block-and-stop',
    },
  },
  about: 'Qwen Code 0.24, autumn 2026',
  folderVariables: ['QWEN_PROJECT_DIR', 'CLAUDE_PROJECT_DIR', 'GEMINI_PROJECT_DIR'],
  variablePrefix: 'QWEN',
  events: {
    PreToolUse: toolGate,
    PermissionRequest: toolGate,
    PostToolUse: { ...toolDone, canBlock: true },
    PostToolUseFailure: toolDone,
    PostToolBatch: gate,
    UserPromptSubmit: gate,
    UserPromptExpansion: { ...gate, usesMatcher: true, matchOn: 'command_name' },
    Stop: stop,
    SubagentStop: { ...stop, usesMatcher: true, matchOn: 'agent_type' },
    ...all('TodoCreated TodoCompleted', gate),
    SessionStart: { ...notified, usesMatcher: true, matchOn: 'source' },
    SessionEnd: { ...notified, usesMatcher: true, matchOn: 'reason' },
    SubagentStart: { ...notified, usesMatcher: true, matchOn: 'agent_type' },
    ...all('PreCompact PostCompact', { ...notified, usesMatcher: true, matchOn: 'trigger' }),
    Notification: { ...notified, usesMatcher: true, matchOn: 'notification_type' },
    PermissionDenied: { ...notified, usesMatcher: true },
    ...all('SessionDelete MessageDisplay StopFailure InstructionsLoaded', notified),
  },
  dedupe: 'name-and-command',
  matcher: { anchored: false, emptyMatches: 'everything', trims: true },
  nativeOutput: new Set([
    ...claudeOutput,
    'decision',
    'hookSpecificOutput.decision',
    'terminalSequence',
  ]),
  output: {
    ...lenientOutput,
    documents: ['json-string'],
    elseStderr: true,
    broken: 'text',
    array: 'text',
    scalar: 'text',
    extra: { terminalSequence: { name: 'terminalSequence', keep: 'last' } },
  },
  exit: { json: 'any', textRejects: false },
  says: { empty: 'none', text: 'allow', error: 'none' },
  escapesContexts: true,
  defaultReason: 'No reason provided',
  blockReasonFrom: ['stderr', 'output'],
  reasons: { of: 'all', joint: 'newline' },
  deviations: {
    'exit-2-blank': 'Qwen Code takes exit code 2 without any text for no decision and goes ahead.',
    'exit-2-overturned':
      'Qwen Code reads JSON on stderr as the decision at exit code 2; here exit code 2 always blocks.',
  },
  notes: [
    'failMode: closed of upstream is failMode: block here.',
    'Qwen Code runs the old input where a hook rewrites it before a tool; the bridge blocks with the new input as the reason.',
    'A block of PostToolUse does not withhold the result: its reason goes to the model. Additional contexts of PreToolUse and SessionStart are dropped.',
    'At Stop continue: false keeps the agent going, as a block does.',
    'A matcher is compared with the name in the event, such as run_shell_command.',
  ],
};
