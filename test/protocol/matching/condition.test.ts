import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../src/protocol/matching/condition.ts';
import { Matching } from '../../../src/protocol/matching/patterns/matching.ts';
import { bestMs, longMs } from './patterns/growth.ts';

function holds(
  condition: string,
  toolInput: unknown,
  toolName = 'Bash',
  cwd: string | undefined = '/repo',
): boolean {
  return compileCondition(condition)({ toolName, toolInput, cwd });
}

it('of an input with more than 1,000 members it cannot be told whether it holds', () => {
  const members = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
  const test = compileCondition('Bash(git push *)');
  const matching = new Matching();
  const call = (toolInput: object) =>
    test({ toolName: 'Bash', toolInput, cwd: undefined }, matching);
  expect([call({ ...members(999), command: 'ls' }), matching.untold]).toEqual([false, 0]);
  expect([call({ ...members(1_000), command: 'ls' }), matching.untold]).toEqual([true, 1]);
});

it('another tool is not looked at', () => {
  expect(holds('Bash(git *)', { command: 'git push' }, 'Shell')).toBe(false);
  expect(holds('Bash', {}, 'Read')).toBe(false);
  expect(holds('mcp__git__*', {}, 'mcp__git__push')).toBe(true);
});

it.each([
  [{ command: 'ls', path: 'src/a' }, true],
  [{ command: 'src/x', path: 'lib/a' }, true],
  [{ command: 'ls', path: 'lib/a' }, false],
  [{ path: 'lib/a', file_path: 'src/a' }, true],
  [{ command: null, path: 'lib/a' }, false],
  [{ command: ['git'], path: 'lib/a' }, true],
  [{ command: 'ls', path: {} }, true],
  [{ cmd: 'src/x', path: 'lib/a' }, true],
  [{ script: 'src/x', path: 'lib/a' }, true],
  [{ commands: ['ls'], path: 'lib/a' }, true],
  [{ command: 'ls', Command: 'src/x' }, true],
  [{ file_path: 'lib/a', target_file: 'src/a' }, true],
  [{ command: 'ls', description: 'src/a' }, false],
  [{ path: 'lib/a', [`${'x'.repeat(64)}path`]: 'src/a' }, false],
  [Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`path${at}_path`, 'lib/a'])), false],
  [Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`path${at}_path`, 'lib/a'])), true],
])('of the input %j its command and each of its paths are compared: %s', (input, expected) => {
  expect(holds('Edit(src/*)', input, 'Edit')).toBe(expected);
});

it.each([{}, null, 'text', { command: 1 }, { url: 'https://example.org' }])(
  'an input of another shape, %j, lets the hook run',
  (input) => {
    expect(holds('Fetch(src/*)', input, 'Fetch')).toBe(true);
  },
);

it.each(['', 'Bash(', 'Bash(git *) && Write', 'a b'])('%j is refused', (text) => {
  expect(() => compileCondition(text)).toThrow(expect.objectContaining({ code: 'INVALID_HOOKS' }));
});

describe('a condition that cannot be used is refused with what is wrong', () => {
  it.each([
    [
      'Write(!(a).ts)',
      'The condition "Write(!(a).ts)" has !(…), which is not supported: write {a,b} for choices, \\( for the character.',
    ],
    ['Write({a)', 'has a { that is not closed: write \\{ for the character.'],
    ['Write({\\\\)', 'has a { that is not closed'],
    ['Write([z-a])', 'is not a regular expression: Range out of order in character class.'],
    ['Write(./)', 'is empty: write * for every name.'],
    [
      `Write(${'a'.repeat(1_000)})`,
      'has 1007 characters, and 1000 are the most: write several hooks.',
    ],
    ['(', 'must be Tool or Tool(pattern).'],
  ])('%s', (condition, message) => {
    expect(() => compileCondition(condition)).toThrow(message);
  });

  it('but a pattern with a blank is meant for command lines, and need not be a glob', () => {
    expect(holds('Bash(awk {print *)', { command: 'awk {print x' })).toBe(true);
    expect(holds('Bash(awk {print *)', { command: 'ls' })).toBe(false);
    expect(holds('Bash(awk {print *)', { path: 'x' })).toBe(true);
  });
});

describe('what cannot be told within the limits holds, and is counted', () => {
  it.each([
    [
      'a path that is longer than paths are',
      'Write(b)',
      { file_path: 'a'.repeat(5_000) },
      new Matching(),
    ],
    ['a path and its folder', 'Write(**/b/*)', { file_path: 'a/'.repeat(500) }, new Matching(100)],
    ['a tool with an endless name', 'Write*', {}, new Matching(), 'Write'.repeat(200)],
    ['a line of many commands', 'Bash(rm *)', { command: 'ls; '.repeat(200) }, new Matching(100)],
  ])('%s', (_what, condition, toolInput, matching, name?: string) => {
    const toolName = name ?? (condition.split('(')[0] as string);
    expect(compileCondition(condition)({ toolName, toolInput, cwd: '/' }, matching)).toBe(true);
    expect(matching.untold).toBeGreaterThan(0);
  });
});

it('the hooks of an event take its line apart once', () => {
  const conditions = Array.from({ length: 300 }, () => compileCondition('Bash(rm *)'));
  const command = 'ls -l | x; '.repeat(200);
  const once = () =>
    conditions[0]?.({ toolName: 'Bash', toolInput: { command }, cwd: '/' }, new Matching());
  const all = () => {
    const matching = new Matching();
    for (const condition of conditions)
      condition({ toolName: 'Bash', toolInput: { command }, cwd: '/' }, matching);
  };
  expect(bestMs(all)).toBeLessThan(100 * bestMs(once));
});

describe('no condition and no input takes long', () => {
  it.each([
    ['Write(*a*a*a*a*a*a*a*a*a*a*a*ab)', { file_path: 'a'.repeat(3_000) }],
    ['Write(**/*a*b*)', { file_path: 'a'.repeat(50_000) }],
    ['Write(**/*a*b*)', { file_path: 'a'.repeat(4_000) }],
    [`Write(${'**/a/'.repeat(180)}b)`, { file_path: 'a/'.repeat(2_000) }],
    ['Write(**/x)', { file_path: `${'../../'.repeat(1_300)}a` }],
    [`Bash(${'*a'.repeat(400)}b)`, { command: 'a'.repeat(32_768) }],
    ['Bash(rm *)', { command: 'a;'.repeat(500_000) }],
    [`Bash(${'a '.repeat(450)}b)`, { command: 'a '.repeat(16_000) }],
    [`Bash(${'a '.repeat(450)}b)`, { command: 'a - '.repeat(8_000) }],
    [`${'*a'.repeat(400)}b(x)`, {}],
  ])('%s', (condition, toolInput) => {
    const compiled = compileCondition(condition);
    const toolName = condition.startsWith('*')
      ? 'a'.repeat(100_000)
      : (condition.split('(')[0] as string);
    expect(bestMs(() => compiled({ toolName, toolInput, cwd: '/w' }))).toBeLessThan(longMs);
  });
});

it.each(['Bash( git push * )', 'Bash(git push *) ', 'Bash( git push:* )'])(
  'blanks around the pattern of %s count for nothing',
  (text) => {
    const push = { toolName: 'Bash', toolInput: { command: 'git push origin' }, cwd: '/repo' };
    const pull = { toolName: 'Bash', toolInput: { command: 'git pull' }, cwd: '/repo' };
    expect([push, pull].map((call) => compileCondition(text)(call))).toEqual([true, false]);
  },
);
