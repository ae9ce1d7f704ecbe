import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../src/protocol/matching/condition.ts';

function holds(condition: string, command: string): boolean {
  return compileCondition(condition)({ toolName: 'Bash', toolInput: { command }, cwd: '/repo' });
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
    expect(holds(condition, command)).toBe(expected);
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
    expect(holds(condition, command)).toBe(true);
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
    expect(holds(condition, command)).toBe(false);
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
    expect(holds(condition, command)).toBe(true);
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
    expect(holds(condition, command)).toBe(false);
  });
});
