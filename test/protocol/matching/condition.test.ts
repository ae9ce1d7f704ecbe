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

describe('a condition on a command holds however the command is written', () => {
  it.each([
    ['Bash(git push *)', 'git  push'],
    ['Bash(git push *)', '"git" push'],
    ['Bash(git push *)', "'git' 'push' origin"],
    ['Bash(git push *)', 'g\\it pu""sh'],
    ['Bash(git push *)', 'git \\\n push'],
    ['Bash(git push *)', 'git\\\n push'],
    ['Bash(git push *)', 'git push>log'],
    ['Bash(git push *)', '>log git push'],
    ['Bash(git push *)', '2>&1 git push'],
    ['Bash(git push *)', 'ls &>log git push'],
    ['Bash(git push *)', 'git &>log push'],
    ['Bash(git push *)', '/usr/bin/git push'],
    ['Bash(git push *)', 'git {push,origin}'],
    ['Bash(git push *)', 'git pus?'],
    ['Bash(git *)', '{git,push}'],
    ['Bash(git *)', `git\${IFS}push`],
    ['Bash(git *)', 'x=git; $x push'],
    ['Bash(git *)', 'A=$(date +%s) git push'],
    ['Bash(git *)', 'A=a\\ b git push'],
    ['Bash(git *)', "ls # it's\ngit push # '"],
    ['Bash(git *)', "ls $'\\'' ; git push # '"],
    ['Bash(git *)', 'ls <(git push)'],
    ['Bash(git *)', 'cat <<E\n$(git push)\nE'],
    ['Bash(git *)', 'eval "git push"'],
    ['Bash(git push)', 'git push # now'],
    ['Bash(git push)', 'git push >log'],
    ['Bash(git push)', 'git push $x'],
    ['Bash(*push*)', 'git p*'],
    ['Bash(rm *)', `echo \${x:-b c}`],
  ])('%s for %j', (condition, command) => {
    expect(holds(condition, { command })).toBe(true);
  });

  it.each([
    ['Bash(git push *)', 'ls *.ts ~ {a,b}'],
    ['Bash(git push *)', 'git pull *'],
    ['Bash(git *)', 'ls $HOME'],
    ['Bash(git *)', 'ls # all files'],
    ['Bash(git *)', 'ls 2>&1 &>log; ls &>>log'],
    ['Bash(git *)', '"ls" -l'],
    ['Bash(rm *)', 'git commit -m "rm it"'],
  ])('%s does not hold for %j, which is something else', (condition, command) => {
    expect(holds(condition, { command })).toBe(false);
  });
});

describe('a condition on a command line holds where another program may run the command', () => {
  it.each<readonly [string, string]>([
    ...[
      'prlimit',
      'prlimit --nofile=9',
      'uv run',
      'mise exec --',
      'env-run A=1',
      '/opt/x',
      'X --exec',
    ].map((wrapper) => ['Bash(git push *)', `${wrapper} git push o`] as const),
    ...[
      'mksh -c',
      'rbash -c',
      'yash -c',
      'pwsh -c',
      'toybox sh -c',
      'sg g',
      'ssh h',
      'emulate sh -c',
      'sched +1',
    ].map((shell) => ['Bash(git push *)', `${shell} "git push o"`] as const),
    ['Bash(git push *)', 'zargs -- a -- git push'],
    ['Bash(git push *)', 'fc -s'],
    ['Bash(git push *)', 'at now <file'],
    ['Bash(git push *)', 'X /usr/bin/git push'],
    ['Bash(git push *)', 'X "git" \'push\''],
    ['Bash(git push *)', 'X {git,push} o'],
    ['Bash(git push *)', 'X {git,push}'],
    ['Bash(git push *)', 'X git p*'],
    ['Bash(git push *)', 'X g?t push'],
    ['Bash(git push *)', 'X ls; X git push'],
    ['Bash(git push*)', 'X git pushed'],
    ['Bash(git * main)', 'X git push main'],
    ['Bash(git commit -m a*)', 'X git commit -m "a b"'],
    ['Bash(rm:*)', 'X rm'],
    ['Bash(rm*)', 'X rmdir'],
    ['Bash(git push *)', 'git -C . push o'],
    ['Bash(git push *)', '/usr/bin/git --git-dir=x push o'],
    ['Bash(git push *)', 'X git -C . push o'],
    ['Bash(git push *)', 'git -C . p*'],
    ['Bash(npm run *)', 'npm --prefix "a b" run build'],
  ])('%s for %j', (condition, command) => {
    expect(holds(condition, { command })).toBe(true);
  });

  it.each([
    ['Bash(git push *)', 'git'],
    ['Bash(git push *)', 'git pull origin'],
    ['Bash(git push *)', 'git --version'],
    ['Bash(git push *)', 'apt install git'],
    ['Bash(git push *)', 'X git pushed'],
    ['Bash(git push *)', 'X legit push o; X .git push; X git-push'],
    ['Bash(git push *)', 'git commit -m "git push it"'],
    ['Bash(git push *)', 'ls src/*.ts'],
    ['Bash(git push *)', 'ls s*'],
    ['Bash(git push *)', 'X git pull s*'],
    ['Bash(git push)', 'git push o'],
    ['Bash(rm *)', 'ls rmdir rm.txt rm/x'],
    ['Bash(rm -r *)', 'rm -f x'],
    ['Bash(*push)', 'X push o'],
  ])('%s does not hold for %j', (condition, command) => {
    expect(holds(condition, { command })).toBe(false);
  });
});

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
  const command = 'ls -l $(a) | x; '.repeat(200);
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
