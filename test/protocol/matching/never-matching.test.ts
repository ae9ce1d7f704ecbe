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

it.each([
  ['claude-code', 'Bash(git push:*)|Edit', 'part "Bash(git push:*)" matches no tool'],
  ['claude-code', 'Bash|Bash(git)', 'part "Bash(git)" matches no tool'],
  ['claude-code', 'Bash(rm*)', 'write matcher: Bash, and if: "Bash(rm*)".'],
  ['claude-code', 'tool == "Bash"', 'write Bash.'],
  ['claude-code', 'Edit Write', 'write Edit|Write.'],
  ['claude-code', 'bash.*', 'write Bash.'],
  ['claude-code', 'Shell', 'is Bash: write Bash.'],
  ['claude-code', 'run_shell_command', 'is Bash: write Bash.'],
  ['claude-code', 'write_file', 'is Write: write Write.'],
  ['codex', 'shell', 'is Bash: write Bash.'],
])('under %s the matcher %j gets a warning with what is meant', (dialect, matcher, text) => {
  expect(warnings({ matcher }, dialect)).toEqual([['matcher', expect.stringContaining(text)]]);
});

it('each name of another agent gets a warning, unless a name of this agent is beside it', () => {
  expect(warnings({ matcher: 'exec_command|local_shell' }, 'codex')).toHaveLength(2);
  expect(warnings({ matcher: 'Bash|local_shell' }, 'codex')).toEqual([]);
  expect(warnings({ matcher: 'read_file' }, 'codex')).toEqual([]);
});

it.each([
  ['claude-code', 'SessionStart', 'Startup', 'write startup or resume or clear or compact.'],
  ['claude-code', 'SessionStart', 'startup|Resume', '"Resume" matches no source'],
  ['claude-code', 'PreCompact', 'automatic', 'write manual or auto.'],
  ['codex', 'PostCompact', 'automatic', '"automatic" matches no trigger'],
])('under %s a matcher of %s that matches no value, %j, says which there are', (...given) => {
  const [dialect, event, matcher, text] = given;
  expect(warnings({ matcher }, dialect, event)).toEqual([
    ['matcher', expect.stringContaining(text)],
  ]);
});

it.each(['Bash(git add * && git commit *)', 'Bash(a; b)', 'Bash(curl * | sh)'])(
  'a condition with an operator never holds: %s',
  (rule) => {
    expect(warnings({ if: rule })).toEqual([['if', expect.stringMatching(/has an operator/)]]);
  },
);

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
  [{ matcher: 'startup|resume' }, 'claude-code', 'SessionStart'],
  [{ matcher: 'bash' }, 'claude-code', 'SubagentStop'],
  [{ matcher: 'mcp__fs__(read|write)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'Task(Create|Update)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: '[Bash(x)]|Bash(x)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'my (tool)' }, 'claude-code', 'PreToolUse'],
  [{ matcher: '"' }, 'claude-code', 'PreToolUse'],
  [{ if: 'Bash(git commit -m "a; b")' }, 'claude-code', 'PreToolUse'],
  [{ if: 'Edit(a;b)' }, 'claude-code', 'PreToolUse'],
  [{ if: 'Bash( git push:* )' }, 'claude-code', 'PreToolUse'],
  [{ matcher: 'bash' }, 'claude-code', 'Stop'],
  [{ matcher: 'apply_patch', if: 'Edit(*.env)' }, 'codex', 'PreToolUse'],
  [{ matcher: 'Edit|Write|Bash' }, 'codex', 'PreToolUse'],
  [{ matcher: 'bash|Bash|str_replace_editor' }, 'copilot', 'preToolUse'],
  [{ matcher: 'shell|write_file' }, 'gemini-cli', 'BeforeTool'],
  [{ matcher: 'bash' }, 'azure', 'PreToolUse'],
])('%j may match under %s at %s', (written, dialect, event) => {
  expect(warnings(written, dialect, event)).toEqual([]);
});
