import { expect, it } from 'vitest';
import { piecesOf } from '../../src/protocol/shell-pieces.ts';

it('a word has pieces of text and variables', () => {
  expect(piecesOf(`a "b $C"'d'\\ $\{E%/*}`)).toEqual([
    [{ text: 'a', isVariable: false }],
    [
      { text: 'b ', isVariable: false },
      { text: '$C', isVariable: true },
      { text: 'd', isVariable: false },
      { text: ' ', isVariable: false },
      { text: `$\{E%/*}`, isVariable: true },
    ],
  ]);
});

it.each(['', ' a', 'a;', 'A=1', 'a >b', 'declare A=1', 'a $(b)', 'a ~', `a${' <<E'.repeat(1001)}`])(
  '%j is more than a command of words and variables',
  (text) => {
    expect(piecesOf(text)).toBeUndefined();
  },
);
