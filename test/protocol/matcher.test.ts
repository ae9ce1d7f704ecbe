import { expect, it } from 'vitest';
import { azure } from '../../src/protocol/dialects/azure.ts';
import { compileMatcher } from '../../src/protocol/matcher.ts';

const substring = { ...azure, matcher: { anchored: false, emptyMatches: 'everything' } as const };

it.each([
  ['Bash', 'Bash', true],
  ['Bash', 'bash', false],
  ['Bash', 'BashTool', false],
  ['Bash', 'RunBash', false],
  ['Bash', 'Bash\n', false],
  ['Bash', '', false],
  ['*', 'Bash', true],
  ['*', '', true],
  ['*', 'any\nthing', true],
  ['.*', 'Bash', true],
  ['', 'Bash', false],
  ['', '', false],
  [undefined, 'Bash', false],
  ['Bash|Python', 'Bash', true],
  ['Bash|Python', 'Python', true],
  ['Bash|Python', 'BashPython', false],
  ['Bash|Python', 'Bashful', false],
  ['Bash|Python', 'CPython', false],
  ['^Bash$', 'Bash', true],
  ['^Bash$', 'Bashful', false],
  ['^Bash|Python$', 'Python', true],
  ['^Bash|Python$', 'Bashful', false],
  ['^(Bash|Python)$', 'Python', true],
  ['Run.*Commands?', 'RunAzCliWriteCommands', true],
  ['[Bb]ash', 'bash', true],
  ['mcp__github__.*', 'mcp__github__create_issue', true],
  ['mcp\\-server', 'mcp-server', true],
  ['Tool{', 'Tool{', true],
  ['\\p{Lu}+', 'BASH', true],
  [' Bash', 'Bash', false],
  ['**|x', 'x', 'refused'],
])('in the azure dialect the pattern %j matches %j: %s', (pattern, tool, expected) => {
  if (expected === 'refused')
    expect(() => compileMatcher(azure, pattern)).toThrow(expect.objectContaining({ code: 'INVALID_HOOKS' }));
  else expect(compileMatcher(azure, pattern)(tool)).toBe(expected);
});

it.each([
  ['', 'Bash', true],
  [undefined, 'Bash', true],
  ['*', 'Bash', true],
  ['as', 'Bash', true],
  ['^as', 'Bash', false],
])('in a dialect of substrings the pattern %j matches %j: %s', (pattern, tool, expected) => {
  expect(compileMatcher(substring, pattern)(tool)).toBe(expected);
});

it.each(['[', '(', 'a)|(b', '*Bash', 'Bash\\', '(?<=', '+'])('%j is no regular expression and is refused', (pattern) => {
  expect(() => compileMatcher(azure, pattern)).toThrow(
    expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_HOOKS' }),
  );
});

it('an inline flag is refused with a hint that the other patterns do not get', () => {
  expect(() => compileMatcher(azure, '(?i)bash')).toThrow(/Inline flags/);
  expect(() => compileMatcher(azure, '[')).not.toThrow(/Inline flags/);
});

it('a matcher has no memory of earlier names', () => {
  const matches = compileMatcher(azure, 'Bash');
  expect([matches('Bash'), matches('Bash'), matches('x'), matches('Bash')]).toEqual([true, true, false, true]);
});
