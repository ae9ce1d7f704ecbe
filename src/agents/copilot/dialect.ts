/**
 * GitHub Copilot CLI and cloud agent. Source: github/docs
 * content/copilot/reference/hooks-reference.md@05da5bc3; changelog@9532bdac; measured with 1.0.102.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import {
  all,
  common,
  gate,
  lenientOutput,
  notified,
  toolGate,
  toolNotified,
  turnEnd,
} from '../shared-rows.ts';

const stop = { ...turnEnd, exit2: 'error' } as const;
const native = [
  'permissionDecision',
  'permissionDecisionReason',
  'modifiedArgs',
  'decision',
  'reason',
  'additionalContext',
];

/**
 * The names that Claude Code has for the tools. Payloads of `PreToolUse` have these, payloads of
 * `preToolUse` the tool's own name.
 */
const claudeNames: Readonly<Record<string, readonly string[]>> = {
  Bash: ['bash', 'powershell'],
  Read: ['view'],
  Write: ['create'],
  Edit: ['edit', 'str_replace_editor', 'apply_patch'],
  Grep: ['grep', 'rg'],
  Glob: ['glob'],
  WebFetch: ['web_fetch'],
  WebSearch: ['web_search'],
  AskUserQuestion: ['ask_user'],
  TodoWrite: ['update_todo'],
  Agent: ['task', 'Task'],
  Task: ['task', 'Agent'],
};
const ownNames = new Set(Object.values(claudeNames).flat());
const matcherAliases = {
  ...Object.fromEntries(
    [...ownNames].map((own) => [
      own,
      Object.keys(claudeNames).filter((name) => claudeNames[name]?.includes(own)),
    ]),
  ),
  ...claudeNames,
};

export const copilot: Dialect = {
  ...common,
  name: 'copilot',
  about: 'GitHub Copilot CLI 1.0.102 and cloud agent, autumn 2026',
  folderVariables: [
    'COPILOT_PROJECT_DIR',
    'CLAUDE_PROJECT_DIR',
    'COPILOT_PLUGIN_ROOT',
    'PLUGIN_ROOT',
    'CLAUDE_PLUGIN_ROOT',
  ],
  variablePrefix: 'COPILOT',
  events: {
    /** A hook that fails denies ("hook errored"); a timeout does not. */
    preToolUse: { ...toolGate, defaultFailMode: 'block', timeoutFailMode: 'allow' },
    permissionRequest: { ...toolGate, laterWins: true },
    postToolUse: { ...toolNotified, canBlock: true, continueFalse: 'block' },
    postToolUseFailure: { ...toolNotified, exit2: 'feedback' },
    userPromptSubmitted: { ...gate, exit2: 'error' },
    agentStop: stop,
    subagentStop: stop,
    ...all('sessionStart sessionEnd errorOccurred subagentStart preCompact notification', notified),
  },
  order: 'sequential',
  defaultTimeoutMs: 30_000,
  // An error of an http hook never denies, at preToolUse neither.
  httpFailMode: 'allow',
  matcher: { anchored: true, emptyMatches: 'everything', doubleStar: true },
  tools: Object.keys(matcherAliases),
  matcherAliases,
  eventAliases: { UserPromptSubmit: 'userPromptSubmitted', Stop: 'agentStop' },
  toolInput: ['toolArgs', 'tool_input'],
  nativeOutput: new Set(native),
  output: {
    ...lenientOutput,
    documents: ['progress-lines'],
    extra: {
      modifiedResult: { name: 'modifiedResult', keep: 'last' },
      modifiedResponse: { name: 'modifiedResponse', keep: 'last' },
    },
  },
  errorReason: 'hook errored: hook {hook} gave no decision.',
  contexts: 'blank-line',
  deviations: {
    'later-wins':
      'Copilot lets a later permissionRequest hook overturn a denial; here the strictest counts.',
  },
  notes: [
    'Lines of progress are taken out, up to 1,000 of them; a rejection in one counts where failMode is block.',
    'A timeout of preToolUse lets the tool run, as upstream says in so many words; failMode: block closes it.',
    'A block of postToolUse withholds the result of the tool, and one of userPromptSubmitted the prompt.',
    'PascalCase names of events (Stop is agentStop, UserPromptSubmit is userPromptSubmitted) and the snake_case payload are understood.',
    'A matcher that is no regular expression refuses the file, or the hook counts as its failMode; upstream skips the hook.',
  ],
};
