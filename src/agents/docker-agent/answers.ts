/**
 * Docker Agent: one table for the documented contract, with answers that all versions obey, and one
 * for the current release (pkg/hooks/events/contracts.go), where an event refuses the fields that
 * it does not support.
 */
import {
  type AnswerTable,
  type EventAnswers,
  jsonDecision,
  notice,
  type Template,
  unknownEvent,
  type Words,
} from '../answer-table.ts';

const common = {
  system: { system_message: '$system' },
  stop: { continue: false, stop_reason: '$stop' },
} as const;
const blocking = { ...common, blocks: true, block: jsonDecision('block') } as const;
const ask: Words = {
  stdout: inOutput({ permission_decision: 'ask', permission_decision_reason: '$reason' }),
};
/**
 * The documented contract replaces the old input and the current release merges into it; this
 * answer is right for both.
 */
const rewrites = { input: inOutput({ updated_input: '$input' }), inputMerges: true } as const;
const context = inOutput({ additional_context: '$context' });
const preTool: EventAnswers = { ...blocking, kind: 'pre-tool' };
const postTool: EventAnswers = { ...blocking, kind: 'post-tool' };
const prompt: EventAnswers = { ...blocking, kind: 'prompt' };

export const dockerAgentStrictAnswers: AnswerTable = {
  name: 'docker-agent-strict',
  events: {
    pre_tool_use: { ...preTool, ...rewrites, ask },
    tool_guard: { ...preTool, ask },
    tool_input_transform: { ...preTool, ...rewrites },
    // An empty answer is enough: the agent asks the person for approval anyway.
    permission_request: { ...blocking, kind: 'permission', ask: {} },
    post_tool_use: postTool,
    user_prompt_submit: { ...prompt, context },
    user_steering_messages_submit: { ...prompt, context },
    user_followup_submit: { ...prompt, context },
    tool_response_transform: {
      ...notice,
      kind: 'post-tool',
      changes: { updatedToolResponse: inOutput({ updated_tool_response: '$updatedToolResponse' }) },
    },
    before_llm_call: {
      ...prompt,
      changes: { updatedMessages: inOutput({ updated_messages: '$updatedMessages' }) },
    },
    pre_compact: { ...prompt, context },
    before_compaction: { ...prompt, changes: { summary: inOutput({ summary: '$summary' }) } },
    worktree_create: { ...prompt, context },
    session_start: { ...notice, context },
    turn_start: { ...notice, context },
    session_end: notice,
    on_user_input: notice,
    notification: notice,
    stop: notice,
    turn_end: notice,
    after_llm_call: notice,
    subagent_stop: notice,
    on_error: notice,
    on_max_iterations: notice,
    on_agent_switch: notice,
    on_session_resume: notice,
    on_tool_approval_decision: notice,
    after_compaction: notice,
  },
  unknown: unknownEvent,
};

export const dockerAgentAnswers: AnswerTable = {
  ...dockerAgentStrictAnswers,
  name: 'docker-agent',
  events: { ...dockerAgentStrictAnswers.events, post_tool_use: { ...postTool, context } },
};

/**
 * The answers are the same for all versions, which differ only in how they treat a hook that fails.
 */
export const dockerAgentGen2Answers: AnswerTable = {
  ...dockerAgentAnswers,
  name: 'docker-agent-gen2',
};

function inOutput(fields: { readonly [key: string]: Template }): Template {
  return { hook_specific_output: { hook_event_name: '$event', ...fields } };
}
