import { expect, it } from 'vitest';
import { findDialect } from '../../../src/agents/registry.ts';
import { eventRules } from '../../../src/protocol/dialect-lookup.ts';
import {
  neverMatching,
  type WrittenPatterns,
} from '../../../src/protocol/matching/never-matching.ts';

function warnings(written: WrittenPatterns, name = 'claude-code', event = 'PreToolUse') {
  const dialect = findDialect(name);
  return neverMatching(dialect, eventRules(dialect, event), written);
}

it('a permission rule as a matcher belongs into if', () => {
  expect(warnings({ matcher: 'Bash(git commit:*)' })).toEqual([
    [
      'matcher',
      'The matcher "Bash(git commit:*)" matches no tool, because it is a condition: write matcher: Bash, and if: "Bash(git commit:*)".',
    ],
  ]);
});

it.each([
  ['claude-code', 'bash', 'Bash'],
  ['claude-code', 'Edit|write', 'Write'],
  ['claude-code', '^(BASH)$', 'Bash'],
  ['codex', 'edit', 'Edit'],
  ['codex', 'Apply_Patch', 'apply_patch'],
])('under %s the matcher %j has the wrong case of %s', (dialect, matcher, meant) => {
  expect(warnings({ matcher }, dialect)).toEqual([
    ['matcher', expect.stringMatching(new RegExp(`is ${meant}: write ${meant}\\.$`))],
  ]);
});

it('a condition with the wrong case of a tool says which is meant', () => {
  expect(warnings({ if: 'bash(git *)', matcher: 'Bash' })).toEqual([
    ['if', expect.stringMatching(/^The condition names "bash", and the tool of .* is Bash: /)],
  ]);
});

it.each([
  'Bash(git commit:*)|Bash(gt create:*)',
  'Bash(git *), Bash(gt *)',
  'Bash(git *) or Bash(gt *)',
])('%s is two rules, and an if holds one', (rule) => {
  expect(warnings({ if: rule })).toEqual([['if', expect.stringMatching(/^if holds one rule/)]]);
});

it('a colon and a star in the middle of a pattern are no wildcard', () => {
  expect(warnings({ if: 'Bash(git:* push)' })).toEqual([
    ['if', expect.stringMatching(/":\*" stands for itself/)],
  ]);
});

it('a condition for a tool that the matcher does not match never holds', () => {
  expect(warnings({ matcher: 'Bash', if: 'PowerShell(Remove-Item *)' })).toEqual([
    [
      'if',
      'The condition is for PowerShell, which the matcher "Bash" does not match: the hook never runs.',
    ],
  ]);
});

it.each<readonly [WrittenPatterns, string, string]>([
  [{}, 'claude-code', 'PreToolUse'],
  [{ matcher: null }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'Bash' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'Notebook(Edit|Read)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'mcp__.*' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'my_tool' }, 'claude-code', 'PreToolUse'],
  [{ matcher: '*', if: 'Bash(git push:*)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'Write', if: 'Edit(*.env)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'mcp__.*', if: 'mcp__github' }, 'claude-code', 'PreToolUse'],
  [{ if: 'my_tool(a)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'bash' }, 'claude-code', 'SessionStart'],
  [{ matcher: 'bash' }, 'claude-code', 'Stop'],
  [{ matcher: 'apply_patch', if: 'Edit(*.env)' }, 'codex', 'PreToolUse'],
  [{ matcher: 'Edit|Write|Bash' }, 'codex', 'PreToolUse'],
  [{ matcher: 'bash|Bash|str_replace_editor' }, 'copilot', 'preToolUse'],
  [{ matcher: 'shell|write_file' }, 'gemini-cli', 'BeforeTool'],
  [{ matcher: 'bash' }, 'azure', 'PreToolUse'],
])('%j may match under %s at %s', (written, dialect, event) => {
  expect(warnings(written, dialect, event)).toEqual([]);
});
