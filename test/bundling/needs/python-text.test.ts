import { expect, it } from 'vitest';
import { importsIn, isForTypes, pythonCode } from '../../../src/bundling/needs/python-text.ts';

it.each([
  ['a # b\nc', 'a    \nc'],
  ['"""a\nb""" c', '    \n     c'],
  ["'''a", '    '],
  ['"#" # x', '"#"    '],
  ["'a\\'#' # x", "'a\\'#'    "],
  ["'open\nb # c", "'open\nb    "],
  ["'open", "'open"],
  ['x # y', 'x    '],
])('of %j remains %j', (text, code) => {
  expect(pythonCode(text)).toBe(code);
});

it.each<[string, string[]]>([
  ['import a.b as c, d', ['a', 'd']],
  ['from a.b import c', ['a']],
  ['from . import c', []],
  ['x = 1; import a', ['a']],
  ['try:\n    import a\nexcept ImportError: pass', ['a']],
  ['important = 1', []],
  ['import (', []],
])('%j imports %j', (text, modules) => {
  expect(importsIn(text).map(({ module }) => module)).toEqual(modules);
});

it('a block for types is not entered', () => {
  const text = 'if TYPE_CHECKING:\n    import a\nimport b\n';
  expect(importsIn(text).map(({ position }) => isForTypes(text, position))).toEqual([true, false]);
  expect(isForTypes('import a', 0)).toBe(false);
});
