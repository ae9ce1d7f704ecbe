import { expect, it } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import { toolCallIn } from '../../src/protocol/context.ts';
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
])('under %s the matcher %j matches the tool %s: %s', (name, pattern, tool, expected) => {
  expect(compileMatcher(findDialect(name), pattern)(tool)).toBe(expected);
});

it('a condition is given the other names of the tool', () => {
  const call = toolCallIn(findDialect('codex'), { tool_name: 'apply_patch' });
  expect(call?.aliases).toEqual(['Write', 'Edit']);
  expect(toolCallIn(findDialect('codex'), { tool_name: 'constructor' })?.aliases).toBeUndefined();
});
