import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileNames } from '../../../../src/protocol/matching/patterns/names.ts';

function tells(source: string, text: string, isWhole: boolean): boolean | undefined {
  const names = compileNames(source, isWhole);
  return names && (names.exact.has(text) || names.wild.some((matches) => matches(text)));
}

it.each([
  'a+',
  'a?',
  '[a]',
  'a.b',
  '(a|b)c',
  '((a))',
  'a\\.b',
  'a^b',
  'a$b',
  'a{2}',
  '.',
  '(?!a)',
  '*',
])('%s says more than names', (source) => {
  expect(compileNames(source, true)).toBeUndefined();
});

it('names that are written out need no comparison one by one', () => {
  expect(compileNames('^(Bash|Edit)$', false)).toEqual({
    exact: new Set(['Bash', 'Edit']),
    wild: [],
  });
  expect(compileNames('Bash|mcp__.*', true)).toMatchObject({
    exact: new Set(['Bash']),
    wild: [expect.any(Function)],
  });
});

it('names match what they match as an expression', () => {
  const one = fc.string({ unit: fc.constantFrom('a', 'b', '_', '.*'), maxLength: 4 });
  const edged = fc
    .tuple(fc.constantFrom('', '^'), one, fc.constantFrom('', '$'))
    .map((parts) => parts.join(''));
  const list = fc.array(edged, { minLength: 1, maxLength: 3 }).map((all) => all.join('|'));
  const source = fc.oneof(
    list,
    fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.constantFrom('(', '(?:'),
        list,
        fc.constantFrom(')', ')$'),
      )
      .map((parts) => parts.join('')),
  );
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '_'), maxLength: 6 });
  fc.assert(
    fc.property(source, text, fc.boolean(), (written, subject, isWhole) => {
      const expression = new RegExp(isWhole ? `^(?:${written})$` : written);
      return tells(written, subject, isWhole) === expression.test(subject);
    }),
    { seed: 20_261_129, numRuns: 5_000 },
  );
});
