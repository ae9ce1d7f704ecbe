import { describe, expect, it } from 'vitest';
import { amazonQ } from '../../../src/agents/amazon-q/dialect.ts';
import { azure } from '../../../src/agents/azure/dialect.ts';
import { claudeCode } from '../../../src/agents/claude-code/dialect.ts';
import { openhands } from '../../../src/agents/openhands/dialect.ts';
import { compileMatcher } from '../../../src/protocol/matching/matcher.ts';
import { Matching, maxSubjectLength } from '../../../src/protocol/matching/patterns/matching.ts';
import { bestMs, longMs } from './patterns/growth.ts';

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
  ['Bash|mcp__.*', 'Bash', true],
  ['Bash|mcp__.*', 'mcp__a', true],
  ['Bash|mcp__.*', 'Bash_', false],
  ['[Bb]ash', 'bash', true],
  ['mcp__github__.*', 'mcp__github__create_issue', true],
  ['mcp\\-server', 'mcp-server', true],
  ['Tool{', 'Tool{', true],
  ['\\p{Lu}+', 'BASH', true],
  [' Bash', 'Bash', false],
  ['**|x', 'x', 'refused'],
])('in the azure dialect the pattern %j matches %j: %s', (pattern, tool, expected) => {
  if (expected === 'refused')
    expect(() => compileMatcher(azure, pattern)).toThrow(
      expect.objectContaining({ code: 'INVALID_HOOKS' }),
    );
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

it.each(['[', '(', 'a)|(b', '*Bash', 'Bash\\', '(?<=', '+'])(
  '%j is no regular expression and is refused',
  (pattern) => {
    expect(() => compileMatcher(azure, pattern)).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_HOOKS' }),
    );
  },
);

it('an inline flag is refused with a hint that the other patterns do not get', () => {
  expect(() => compileMatcher(azure, '(?i)bash')).toThrow(/Inline flags/);
  expect(() => compileMatcher(azure, '[')).not.toThrow(/Inline flags/);
});

it('a matcher has no memory of earlier names', () => {
  const matches = compileMatcher(azure, 'Bash');
  expect([matches('Bash'), matches('Bash'), matches('x'), matches('Bash')]).toEqual([
    true,
    true,
    false,
    true,
  ]);
});

it.each([
  [
    '(a)\\1',
    'matcher "(a)\\\\1" has the back-reference \\1, which is not supported: write out what it stands for.',
  ],
  ['(a{1,50}){1,50}b', /^matcher "\(a\{1,50\}\)\{1,50\}b" has more than 2000 states/],
  ['('.repeat(5_000), /^matcher "\({100}…" has 5000 characters, and 2000 are the most/],
  ['[', 'matcher "[" is not a regular expression: Unterminated character class.'],
])('%j is refused with what is wrong and what to write', (pattern, message) => {
  expect(() => compileMatcher(azure, pattern)).toThrow(message);
});

it('a list of names may be as long as it is', () => {
  const names = Array.from({ length: 1_000 }, (_, at) => `mcp__server__tool_${at}`);
  const matches = compileMatcher(azure, names.join('|'));
  expect([matches('mcp__server__tool_999'), matches('mcp__server__tool')]).toEqual([true, false]);
});

it('all tools but some can be named', () => {
  const matches = compileMatcher(claudeCode, '^(?!(Grep|Glob)$).*');
  expect(['Grep', 'Glob', 'GrepAll', 'Bash'].map((name) => matches(name))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

it('decoration and a leading (?i) do not change which engine matches', () => {
  expect(compileMatcher(openhands, '/(?i)b.sh/')('BASH')).toBe(true);
  expect(compileMatcher(openhands, '/b.sh/')('BASH')).toBe(false);
  expect(compileMatcher(openhands, '/^bash$/')('bash')).toBe(true);
});

describe('what cannot be told within the limits is a match, and is counted', () => {
  const long = 'x'.repeat(maxSubjectLength + 1);

  it.each([
    [azure, 'mcp__.*', long, 1],
    [azure, '[a-z]', long, 1],
    [azure, '\\p{L}', long, 1],
    [amazonQ, '@git/*', long, 1],
    [azure, 'mcp__.*', 'mcp__\n', 1],
    [azure, 'Bash', long, 0],
    [azure, 'Bash|Edit', 'Bash\n', 0],
    [amazonQ, 'fs_read', long, 0],
  ] as const)('under $name, %j', (dialect, pattern, name, untold) => {
    const matching = new Matching();
    expect([compileMatcher(dialect, pattern)(name, matching), matching.untold]).toEqual([
      untold === 1,
      untold,
    ]);
    expect(compileMatcher(dialect, pattern)(name)).toBe(untold === 1);
  });

  it('more alternatives and states than there are steps', () => {
    const matching = new Matching(10);
    expect(compileMatcher(azure, 'b.*|'.repeat(20))('a', matching)).toBe(true);
    expect(compileMatcher(azure, '(a+)+b')('aaaa', matching)).toBe(true);
    expect(matching.untold).toBe(2);
  });
});

describe('no matcher and no name takes long', () => {
  it.each([
    '(?=a)(a+)+b',
    '(?=a)(a+)+1',
    '(\\p{L}+)+1',
    '(a{1,30}){1,30}b',
    '(a|a)*b',
    '(.*)*b',
    '(?:.*a){450}b',
    `${'.*a'.repeat(400)}b`,
    `(?:${'a*'.repeat(400)})*b`,
    '(?<!(a+)+b)1',
    `${'(?='.repeat(49)}(a+)+b${')'.repeat(49)}`,
  ])('%s', (pattern) => {
    for (const dialect of [azure, claudeCode]) {
      const matches = compileMatcher(dialect, pattern);
      expect(bestMs(() => matches('a'.repeat(maxSubjectLength)))).toBeLessThan(longMs);
    }
  });
});
