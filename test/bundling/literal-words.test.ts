import { expect, it } from 'vitest';
import { literalWords } from '../../src/bundling/literal-words.ts';

it.each([
  ['./x.sh', ['./x.sh']],
  ['  python3  a.py\t--strict ', ['python3', 'a.py', '--strict']],
  ["x 'a b' \"c d\" e\\ f ''", ['x', 'a b', 'c d', 'e f', '']],
  ['x a\'b\'"c"d', ['x', 'abcd']],
  ['x "\\$ \\" \\\\ \\n"', ['x', '$ " \\ \\n']],
  ['x "$DIR"/a $\x7BDIR}/b $DIR', ['x', '/project/a', '/project/b', '/project']],
  ['x --a=b @c %d a\\\nb \\\n c=d', ['x', '--a=b', '@c', '%d', 'ab', 'c=d']],
])('%j is %j', (command, words) => {
  expect(literalWords(command, ['DIR'])).toEqual(words);
});

it.each([
  '',
  'x; y',
  'x | y',
  'x &',
  'x > y',
  'x < y',
  'x (y)',
  'x *',
  'x ?',
  'x [a]',
  'x {a,b}',
  'x ~',
  'x $HOME',
  'x $(y)',
  'x `y`',
  'x "$HOME"',
  'x "`y`"',
  'x "$(y)"',
  'x #y',
  '! x',
  'A=1 x',
  'if',
  "x 'open",
  'x "open',
  'x\ny',
  'x \\',
  'x é',
  "x 'a'é",
  'then',
  'time x',
  'coproc x',
  'x;',
  '>y',
  'export A=1',
  'x a; y',
  "x $'a'",
  `x $\x7BDIR%/*}`,
  `x $\x7BDIR/a/b}`,
  'x $',
])('%j is more than words', (command) => {
  expect(literalWords(command, ['DIR'])).toBeUndefined();
});
