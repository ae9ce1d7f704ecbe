/**
 * GitHub Copilot CLI and cloud agent. Source: github/docs
 * content/copilot/reference/hooks-reference.md@05da5bc3; changelog@9532bdac.
 */
import type { Dialect } from '../../protocol/dialect.ts';
import {
  all,
  common,
  lenientOutput,
  notified,
  toolGate,
  toolNotified,
  turnEnd,
} from '../shared-rows.ts';

/** The documentation has a "stop cap of 8". */
const stop = { ...turnEnd, exit2: 'error', maxRejections: 8 } as const;
const native = [
  'permissionDecision',
  'permissionDecisionReason',
  'modifiedArgs',
  'decision',
  'reason',
  'additionalContext',
];

export const copilot: Dialect = {
  ...common,
  name: 'copilot',
  about: 'GitHub Copilot CLI 1.0.7x and cloud agent, autumn 2026',
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
    userPromptSubmitted: notified,
    agentStop: stop,
    subagentStop: stop,
    ...all('sessionStart sessionEnd errorOccurred subagentStart preCompact notification', notified),
  },
  order: 'sequential',
  defaultTimeoutMs: 30_000,
  matcher: { anchored: true, emptyMatches: 'everything', doubleStar: true },
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
    'After 8 blocks of agentStop or subagentStop in a row the agent may stop.',
    'PascalCase names of events (Stop is agentStop, UserPromptSubmit is userPromptSubmitted) and the snake_case payload are understood.',
    'A matcher that is no regular expression is refused when the file is read; upstream skips the hook.',
  ],
};
