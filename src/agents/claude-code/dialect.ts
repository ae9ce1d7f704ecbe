/**
 * Claude Code, the current version and the one until early 2026. Sources: hooks reference via
 * ericbuess/claude-code-docs docs/hooks.md@ec68a5b2, measured with 2.1.329;
 * disler/claude-code-hooks-mastery ai_docs/claude_code_hooks_docs.md@052ad1cb for the older
 * version.
 */
import type { Dialect, EventRules } from '../../protocol/dialect.ts';
import type { JudgeRules } from '../../protocol/judge-rules.ts';
import {
  all,
  gate as blocking,
  toolGate as blockingTool,
  claudeOutput,
  common,
  turnEnd as ending,
  judging,
  lenientOutput,
  notified as telling,
} from '../shared-rows.ts';

/** Words outside of the documented enums. An output with one of them is an error as a whole. */
const unsupported = [
  ...['allow', 'ask', 'defer', 'deny'].map((word) => `decision=${word}`),
  ...['approve', 'block'].map((word) => `hookSpecificOutput.permissionDecision=${word}`),
];
const gate = { ...blocking, unsupported };
const notified = { ...telling, unsupported };
const toolGate = { ...blockingTool, unsupported };
const turnEnd = { ...ending, unsupported };

/** `continue: false` beside a block ends the turn (measured with 2.1.332). */
const stop = { ...turnEnd, contextBlocks: true, continueFalse: 'stop-beats-block' } as const;
/** A block keeps a teammate, or the agent that has a task, at work. */
const workEnd = { ...gate, endsTurn: true } as const;
const notice = { ...notified, exit2: 'notice' } as const;
/**
 * The tool has run: the text of exit code 2 goes to the model, and a JSON block rejects the result.
 */
const toolDone = { ...gate, usesMatcher: true, exit2: 'feedback' } as const;

const extra = {
  'hookSpecificOutput.updatedToolOutput': { name: 'updatedToolOutput', keep: 'last' },
  'hookSpecificOutput.updatedMCPToolOutput': { name: 'updatedMCPToolOutput', keep: 'last' },
  terminalSequence: { name: 'terminalSequence', keep: 'last' },
} as const;

/** The tools reference of August 2026, and tools of earlier versions. */
const tools = [
  'Agent Artifact AskUserQuestion Bash Edit EnterPlanMode EnterWorktree ExitPlanMode ExitWorktree',
  'Glob Grep LSP ListMcpResourcesTool Monitor NotebookEdit PowerShell Read ReadMcpResourceTool',
  'SendMessage Skill TaskCreate TaskGet TaskList TaskOutput TaskStop TaskUpdate TodoWrite ToolSearch',
  'WebFetch WebSearch Workflow Write BashOutput KillShell LS MultiEdit NotebookRead SlashCommand Task',
].flatMap((names) => names.split(' '));

/**
 * Names of earlier versions. A matcher with one still matches the tool, and contexts of earlier
 * versions have them (the table of 2.1.195; `Task` is `Agent` since 2.1.63).
 */
const renamed = [
  ['Agent', 'Task'],
  ['TaskStop', 'KillShell', 'KillBash'],
  ['TaskOutput', 'AgentOutputTool', 'BashOutputTool', 'AgentOutput', 'BashOutput'],
  ['ListMcpResourcesTool', 'ListMcpResources'],
  ['ReadMcpResourceTool', 'ReadMcpResource'],
  ['ListAgents', 'ListPeers'],
  ['SendUserMessage', 'Brief'],
];
const matcherAliases = Object.fromEntries(
  renamed.flatMap((names) =>
    names.map((name) => [name, names.filter((other) => other !== name)] as const),
  ),
);

const compactions = ['manual', 'auto'];

/** What `ok: false` does ("Prompt-based hooks" and "Agent-based hooks" of the reference). */
const judges = {
  ...judging,
  model: 'haiku',
  notAt: [
    'SessionStart Setup ConfigChange CwdChanged DirectoryAdded Elicitation ElicitationResult',
    'FileChanged InstructionsLoaded MessageDisplay Notification PostCompact PreCompact SessionEnd',
    'StopFailure SubagentStart WorktreeCreate WorktreeRemove',
  ].flatMap((names) => names.split(' ')),
  rejections: {
    PreToolUse: 'block-and-stop',
    PostToolUse: 'block-and-stop',
    UserPromptSubmit: 'block-and-stop',
    PostToolBatch: 'block-and-stop',
    PermissionRequest: 'ignored',
    PermissionDenied: 'ignored',
  },
  impossibleAt: ['Stop', 'SubagentStop'],
} as const satisfies JudgeRules;

export const claudeCode: Dialect = {
  ...common,
  name: 'claude-code',
  about: 'Claude Code 2.1.3xx, autumn 2026',
  folderVariables: ['CLAUDE_PROJECT_DIR', 'CLAUDE_PLUGIN_ROOT'],
  variablePrefix: 'CLAUDE',
  events: {
    PreToolUse: toolGate,
    PermissionRequest: { ...toolGate, exit2: 'ignored' },
    PostToolUse: toolDone,
    PostToolUseFailure: toolDone,
    PermissionDenied: { ...notified, usesMatcher: true },
    PostToolBatch: gate,
    UserPromptSubmit: { ...gate, text: 'context', defaultTimeoutMs: 30_000 },
    UserPromptExpansion: { ...gate, text: 'context', usesMatcher: true, matchOn: 'command_name' },
    Stop: stop,
    SubagentStop: { ...stop, usesMatcher: true, matchOn: 'agent_type' },
    SessionStart: {
      ...notice,
      text: 'context',
      usesMatcher: true,
      matchOn: 'source',
      matchValues: ['startup', 'resume', 'clear', 'compact'],
    },
    /** All hooks of the event share 1.5 s. */
    SessionEnd: { ...notice, usesMatcher: true, matchOn: 'reason', defaultTimeoutMs: 1_500 },
    Setup: { ...notice, usesMatcher: true, matchOn: 'trigger' },
    SubagentStart: { ...notice, usesMatcher: true, matchOn: 'agent_type' },
    PreCompact: { ...gate, usesMatcher: true, matchOn: 'trigger', matchValues: compactions },
    ConfigChange: { ...gate, usesMatcher: true, matchOn: 'source' },
    Notification: {
      ...notified,
      exit2: 'ignored',
      usesMatcher: true,
      matchOn: 'notification_type',
    },
    StopFailure: { ...notified, exit2: 'ignored' },
    MessageDisplay: { ...notified, exit2: 'notice', defaultTimeoutMs: 10_000 },
    ...all('Elicitation ElicitationResult TaskCreated WorktreeCreate', gate),
    ...all('TaskCompleted TeammateIdle', workEnd),
    ...all(
      'CwdChanged DirectoryAdded FileChanged PostCompact InstructionsLoaded WorktreeRemove',
      notice,
    ),
  },
  dedupe: 'all-fields',
  defaultTimeoutMs: 600_000,
  judges,
  httpNotAt: ['SessionStart', 'Setup'],
  matcher: { anchored: false, emptyMatches: 'everything', exactList: 'bars-and-commas' },
  tools,
  matcherAliases,
  nativeOutput: new Set(claudeOutput),
  output: {
    ...lenientOutput,
    broken: 'text',
    array: 'text',
    scalar: 'text',
    unknownValue: 'error',
    wrongType: 'error-and-null',
    eventName: 'dropped',
    extra,
  },
  exit: { json: 'any', textRejects: false },
  blockReasonFrom: ['rejection', 'stderr', 'output'],
  defaultReason: 'Hook {hook} blocked this. No stderr output.',
  reasons: { of: 'winning', joint: 'blank-line' },
  deviations: {
    'continue-false':
      'Claude Code runs the tool and ends the turn after it; who stops the agent does not want the tool to run.',
    broken: 'Claude Code takes broken JSON on exit code 0 for text, also where onFailure is block.',
  },
  notes: [
    'onFailure: block of upstream is failMode: block here.',
    'A deny without hookEventName, with null fields, or for another event counts; upstream runs the tool.',
    'Without hookEventName, or for another event, an ask or an unknown word is an error where failMode is block.',
    'CLAUDE_CODE_STOP_HOOK_BLOCK_CAP, 8 by default, is maxRejections of the hook here.',
    'Stop and SubagentStop follow upstream: continue: false beats a block in the same output.',
  ],
};

/** Removes the rules that only the newer version has: timeouts of single events. */
function older({ defaultTimeoutMs: _, ...rules }: EventRules): EventRules {
  return rules;
}

export const claudeCodeOlder: Dialect = {
  ...claudeCode,
  events: Object.fromEntries(
    Object.entries(claudeCode.events).map(([event, rules]) => [event, older(rules)]),
  ),
  name: 'claude-code-2025',
  about: 'Claude Code until early 2026: JSON only on exit code 0, 60 s',
  defaultTimeoutMs: 60_000,
  exit: { json: 'exit-0', textRejects: false },
  blockReasonFrom: ['stderr', 'output'],
  notes: [],
};
