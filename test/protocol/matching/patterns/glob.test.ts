import fc from 'fast-check';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { compileGlob, globBase } from '../../../../src/protocol/matching/patterns/glob.ts';
import { Matching } from '../../../../src/protocol/matching/patterns/matching.ts';
import { runsOf } from '../../../support/fuzz.ts';
import { bestMs, longMs } from './growth.ts';

const matches = (glob: string, path: string, options = {}) =>
  compileGlob(glob, options)(path, new Matching());

it.each([
  ['src/**/*.ts', 'src/a.ts', true],
  ['src/**/*.ts', 'src/a/b/c.ts', true],
  ['src/**/*.ts', 'lib/src/a.ts', false],
  ['src/**', 'src', true],
  ['src/*/**', 'src/a', false],
  ['src/*/**', 'src/a/b', true],
  ['**', 'a/b', true],
  ['**/**/a', 'a', true],
  ['/**/a', '/a', true],
  ['**/a/**/b', 'x/a/y/a/z/b', true],
  ['**/a/b', 'a/a/a/c', false],
  ['*', 'a/b', false],
  ['.*', '.env', true],
  ['a**b', 'axb', true],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[a-c]', 'b', true],
  ['[!a]', 'b', true],
  ['[^a]', 'a', false],
  ['app/[id]/x', 'app/[id]/x', true],
  ['app/[id]/x', 'app/d/x', true],
  ['[a-c]', '[a-c]', false],
  ['[\\]]', ']', true],
  ['[[^]', '^', true],
  ['[', '[', true],
  ['a[]b', 'a[]b', true],
  ['app/(auth)/*', 'app/(auth)/x', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['a\\/b', 'a/b', true],
  ['\\?\\[a]*', '?[a]x', true],
  ['?\\*', 'a*', true],
  ['{a,b}/c', 'b/c', true],
  ['{a/b,c}/d', 'a/b/d', true],
  ['{a,b{c,d}}', 'bd', true],
  ['{a,}b', 'b', true],
  ['{a}', '{a}', true],
  ['{}', '{}', true],
  ['{a..c}', 'b', true],
  ['{9..11}', '10', true],
  ['{11..9}', '10', true],
  ['{1..a}', '{1..a}', false],
  ['\\{a,b\\}', '{a,b}', true],
  ['a,b}', 'a,b}', true],
  ['./a', 'a', true],
  ['!a', 'b', true],
  ['!a', 'a', false],
  ['!!a', 'a', true],
])('%s matches %s: %s', (glob, path, expected) => {
  expect(matches(glob, path)).toBe(expected);
});

it('a name alone is looked for in every folder where that is asked for', () => {
  expect(['*.ts', 'a/*.ts'].map((glob) => matches(glob, 'x/a/b.ts', { anyFolder: true }))).toEqual([
    true,
    false,
  ]);
  expect(matches('*.ts', 'a/b.ts')).toBe(false);
});

it('matches what picomatch matches', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '.', '-', '[', ']'),
    minLength: 1,
    maxLength: 4,
  });
  const normal = name.filter((one) => one !== '.' && one !== '..');
  const path = fc
    .tuple(fc.constantFrom('', '/'), fc.array(normal, { minLength: 1, maxLength: 5 }))
    .map(([start, names]) => start + names.join('/'));
  const part = fc.constantFrom(
    ...[
      'a',
      'b',
      '.a',
      '*',
      '**',
      'a*',
      '*b',
      '*.a',
      '?',
      'a?b',
      '[ab]',
      '[a]',
      '[^a]',
      '[a-b]',
      '*a*b*',
      'a**',
      '\\*',
    ],
    ...['{a,b}', '{a,b/a}', '{a,}', '{a}', '{a..b}', 'a.b'],
  );
  const glob = fc
    .tuple(
      fc.constantFrom('', '/', '!', '../../patterns/'),
      fc.array(part, { minLength: 1, maxLength: 4 }),
    )
    .map(([start, parts]) => start + parts.join('/'))
    // There, picomatch wants a folder more.
    .filter((written) => !written.startsWith('/**/'));
  fc.assert(
    fc.property(glob, path, fc.boolean(), (written, subject, anyFolder) => {
      const options = { dot: true, basename: anyFolder && !written.includes('/') };
      return matches(written, subject, { anyFolder }) === picomatch(written, options)(subject);
    }),
    { seed: 20_261_129, numRuns: runsOf(1_000) },
  );
});

describe('what cannot be used is refused', () => {
  it.each([
    ['', 'is empty'],
    ['!(a)', 'has !(…), which is not supported: write {a,b} for choices, \\( for the character'],
    ['a/@(a|b)', 'has @(…)'],
    ['{a', 'has a { that is not closed: write \\{ for the character'],
    ['{a,{b}', 'has a { that is not closed'],
    ['{\\\\\\\\', 'has a { that is not closed'],
    [
      '{1..200}',
      'has braces with more than 100 choices, or 10000 characters in all of them: write fewer',
    ],
    [`{${'a,'.repeat(11)}a}${'b'.repeat(900)}`, 'has braces with more than 100 choices'],
    [
      Array.from({ length: 51 }, (_, at) => `?${at}`).join('/'),
      'has more than 50 different names with ? or [: write fewer',
    ],
    ['{a,b}'.repeat(7), 'has braces with more than 100 choices'],
    ['{'.repeat(400), 'has a { that is not closed'],
    [`{${'a,'.repeat(200)}a}`, 'has braces with more than 100 choices'],
    ['[z-a]', 'is not a regular expression: Range out of order in character class'],
    ['[[:alpha:]]', 'has a class with a name, [[:alpha:]], which is not supported: write [A-Za-z]'],
    ['a'.repeat(1_001), 'has 1001 characters, and 1000 are the most'],
  ])('%s', (glob, message) => {
    expect(() => compileGlob(glob)).toThrow(message);
  });
});

describe('no glob and no path takes long', () => {
  const path = `${'a/'.repeat(2_000)}a`;

  it.each([
    '*a*a*a*a*a*a*a*a*a*a*a*ab',
    '**/*a*b*',
    `${'**/'.repeat(300)}b`,
    `${'**/a/'.repeat(190)}b`,
    `${'a/'.repeat(300)}**/b`,
    `${'*a'.repeat(400)}b`,
    `${'?*'.repeat(300)}b`,
    `{${'**/a*b,'.repeat(13)}c}`,
    `**/${'[a-b]*'.repeat(100)}c`,
  ])('%s', (glob) => {
    const compiled = compileGlob(glob);
    for (const subject of [path, 'a'.repeat(4_096), 'a'.repeat(50_000)]) {
      expect(bestMs(() => compiled(subject, new Matching()), 3)).toBeLessThan(longMs);
    }
  });

  it('a path that is longer than paths are cannot be told, and neither can too much work', () => {
    const matching = new Matching(100);
    expect(compileGlob('b')('a'.repeat(4_097), matching)).toBe(true);
    expect(compileGlob('**/b')(path, matching)).toBe(true);
    expect(compileGlob('*?b')('a'.repeat(500), new Matching(100))).toBe(true);
    expect(matching.untold).toBe(2);
  });
});

it.each([
  ['src/*.ts', 'src', true],
  ['*', '', true],
  ['a/b', 'a/b', false],
  ['a/{b,c}/d', 'a', true],
])('%s begins with the folder "%s"', (glob, base, isGlob) => {
  expect(globBase(glob)).toEqual({ base, isGlob });
});
