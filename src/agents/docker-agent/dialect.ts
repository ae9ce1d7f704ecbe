/**
 * Docker Agent, two versions of the lenient contract. Sources: the seven-event hooks documentation
 * and docker/cagent pkg/hooks@0d76412a; for the second version docker/docker-agent
 * pkg/hooks/hooks_test.go@2366713e.
 */
import type { Dialect, EventRules } from '../../protocol/dialect.ts';
import type { JudgeRules } from '../../protocol/judge-rules.ts';
import {
  all,
  common,
  gate,
  judging,
  lenientOutput,
  notified,
  toolGate,
  toolNotified,
} from '../shared-rows.ts';

const context = { ...notified, exit2: 'notice', text: 'context' } as const satisfies EventRules;
const silent = { ...notified, exit2: 'notice' } as const satisfies EventRules;

const nested = [
  'hook_event_name',
  'permission_decision',
  'permission_decision_reason',
  'updated_input',
  'additional_context',
];

export const dockerOutput: ReadonlySet<string> = new Set([
  'continue',
  'stop_reason',
  'suppress_output',
  'system_message',
  'decision=block',
  'decision=allow',
  'reason',
  ...nested.map((key) => `hook_specific_output.${key}`),
]);

/** The rules of `type: model` hooks. */
export const dockerJudges = {
  ...judging,
  placeholders: 'go-template',
  promptTimeoutMs: 60_000,
  // Whatever on_error says (pkg/hooks/executor.go@7c1086de).
  closedAt: ['pre_tool_use'],
} as const satisfies JudgeRules;

const documented = {
  pre_tool_use: toolGate,
  /** The event cannot block ("Can block? No"); the hook's text goes to the model. */
  post_tool_use: { ...toolNotified, exit2: 'feedback', text: 'context' },
  session_start: context,
  session_end: silent,
  on_user_input: silent,
  stop: { ...context, endsTurn: true },
  notification: silent,
} satisfies Record<string, EventRules>;

export const dockerAgent: Dialect = {
  ...common,
  name: 'docker-agent',
  about: 'Docker Agent, the documented contract of seven events',
  variablePrefix: 'CAGENT',
  events: documented,
  dedupe: 'command',
  judges: dockerJudges,
  matcher: { anchored: true, emptyMatches: 'everything', inlineCase: true },
  nativeOutput: dockerOutput,
  output: { ...lenientOutput, broken: 'text', array: 'text', scalar: 'text' },
  reasons: { of: 'winning', joint: 'newline' },
  rewrite: 'union',
  notes: [
    'The sample of the documentation prints its reason as JSON and exits with 2: upstream shows an empty message, hookpool shows the reason.',
    'Exit code 2 without any text blocks with a text that names the hook; upstream shows an empty one.',
  ],
};

export const dockerAgentGen2: Dialect = {
  ...dockerAgent,
  name: 'docker-agent-gen2',
  about:
    'Docker Agent of spring 2026: a hook that cannot run closes pre_tool_use, an exit code does not',
  events: {
    ...documented,
    pre_tool_use: {
      ...toolGate,
      timeoutFailMode: 'block',
      notRunFailMode: 'block',
      errorReason: 'PreToolUse hook failed to execute: hook {hook} gave no decision.',
    },
    permission_request: toolGate,
    turn_start: context,
    user_prompt_submit: { ...gate, text: 'context' },
    before_compaction: gate,
    ...all('before_llm_call pre_compact', gate),
    ...all(
      'turn_end after_llm_call after_compaction subagent_stop on_error on_max_iterations on_agent_switch',
      silent,
    ),
    ...all('on_session_resume on_tool_approval_decision', silent),
  },
  output: {
    ...dockerAgent.output,
    extra: { 'hook_specific_output.summary': { name: 'summary', keep: 'first' } },
  },
  notes: [],
};
