import { expect, it } from 'vitest';
import { forPeople, milliseconds, oneLine, paint, table } from '../../src/cli/table.ts';

it.each([
  ['red', 31],
  ['green', 32],
  ['yellow', 33],
  ['dim', 2],
  ['bold', 1],
] as const)('%s is painted on a terminal only', (colour, code) => {
  expect(paint('x', colour, true)).toBe(`\u001b[${code}mx\u001b[0m`);
  expect(paint('x', colour, false)).toBe('x');
});

it('columns are as wide as their widest cell, and no line ends in blanks', () => {
  expect(
    table(
      [
        ['hook', 'decision', 'reason'],
        ['a-long-name', 'block', 'r'],
        ['x', 'none', ''],
      ],
      80,
    ),
  ).toBe('hook         decision  reason\na-long-name  block     r\nx            none\n');
});

it('colours and wide characters do not move a column', () => {
  const rows = [
    [paint('ab', 'red', true), '1'],
    ['é😀x', '2'],
  ];
  expect(table(rows, 80)).toBe(`${paint('ab', 'red', true)}   1\né😀x  2\n`);
});

it.each([
  [40, 34],
  [30, 24],
  [10, 20],
])('in a line of %i the last column is cut to %i characters', (columns, room) => {
  const line = table([['four', 'x'.repeat(100)]], columns).trimEnd();
  expect(line).toBe(`four  ${'x'.repeat(room - 1)}…`);
});

it('a last column that just fits is not cut', () => {
  expect(table([['four', 'x'.repeat(34)]], 40)).toBe(`four  ${'x'.repeat(34)}\n`);
});

it('a cut does not halve a character or leave a colour open', () => {
  const line = table([['', paint('😀'.repeat(50), 'red', true)]], 22).trim();
  expect(line).toBe(`${'😀'.repeat(19)}…`);
});

it('a short row and no rows do no harm', () => {
  expect(table([['a'], ['b', 'c']], 80)).toBe('a\nb  c\n');
  expect(table([], 80)).toBe('\n');
});

it.each([
  ['plain', 'plain'],
  ['a\nb\r\n\tc  d ', 'a b c d'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007after', 'after'],
  ['a\u001b[2Jb', 'ab'],
  ['a\u0000\u0008\u007f\u0085b', 'a b'],
  ['\u001b', ''],
  ['a\u2028b', 'a b'],
  ['', ''],
])('%j is shown as %j', (text, expected) => {
  expect(oneLine(text)).toBe(expected);
});

it.each([
  [0, '0.0 ms'],
  [1.26, '1.3 ms'],
  [99.9, '99.9 ms'],
  [100, '100 ms'],
  [1234.5, '1235 ms'],
])('%d is %s', (ms, text) => {
  expect(milliseconds(ms)).toBe(text);
});

it('text for people keeps our own colours on a terminal, and no other control sequence', () => {
  const text = `${paint('ok', 'green', true)} \u001b[2J\u001b[8m\u009b\u202ex\n`;
  expect(forPeople(text, true)).toBe(`${paint('ok', 'green', true)} ␛[2J␛[8m\ufffd\ufffdx\n`);
  expect(forPeople(text, false)).toBe('␛[32mok␛[0m ␛[2J␛[8m\ufffd\ufffdx\n');
});

it('one line has no control sequence, no line separator and no turned direction', () => {
  expect(oneLine('a\u001b[2Jb\u2028c\u0085d\u202ee\n')).toBe('ab c d\ufffde');
});
