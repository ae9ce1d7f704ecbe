import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../src/protocol/condition.ts';

function holds(condition: string, toolInput: unknown, toolName = 'Bash', cwd: string | undefined = '/repo'): boolean {
  return compileCondition(condition)({ toolName, toolInput, cwd });
}

describe('a condition on a command line', () => {
  it.each([
    ['Bash(git *)', 'git push', true],
    ['Bash(git *)', 'git', true],
    ['Bash(git:*)', 'git push', true],
    ['Bash(git *)', 'FOO=bar git push', true],
    ['Bash(git *)', 'npm test && git push', true],
    ['Bash(git *)', 'gitk', false],
    ['Bash(git push*)', 'git push --force', true],
    ['Bash(git push*)', 'git pull', false],
    ['Bash(git push *)', 'cd x; git push origin main', true],
    ['Bash(rm *)', 'echo $(rm -rf /)', true],
    ['Bash(rm *)', 'echo `rm -rf /`', true],
    ['Bash(rm *)', 'echo $(date)', false],
    ['Bash(rm *)', "echo 'rm -rf /'", false],
    ['Bash(git push *)', 'echo $(date)', true],
    ['Bash(git push *)', 'echo $HOME', true],
    ['Bash(ls)', 'ls', true],
    ['Bash(ls)', 'ls -l', false],
    ['Bash(rm *)', 'echo "never closed', true],
    ['Bash(a.c *)', 'abc x', false],
    ['Bash', 'anything', true],
    ['Bash(*)', 'anything', true],
  ])('%s for %j: %s', (condition, command, expected) => {
    expect(holds(condition, { command })).toBe(expected);
  });
});

describe('a condition on a path', () => {
  it.each([
    ['Write(src/**/*.ts)', 'src/a/b.ts', '/repo', true],
    ['Write(src/**/*.ts)', '/repo/src/b.ts', '/repo', true],
    ['Write(src/**/*.ts)', '/repo/src/../../etc/b.ts', '/repo', false],
    ['Write(src/**/*.ts)', '/repo/vendor/src/b.ts', '/repo', false],
    ['Write(./src/*)', 'src/b.ts', '/repo', true],
    ['Write(**/src/**)', '/other/vendor/src/b.ts', '/repo', true],
    ['Write(*.ts)', 'deep/down/b.ts', '/repo', true],
    ['Write(*.ts)', 'b.js', '/repo', false],
    ['Write(//etc/**)', '/etc/passwd', '/repo', true],
    ['Write(/etc/**)', '/home/x', '/', false],
    ['Write(.env)', '.env', '/repo', true],
    ['Write(src/*)', '/repo/src/b', undefined, true],
    ['Write(src/*)', 'lib/b', undefined, false],
    ['Write(src/*)', 'src/./b', undefined, true],
  ])('%s for %s in %s: %s', (condition, path, cwd, expected) => {
    const call = { toolName: 'Write', toolInput: { file_path: path }, cwd };
    expect(compileCondition(condition)(call)).toBe(expected);
  });
});

it('another tool is not looked at', () => {
  expect(holds('Bash(git *)', { command: 'git push' }, 'Shell')).toBe(false);
  expect(holds('Bash', {}, 'Read')).toBe(false);
  expect(holds('mcp__git__*', {}, 'mcp__git__push')).toBe(true);
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
