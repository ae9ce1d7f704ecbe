import { describe, expect, it } from 'vitest';
import {
  compileExpression,
  maxExpressionLength,
} from '../../../../src/protocol/matching/patterns/expression.ts';
import { parseExpression } from '../../../../src/protocol/matching/patterns/syntax.ts';

describe('what is not supported is refused by its name', () => {
  it.each([
    [
      '(a)\\1',
      '',
      'has the back-reference \\1, which is not supported: write out what it stands for',
    ],
    [
      '(?<n>a)\\k<n>',
      '',
      'has the back-reference \\k<n>, which is not supported: write out what it stands for',
    ],
    ['[', '', 'is not a regular expression: Unterminated character class'],
    ['a', 'uv', "is not a regular expression: Invalid flags supplied to RegExp constructor 'uv'"],
    [
      '[\\q{ab}]',
      'v',
      'has a class of strings, [\\q{ab}], which is not supported: write (?:one|two)',
    ],
    [
      '\\p{RGI_Emoji}',
      'v',
      'has a class of strings, \\p{RGI_Emoji}, which is not supported: write (?:one|two)',
    ],
    [
      '(a{1,50}){1,50}',
      '',
      /^has more than 2000 states \(a\{50\} has 50\): make the counts in \{…\} smaller, or leave them out$/,
    ],
    ['(?:){999999999}', '', /2000 states/],
    [`${'('.repeat(51)}a${')'.repeat(51)}`, '', 'has groups nested deeper than 50 levels'],
    ['a'.repeat(maxExpressionLength + 1), '', /^has 2001 characters, and 2000 are the most/],
  ])('/%s/%s', (source, flags, message) => {
    expect(() => compileExpression(source, { flags })).toThrow(message);
  });

  it('flags inside of an expression, whether V8 knows them or not', () => {
    expect(() => compileExpression('(?i)a')).toThrow(
      /Inline flags are not supported: write \[Bb\]ash/,
    );
    expect(() => parseExpression('(?i:a)', '')).toThrow(/has flags for a group/);
  });
});
