/**
 * Docker Agent, the current release: 28 events under a contract that fails closed. Source:
 * docker/docker-agent pkg/hooks/{events/contracts,executor,protocol}.go@7c1086de and its tests.
 */
import type { Dialect, EventRules } from '../../protocol/dialect.ts';
import {
  all,
  gate as blocking,
  common,
  lenientOutput,
  notified as telling,
} from '../shared-rows.ts';
import { dockerJudges, dockerOutput } from './dialect.ts';

/**
 * `decision` accepts only "block", and `permission_decision` only "allow", "deny" and "ask"; every
 * other word makes the output invalid.
 */
const words = [
  ...['allow', 'approve', 'deny', 'ask', 'defer'].map((word) => `decision=${word}`),
  ...['approve', 'block', 'defer'].map(
    (word) => `hook_specific_output.permission_decision=${word}`,
  ),
];
const notified: EventRules = {
  ...telling,
  exit2: 'block',
  continueFalse: 'block',
  takesContext: false,
  takesInput: false,
  extras: [],
  unsupported: words,
};
const gate: EventRules = {
  ...blocking,
  takesContext: false,
  takesInput: false,
  extras: [],
  unsupported: words,
};
const context = { takesContext: true, text: 'context' } as const;
const tool = { usesMatcher: true } as const;
/** Events that "always fail closed". */
const closed = { canAsk: true, defaultFailMode: 'block' } as const;
const rewrites = { takesInput: true, order: 'piped' } as const;

/** The rules of an event at which each hook receives the field as the hook before it rewrote it. */
function pipe(extra: string, to: string) {
  return {
    order: 'piped',
    extras: [extra],
    pipes: [{ from: { extra }, to, how: 'replace' }],
  } as const;
}

export const dockerAgentStrict: Dialect = {
  ...common,
  name: 'docker-agent-strict',
  about: 'Docker Agent of late 2026: 28 events, fail closed',
  events: {
    pre_tool_use: { ...gate, ...tool, ...closed, ...rewrites },
    tool_guard: { ...gate, ...tool, ...closed, extras: ['metadata'] },
    permission_request: { ...gate, ...tool, canAsk: true, extras: ['metadata'] },
    tool_input_transform: { ...gate, ...tool, ...rewrites },
    post_tool_use: { ...gate, ...tool },
    tool_response_transform: {
      ...notified,
      ...tool,
      ...pipe('updatedToolResponse', 'tool_response'),
    },
    before_llm_call: { ...gate, ...pipe('updatedMessages', 'messages') },
    before_compaction: { ...gate, extras: ['summary'] },
    ...all('session_start turn_start', { ...notified, ...context }),
    ...all('user_prompt_submit user_steering_messages_submit user_followup_submit', {
      ...gate,
      ...context,
    }),
    ...all('pre_compact worktree_create', { ...gate, ...context }),
    stop: { ...notified, endsTurn: true },
    ...all(
      'turn_end after_llm_call session_end subagent_stop on_user_input notification on_error',
      notified,
    ),
    ...all(
      'on_max_iterations on_agent_switch on_session_resume on_tool_approval_decision after_compaction',
      notified,
    ),
  },
  dedupe: 'all-fields',
  judges: dockerJudges,
  matcher: { anchored: true, emptyMatches: 'everything', inlineCase: true },
  nativeOutput: dockerOutput,
  output: {
    ...lenientOutput,
    broken: 'error',
    array: 'text',
    scalar: 'text',
    unknownValue: 'error',
    wrongType: 'error',
    extra: {
      'hook_specific_output.summary': { name: 'summary', keep: 'first' },
      'hook_specific_output.updated_messages': { name: 'updatedMessages', keep: 'last' },
      'hook_specific_output.updated_tool_response': { name: 'updatedToolResponse', keep: 'last' },
      'hook_specific_output.metadata': { name: 'metadata', keep: 'merge' },
    },
  },
  errorReason: '{event} hook failed: hook "{hook}" gave no decision.',
  tellsErrors: true,
  reasons: { of: 'winning', joint: 'newline' },
  rewrite: 'merge',
  notes: [
    'The tool input is piped from hook to hook, and so are the messages of before_llm_call and the response of tool_response_transform; metadata of all hooks is merged, and the first summary counts.',
    'A failMode of the hook overrides the closed default of pre_tool_use and tool_guard; on_error of upstream cannot.',
    'Exit code 2 without any text blocks with a text that names the hook; upstream shows an empty one.',
  ],
};
