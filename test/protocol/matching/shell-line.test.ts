import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maxLineLength, splitShell } from '../../../src/protocol/matching/shell-line.ts';
import { bestMs, longMs } from './patterns/growth.ts';

it.each([
  ['ls', ['ls'], false],
  ['a; b && c || d | e & f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g'], false],
  ['(a; b)', ['a', 'b'], false],
  ['if a; then b; fi', ['a', 'b', 'fi'], false],
  ['A=1 B="x y" C=\'p q\' a b', ['a b'], false],
  ['A=1', [], false],
  ['! time a', ['a'], false],
  ['echo a\\;b', ['echo a\\;b'], false],
  ['echo "a;b" \'c|d\'', ['echo "a;b" \'c|d\''], false],
  ['echo "\\"; a"', ['echo "\\"; a"'], false],
  ['echo $(a "x)" \\) \')\' (b))', ['echo $(a "x)" \\) \')\' (b))', 'a "x)" \\) \')\'', 'b'], true],
  ['echo "$(a)" "`b`" $x', ['echo "$(a)" "`b`" $x', 'a', 'b'], true],
  ['diff <(a) >(b)', ['diff <(a) >(b)', 'a', 'b'], false],
  ['', [], false],
])('%j has the commands %j', (line, commands, expands) => {
  expect(splitShell(line)).toEqual({ commands, expands });
});

it.each([
  'echo "open',
  "echo 'open",
  'echo `open',
  'echo $(open',
  'echo $(a `open)',
  'cat <<EOF',
  'case x in esac',
  'f() { rm x; }',
  '$CMD x',
  '`which rm` x',
  '"rm" x',
  'eval x',
  'bash -c x',
  'sudo rm x',
  'xargs rm',
  `${'echo $('.repeat(30)}a${')'.repeat(30)}`,
  'x'.repeat(32_769),
  `${'a; '.repeat(1_000)}b`,
  '<(a)'.repeat(1_001),
  `${'$("'.repeat(11)}a${'")'.repeat(11)}`,
  `${'"$('.repeat(11)}a${')"'.repeat(11)}`,
  `a ${'$(b '.repeat(4)}${'x'.repeat(20_000)}${')'.repeat(4)}`,
])('%j is not taken apart', (line) => {
  expect(splitShell(line)).toBeUndefined();
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
