/** Aliases and keys of a text. */
import { describe, expect, it } from 'vitest';
import { nested } from '../support/hostile/shapes.ts';
import { faultsOf, toml, valuesOf, yaml } from './document-samples.ts';

describe('an alias', () => {
  const unresolved = (name: string, why: string) => `Unresolved alias (${why}): ${name}.`;

  it.each([
    [
      'inside of the list that it means',
      'a: &a [1, *a]\n',
      '1:11',
      'it stands inside of what it means',
    ],
    [
      'inside of the mapping that it means',
      'a: &a\n  b: {c: *a}\n',
      '2:10',
      'it stands inside of what it means',
    ],
    ['as a key of what it means', 'a: &a {*a : 1}\n', '1:8', 'it stands inside of what it means'],
    ['without an anchor', 'b: *a\n', '1:4', 'the anchor must be set before the alias'],
    ['before its anchor', 'b: *a\na: &a 1\n', '1:4', 'the anchor must be set before the alias'],
    [
      'of another document',
      'a: &a 1\n---\nb: *a\n',
      '3:4',
      'the anchor must be set before the alias',
    ],
  ])('%s is refused at its place', (_, text, place, why) => {
    expect(faultsOf(yaml(text))).toEqual([`${place} ${unresolved('a', why)}`]);
  });

  it('means what its anchor was set to last', () => {
    expect(valuesOf(yaml('- &a 1\n- *a\n- &a 2\n- *a\n- &b\n- *b\n'))).toEqual([
      [1, 1, 2, 2, null, null],
    ]);
  });

  it('that multiplies values over the limit is refused once, at its place', () => {
    const text = `- &a [${'0,'.repeat(999)}0]\n${'- *a\n'.repeat(200)}`;
    expect(faultsOf(yaml(text))).toEqual([
      '100:3 The file has more than 100000 values: use fewer aliases.',
    ]);
    expect(yaml(`- &a [${'0,'.repeat(999)}0]\n${'- *a\n'.repeat(98)}`).problems).toEqual([]);
  });

  it('counts as deep as what it means', () => {
    const deep = (levels: number) =>
      `- &a ${nested(40, '[', ']')}\n- ${nested(levels, '[', ']', '*a')}\n`;
    expect(yaml(deep(23)).problems).toEqual([]);
    expect(faultsOf(yaml(deep(24)))).toEqual([
      '2:27 The file is nested deeper than 64 levels: make it flatter.',
    ]);
  });

  it('behind a refusal is not read any more', () => {
    const text = `- &a ${nested(40, '[', ']')}\n- ${nested(30, '[', ']', '*a, *missing')}\n- *missing\n- {a: 1, a: 2}\n`;
    expect(faultsOf(yaml(text))).toHaveLength(1);
  });
});

describe('keys', () => {
  it.each([
    ['YAML', yaml('__proto__: {polluted: 1}\na: {__proto__: 1, constructor: 2}\n')],
    ['JSON', yaml('{"__proto__": {"polluted": 1}, "a": {"__proto__": 1, "constructor": 2}}')],
    ['TOML', toml('__proto__.polluted = 1\n[a]\n__proto__ = 1\nconstructor = 2\n')],
  ])('called __proto__ are keys like any other in %s', (_, read) => {
    const [value] = valuesOf(read) as Record<string, Record<string, unknown>>[];
    expect(Object.entries(value?.['a'] ?? {})).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
    ]);
    expect(Object.keys(value ?? {})).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    [
      'in YAML',
      yaml('a: 1\nb: {c: 1, "c": 2}\na: 3\n'),
      ['2:11 Map keys must be unique.', '3:1 Map keys must be unique.'],
    ],
    ['called __proto__', yaml('__proto__: 1\n__proto__: 2\n'), ['2:1 Map keys must be unique.']],
    ['that are null', yaml('~: 1\nnull: 2\n'), ['2:1 Map keys must be unique.']],
    ['through an alias', yaml('&a x: 1\n*a : 2\n'), ['2:1 Map keys must be unique.']],
    ['in JSON', yaml('{"a": 1, "\\u0061": 2}'), ['1:10 Map keys must be unique.']],
  ])('that are there twice, %s, are refused at the second one', (_, read, faults) => {
    expect(faultsOf(read)).toEqual(faults);
  });

  it('that are there twice in TOML are refused', () => {
    expect(faultsOf(toml('a = 1\na = 2\n'))).toMatchObject([
      expect.stringMatching(/^\d+:\d+ .+\.$/),
    ]);
  });

  it.each([
    ['a mapping', '? {a: 1}\n: 2\n', { '{…}': 2 }],
    ['a list', '? [a]\n: 2\n', { '[…]': 2 }],
    ['null', '~: 2\n', { '': 2 }],
    ['nothing', ': 2\n', { '': 2 }],
    ['a number', '1.50: 2\n', { '1.5': 2 }],
    ['two lists', '? [a]\n: 2\n? [b]\n: 3\n', { '[…]': 3 }],
  ])('may be %s', (_, text, value) => {
    expect(valuesOf(yaml(text))).toEqual([value]);
  });
});
