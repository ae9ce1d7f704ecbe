import { expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { toolCallIn } from '../../src/protocol/context.ts';
import { compileCondition, type ToolCall } from '../../src/protocol/matching/condition.ts';
import { compileMatcher } from '../../src/protocol/matching/matcher.ts';

it.each([
  ['codex', 'Edit|Write', 'apply_patch', true],
  ['codex', '^(Write|Edit|MultiEdit)$', 'apply_patch', true],
  ['codex', 'apply_patch', 'apply_patch', true],
  ['codex', 'Agent', 'spawn_agent', true],
  ['codex', 'Bash', 'apply_patch', false],
  ['codex', 'apply_patch', 'Write', false],
  ['codex', 'Edit', '__proto__', false],
  ['copilot', 'Bash', 'bash', true],
  ['copilot', 'Bash', 'powershell', true],
  ['copilot', 'bash', 'Bash', true],
  ['copilot', 'Edit|Write', 'str_replace_editor', true],
  ['copilot', 'Task', 'task', true],
  ['copilot', 'Agent', 'Task', true],
  ['copilot', 'Read', 'bash', false],
  ['claude-code', 'Write', 'apply_patch', false],
  ['claude-code', 'Task', 'Agent', true],
  ['claude-code', 'Agent', 'Task', true],
  ['claude-code', 'Bash|KillShell', 'TaskStop', true],
  ['claude-code', 'TaskOutput', 'BashOutputTool', true],
  ['claude-code', 'BashOutput', 'TaskOutput', true],
  ['claude-code-2025', 'Agent', 'Task', true],
  ['claude-code', 'Task', 'TaskStop', false],
])('under %s the matcher %j matches the tool %s: %s', (name, pattern, tool, expected) => {
  expect(compileMatcher(findDialect(name), pattern)(tool)).toBe(expected);
});

it('a condition with an earlier name of a tool is for the tool', () => {
  const call = toolCallIn(findDialect('claude-code'), {
    tool_name: 'Agent',
    tool_input: { model: 'opus' },
  }) as ToolCall;
  expect(compileCondition('Task(model:opus)')(call)).toBe(true);
  expect(compileCondition('TaskStop(model:opus)')(call)).toBe(false);
});

it('a condition is given the other names of the tool', () => {
  const call = toolCallIn(findDialect('codex'), { tool_name: 'apply_patch' });
  expect(call?.aliases).toEqual(['Write', 'Edit']);
  expect(toolCallIn(findDialect('codex'), { tool_name: 'constructor' })?.aliases).toBeUndefined();
});
