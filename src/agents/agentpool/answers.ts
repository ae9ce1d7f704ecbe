/**
 * AgentPool (hooks/command.py) reads all fields at the top level and ignores a nested
 * hookSpecificOutput.
 */
import { type AnswerTable, type EventAnswers, jsonDecision } from '../answer-table.ts';

const common = {
  blocks: true,
  block: jsonDecision('deny'),
  context: { additional_context: '$context' },
  stop: { continue: false },
} as const;
const preTool: EventAnswers = {
  ...common,
  kind: 'pre-tool',
  ask: jsonDecision('ask'),
  input: { modified_input: '$input' },
  inputMerges: true,
};

export const agentpoolAnswers: AnswerTable = {
  name: 'agentpool',
  events: {
    pre_run: { ...common, kind: 'prompt' },
    pre_tool_use: preTool,
    post_tool_use: { ...common, kind: 'post-tool' },
    post_run: { ...common, kind: 'stop', blocks: false },
  },
  unknown: { ...common, kind: 'pre-tool' },
};
