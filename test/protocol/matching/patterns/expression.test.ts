import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../../../src/protocol/matching/patterns/expression.ts';
import { Matching } from '../../../../src/protocol/matching/patterns/matching.ts';

/** Counts the steps, and never runs out of them. */
class Counting extends Matching {
  steps = 0;

  override spend(steps: number): boolean {
    this.steps += steps;
    return true;
  }
}

function stepsOf(source: string, text: string): number {
  const counting = new Counting();
  compileExpression(source)(text, counting);
  return counting.steps;
}

function both(
  source: string,
  text: string,
  flags: string,
): readonly [boolean | undefined, boolean] {
  const whole = new RegExp(`^(?:${source})$`, flags);
  const ours = compileExpression(source, { flags })(text, new Matching());
  expect(compileExpression(source, { flags, isWhole: true })(text, new Matching())).toBe(
    whole.test(text),
  );
  return [ours, new RegExp(source, flags).test(text)];
}

describe('an expression matches what it matches in JavaScript', () => {
  const subjects = [
    '',
    'a',
    'b',
    'ab',
    'ba',
    'aab',
    'abc',
    'A',
    'a\nb',
    'a b',
    '_',
    '1',
    'aé',
    'ſ',
    'K',
    '😀',
    'a.b',
    '\\c',
    '{',
    'u',
    '\0',
    '-',
    ']',
  ];

  it.each([
    ['', ''],
    ['a', 'i'],
    ['^a', 'm'],
    ['a$', 'm'],
    ['^b$', 'm'],
    ['^b$', ''],
    ['a.b', ''],
    ['a.b', 's'],
    ['.', 'u'],
    ['^.$', ''],
    ['^.$', 'u'],
    ['[^a]', ''],
    ['[]', ''],
    ['[^]', ''],
    ['[\\]-]', ''],
    ['[\\w-]', ''],
    ['[😀]', ''],
    ['^[😀]$', 'u'],
    ['^[[a-c]--[b]]$', 'v'],
    ['\\bb', ''],
    ['\\Bb', ''],
    ['\\b', ''],
    ['\\Ba|\\bK', 'iu'],
    ['\\d|\\s', ''],
    ['^\\W$', 'iu'],
    ['s', 'iu'],
    ['k', 'i'],
    ['\\x61', ''],
    ['\\x6', ''],
    ['\\u0061', ''],
    ['\\u{2}', ''],
    ['\\u{61}', 'u'],
    ['\\u{1f600}', 'u'],
    ['\\ud83d\\ude00', 'u'],
    ['^\\ud83d', ''],
    ['\\p{L}', 'u'],
    ['^\\P{L}$', 'u'],
    ['\\p', ''],
    ['\\cA|\\c', ''],
    ['\\0', ''],
    ['\\061', ''],
    ['a{1', ''],
    ['{', ''],
    ['a]', ''],
    ['\\-|\\.', ''],
    ['(a)(?:b)(?<name>c)', ''],
    ['a??b', ''],
    ['a*?b+?', ''],
    ['a{2}', ''],
    ['a{2,}b', ''],
    ['^a{1,2}$', ''],
    ['a{0}b', ''],
    ['(?:a|b){2,3}?$', ''],
    ['(?:)*', ''],
    ['(?:(?=a)|b)*c', ''],
    ['(a*)*b', ''],
    ['^(?!a)', ''],
    ['^(?!(a|b)$).*$', ''],
    ['(?=.*b)a', ''],
    ['(?<=a)b', ''],
    ['(?<!a)b', ''],
    ['(?<=^a*)b', ''],
    ['(?<=(?=ab)a)b', ''],
    ['(?!(?<=a)b)[^]', ''],
    ['(?=a)*b', ''],
    ['^a|b$', ''],
  ])('/%s/%s', (source, flags) => {
    for (const text of subjects) {
      const [ours, theirs] = both(source, text, flags);
      expect(ours, JSON.stringify(text)).toBe(theirs);
    }
  });

  it('whatever it is made of', () => {
    const atom = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      '\\w',
      '\\W',
      '^',
      '$',
      '\\b',
      '\\B',
      '\\.',
      'é',
    );
    const { expression } = fc.letrec((tie) => ({
      atom,
      group: tie('expression').map((inner) => `(?:${inner})`),
      look: fc
        .tuple(fc.constantFrom('(?=', '(?!', '(?<=', '(?<!'), tie('expression'))
        .map(([opening, inner]) => `${opening}${inner})`),
      repeat: fc
        .tuple(
          fc.constantFrom('a', '.', '[^b]'),
          fc.constantFrom('*', '+', '?', '{2}', '{1,}', '{0,2}', '*?'),
        )
        .map((parts) => parts.join('')),
      repeated: fc
        .tuple(tie('expression'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}'))
        .map(([inner, how]) => `(${inner})${how}`),
      sequence: fc.array(tie('part'), { maxLength: 3 }).map((parts) => parts.join('')),
      part: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        tie('atom'),
        tie('repeat'),
        tie('group'),
        tie('look'),
        tie('repeated'),
      ),
      expression: fc.oneof(
        { depthSize: 'small' },
        tie('sequence'),
        fc.tuple(tie('sequence'), tie('sequence')).map((two) => two.join('|')),
      ),
    }));
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', 'B', '.', '\n', 'é', '1'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        expression,
        text,
        fc.constantFrom('', 'i', 'm', 's', 'u'),
        (source, subject, flags) => {
          const [ours, theirs] = both(String(source), subject, flags);
          expect(ours).toBe(theirs);
        },
      ),
      { seed: 20_261_129, numRuns: 2_000 },
    );
  });
});

describe('the work grows with the text and with the expression, and no faster', () => {
  const long = 'a'.repeat(600);

  it.each([
    '(a+)+b',
    '(?=a)(a+)+b',
    '(?:a|a)*b',
    '(a|aa)+$b',
    '(.*)*b',
    '(?:.*a){12}b',
    'a*a*a*a*a*a*b',
    '^(?!(a+)+b)(a+)+b',
    '(?<=(a+)+)b',
    '(a{1,20}){1,20}b',
    '(?:a?){30}a{30}b',
    '(?=(?=(?=a*b)a*b)a*b)b',
  ])('/%s/ takes twice the steps for twice the text', (source) => {
    const half = stepsOf(source, long.slice(300));
    expect(stepsOf(source, long)).toBeLessThan(2.1 * half);
    expect(half).toBeLessThan(300 * 2 * 2_000);
  });

  it('50 nested repeats are not written out', () => {
    const nested = `${'('.repeat(50)}a${'+)'.repeat(50)}b`;
    expect(stepsOf(nested, long)).toBeLessThan(1_000_000);
  });

  it('when the steps do not suffice it says so', () => {
    expect(compileExpression('(a+)+b')(long, new Matching(1_000))).toBeUndefined();
    expect(compileExpression('(?!(a+)+b)c')(long, new Matching(1_000))).toBeUndefined();
  });
});
