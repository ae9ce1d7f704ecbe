import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitShell } from '../../../src/protocol/matching/shell-line.ts';
import { maxLineLength } from '../../../src/protocol/matching/shell-tree.ts';
import { titledTexts } from '../../support/titles.ts';
import { bestMs, longMs } from './patterns/growth.ts';

it.each([
  ['ls', ['ls'], false],
  ['a; b && c || d | e & f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g'], false],
  ['(a; b)', ['a', 'b'], false],
  ['if a; then b; fi', ['a', 'b'], false],
  ['for i in a b; do c; done', ['c'], false],
  ['while a; do b; done', ['a', 'b'], false],
  ['case x in (a) b;; c|d) e;; esac', ['b', 'e'], false],
  ['case x in esac', [], false],
  ['f() { a; }; f', ['a', 'f'], false],
  ['f ( ) { a; }', ['a'], false],
  ['function f { a; }', ['a'], false],
  ['time -p a', ['a'], false],
  ["cat <<'E'\n$(a) # b\nE\nc", ["cat <<'E'", 'c'], false],
  ['cat <<E | a\n$(b) # c\nE', ['cat <<E', 'b', 'a'], true],
  ['a <<< b', ['a <<< b'], false],
  ['a ]]', ['a ]]'], false],
  ["a '$x'", ["a '$x'"], false],
  ['a $((1 + x))', ['a $((1 + x))'], true],
  ['A=1 B="x y" C=\'p q\' a b', ['a b'], false],
  ['A=1', [], false],
  ['! time a', ['a'], false],
  ['echo a\\;b', ['echo a\\;b'], false],
  ['echo "a;b" \'c|d\'', ['echo "a;b" \'c|d\''], false],
  ['echo "\\"; a"', ['echo "\\"; a"'], false],
  ['echo $(a "x)" \\) \')\')', ['echo $(a "x)" \\) \')\')', 'a "x)" \\) \')\''], true],
  ['echo "$(a)" "`b`" $x', ['echo "$(a)" "`b`" $x', 'a', 'b'], true],
  ['diff <(a) >(b)', ['diff <(a) >(b)', 'a', 'b'], false],
  ['', [], false],
  ['"rm" x', ['"rm" x'], false],
  ['ls # the rest', ['ls', ':  the rest'], false],
  ['# a\nb#c', ['b#c', ':  a'], false],
  ['# one; # two', [':  one', 'two'], false],
  ['A=$(a b) c', ['c', 'a b'], true],
  ['A=a\\ b c', ['c'], false],
  ['> x a', ['a'], false],
  ['> x', [], false],
  ['a >| x', ['a >| x'], false],
  ['a >& x', ['a >& x'], false],
  ['[ -f x ] && [[ -f x ]]', ['[ -f x ]', '[[ -f x ]]'], false],
])('%j has the commands %j', (line, commands, expands) => {
  expect(splitShell(line)).toMatchObject({ commands, expands });
});

it.each([
  ['git  \t push', 'git push'],
  ['"git" push', 'git push'],
  ["'git' 'push'", 'git push'],
  ['g\'\'it pu""sh', 'git push'],
  ['\\g\\i\\t push', 'git push'],
  ['git \\\n  push', 'git push'],
  ['git "\\"\\a\\$" push', 'git "\\a$ push'],
  ['git "pu \\\nsh"', 'git pu sh'],
  ['git >x push', 'git push'],
  ['git push>x', 'git push'],
  ['git push 2>&1', 'git push'],
  ['git push2>x', 'git push2'],
  ['git push <&- >>x', 'git push'],
  ['git push # now', 'git push'],
  ['/usr/bin/git push', 'git push'],
  ['time git "push"', 'git push'],
  ['git "$(a)" push', 'git $(a) push'],
])('%j is %j without what the shell takes away', (line, plain) => {
  const split = splitShell(line);
  expect([...(split?.plain ?? []), split?.commands[0]]).toContain(plain);
});

it.each([
  ['git p*', ['git p']],
  ['git pus?', ['git pus']],
  ['git pus[h]', ['git pus']],
  ['git {push,x}', ['git ']],
  ['git ~', ['git ']],
  ['git $x', ['git ']],
  ['git "a$x"', ['git a']],
  ['git `a`', ['git ']],
  ['/bin/git <(a) *', ['/bin/git ', 'git ']],
  ['git HEAD~1 {} a{} a\\* "*" [', []],
])('%j begins with %j, and the rest is not certain', (line, beginnings) => {
  expect(splitShell(line)?.beginnings).toEqual(beginnings);
});

it.each(
  titledTexts([
    'echo "open',
    "echo 'open",
    'echo `open',
    'echo $(open',
    'echo $(a `open)',
    'cat <<EOF',
    '$CMD x',
    '`which rm` x',
    'eval x',
    "e''val x",
    '/bin/bash -c x',
    'command rm x',
    'timeout 5 rm x',
    'coproc rm x',
    "trap 'rm x' EXIT",
    "alias a='rm x'",
    'x=rm; $x y',
    'rm$IFS-rf',
    `rm\${IFS}x`,
    '{rm,x}',
    '{rm,x} y',
    'r? x',
    'r* x',
    '[r]m x',
    '~/rm x',
    '"$@"',
    '=rm x',
    '!rm',
    'time -f x rm x',
    '&>x -a',
    "$'rm' x",
    "a $'\\x27' x",
    'a $"b"',
    "a $(b $'\\x27')",
    "a # it's\nrm x '",
    'a # "\nrm x',
    'a # `\nrm x',
    'a # b \\\nrm x',
    'a $(b # )\nrm x)',
    'a $(# b)\nrm x)',
    'r\\\nm x',
    '"$\\\n(rm x)"',
    'a <\\\n<EOF',
    'cat <<E\na',
    'cat <<E | sh\nrm x\nE',
    'a bash <<E\nrm x\nE',
    'a dash <<< "rm x"',
    'cat <<"E F"\nE F',
    'cat <<\\E\nE',
    '((rm x))',
    'a $((rm x))',
    'a $[b]',
    'a @(b|c)',
    'a ]] rm x',
    "a *(e:'rm x':)",
    '[[ a && rm ]]',
    '[[ a =~ (b) ]]',
    'ls &>log rm x',
    'a=b &>log rm x',
    'coproc '.repeat(1_400),
    `a "\${x:-"'"}"; rm x; : \\'`,
    `a \${x:-b c}`,
    'a `b \\`rm x\\``',
    'a "`b \\" c`"',
    'a $(b `c \\) d`)',
    'r(m) x',
    'a=(b) rm x',
    'if [[ a ]] { rm x }',
    'if [[ a ]] rm x',
    'rm\rx',
    'r\0m x',
    'bash -c x',
    'sudo rm x',
    'xargs rm',
    `${'echo $('.repeat(200)}a${')'.repeat(200)}`,
    'x'.repeat(10_001),
    `${'a; '.repeat(1_000)}b`,
    '<(a) '.repeat(1_001),
    `${'$("'.repeat(11)}a${'")'.repeat(11)}`,
    `${'"$('.repeat(11)}a${')"'.repeat(11)}`,
    `a ${'$(b '.repeat(4)}${'x'.repeat(20_000)}${')'.repeat(4)}`,
  ]),
)('%j is not taken apart', (_, line) => {
  expect(splitShell(line)).toBeUndefined();
});

it('a line for which the stack does not suffice is not taken apart', () => {
  const line = `${'{ '.repeat(100)}a; ${'}; '.repeat(99)}}`;
  const found: unknown[] = [];
  // Splits the line at every depth from the end of the stack up, until the stack suffices.
  const descend = (): void => {
    try {
      descend();
    } catch {
      // The stack ends here.
    }
    if (found.at(-1) === undefined) found.push(splitShell(line)?.commands[0]);
  };
  descend();
  expect([found[0], found.at(-1)]).toEqual([undefined, 'a']);
});

it('no text makes it throw or hang', () => {
  const text = fc.string({ unit: fc.constantFrom(...'ab $()`"\'\\;|&\n<>={}!'), maxLength: 200 });
  fc.assert(
    fc.property(text, (line) => {
      splitShell(line);
    }),
    { seed: 20_261_121, numRuns: 2_000 },
  );
});

it('quotes in substitutions in quotes are taken apart as deep as people write them', () => {
  expect(splitShell('a "$(b "$(c)")"')?.commands).toEqual(['a "$(b "$(c)")"', 'b "$(c)"', 'c']);
});

it.each([
  ...[
    '"$(',
    '$(',
    '$(a $(b) ',
    '`a` ',
    '"`a`" ',
    '<(a) ',
    'A=1 ',
    'A="x',
    'A="x\\',
    "A='x' ",
    '! ',
    'a;',
    ';',
    '\n',
    '(',
    ')',
    ' ',
  ],
  ...['"', "'", '\\', 'if ', '$a ', '{ '],
])('a line of %j is read in time, up to the longest and beyond', (unit) => {
  for (const length of [maxLineLength / 2, maxLineLength, 2 ** 20]) {
    const line = unit.repeat(length / unit.length);
    expect(bestMs(() => splitShell(line), 3)).toBeLessThan(longMs);
  }
});
