import { expect, it } from 'vitest';
import { compileCondition } from '../../../src/protocol/matching/condition.ts';
import { Matching } from '../../../src/protocol/matching/patterns/matching.ts';

function holds(condition: string, toolName: string, toolInput: object): boolean {
  return compileCondition(condition)({ toolName, toolInput, cwd: '/p' });
}

it.each([
  ['Edit(*.env)', 'Write', true],
  ['Edit(*.env)', 'MultiEdit', true],
  ['Edit(*.env)', 'NotebookEdit', true],
  ['Edit', 'Write', true],
  ['Edit(*.env)', 'Read', false],
  ['Read(*.env)', 'NotebookRead', true],
  ['Read(*.env)', 'Write', false],
  ['Write(*.env)', 'Edit', false],
  ['toString', 'Bash', false],
])('%s covers %s: %s', (condition, tool, expected) => {
  expect(holds(condition, tool, { file_path: '/p/prod.env' })).toBe(expected);
});

it('a rule for Bash covers Monitor, which runs a command too', () => {
  expect(holds('Bash(git push *)', 'Monitor', { command: 'git push' })).toBe(true);
  expect(holds('Bash(git push *)', 'Monitor', { command: 'ls' })).toBe(false);
});

it.each(['Grep', 'Glob', 'LS'])('%s may read every file of its folder', (tool) => {
  expect(holds('Read(.env)', tool, { path: '/p/src', pattern: 'x' })).toBe(true);
});

it.each([
  ['mcp__github', 'mcp__github__delete_repo', true],
  ['mcp__github', 'mcp__github', true],
  ['mcp__github', 'mcp__githubber__x', false],
  ['mcp__github__*', 'mcp__github__delete_repo', true],
  ['mcp__github__get', 'mcp__github__get', true],
  ['mcp__github__get', 'mcp__github__set', false],
])('%s stands for %s: %s', (condition, tool, expected) => {
  expect(holds(condition, tool, {})).toBe(expected);
});

it('another name of a tool counts like its own', () => {
  const call = { toolName: 'apply_patch', aliases: ['Write', 'Edit'], toolInput: {}, cwd: '/p' };
  const patch = {
    command: '*** Begin Patch\n*** Update File: .env\n@@\n-A=1\n+A=2\n*** End Patch',
  };
  expect(compileCondition('Edit')(call)).toBe(true);
  expect(compileCondition('Edit(*.env)')({ ...call, toolInput: patch })).toBe(true);
  expect(compileCondition('Bash')(call)).toBe(false);
});

it('a line of PowerShell is not understood: every pattern holds', () => {
  expect(holds('PowerShell(Remove-Item *)', 'PowerShell', { command: 'rm x' })).toBe(true);
});

it.each([
  ['Agent(model:opus)', { model: 'opus', path: 'x' }, true],
  ['Agent(model : op*)', { model: 'opus', path: 'x' }, true],
  ['Agent(model:opus)', { model: 'haiku', path: 'x' }, false],
  ['Agent(model:opus)', { path: 'x' }, false],
  ['Agent(model:*)', { model: { toString: 1 }, path: 'x' }, false],
  ['Agent(deep:true)', { deep: true, path: 'x' }, true],
  ['Agent(model:opus)', { model: 'x'.repeat(513), path: 'x' }, true],
])('%s is compared with the member of the input %j: %s', (condition, input, expected) => {
  expect(holds(condition, 'Agent', input)).toBe(expected);
});

it('a member that is too long for a comparison is counted', () => {
  const matching = new Matching();
  const toolInput = { model: 'x'.repeat(513), path: 'x' };
  compileCondition('Agent(model:opus)')({ toolName: 'Agent', toolInput, cwd: '/p' }, matching);
  expect(matching.untold).toBe(1);
});
