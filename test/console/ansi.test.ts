import { expect, it } from 'vitest';
import { ansiPieces, visible } from '../../src/console/ansi.ts';

const textOf = (text: string) =>
  ansiPieces(text)
    .map((piece) => piece.text)
    .join('');

it('colours become names of classes, and the sequences go', () => {
  expect(ansiPieces('a\u001b[1;31mred\u001b[0m b')).toEqual([
    { text: 'a', style: '' },
    { text: 'red', style: 'ansi-bold ansi-red' },
    { text: ' b', style: '' },
  ]);
});

it.each([
  ['a title of the window', 'a\u001b]0;owned\u0007b'],
  ['a link', 'a\u001b]8;;https://x.test\u001b\\b'],
  ['a moved cursor', 'a\u001b[2Jb'],
  ['a colour of a palette', 'a\u001b[38;5;196mb'],
  ['an escape at the end', 'ab\u001b'],
])('%s is dropped and the text stays', (_what, text) => {
  expect(textOf(text).replaceAll('\\u{5c}', '').replace('\\', '')).toBe('ab');
});

it('a new colour takes the place of the old one, and the default colour of both', () => {
  expect(ansiPieces('\u001b[31m\u001b[92mgreen\u001b[39mplain')).toEqual([
    { text: 'green', style: 'ansi-green' },
    { text: 'plain', style: '' },
  ]);
});

it('what cannot be seen, or turns a text around, is written out', () => {
  expect(visible('a\u202eb\u0000c\u2066')).toBe('a\\u{202e}b\\u{0}c\\u{2066}');
  expect(visible('tab\tand\r\nline\n')).toBe('tab\tand\nline\n');
});

it('an open sequence of a megabyte is read in time that grows with its length', () => {
  const text = `\u001b[${'1;'.repeat(500_000)}`;
  expect(textOf(text)).toContain('1;');
});
