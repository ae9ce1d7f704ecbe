import { expect, it } from 'vitest';
import { isToldApart, nodeWithPrelude, pythonWithPrelude } from '../../src/bundling/launcher.ts';

it.each([
  'echo $FUNCNAME',
  'caller 0',
  'trap x RETURN',
  'echo "$\x7B#BASH_SOURCE[@]}"',
  '"$\x7BBASH_SOURCE[1]}"',
  '(return 0) && x',
  'if a; then\n  return 1\nfi',
  'return',
  '  return',
  'f() { return 1; }\nreturn 2',
  'x && return 1',
])('%j could tell that it is read', (text) => {
  expect(isToldApart(text)).toBe(true);
});

it.each([
  'echo $0 $BASH_SOURCE',
  '[[ $0 == "$\x7BBASH_SOURCE[0]}" ]]',
  'f() {\n  return 1\n}',
  'function f { x || return 1; }',
  '# returns',
  'echo return',
])('%j could not', (text) => {
  expect(isToldApart(text)).toBe(false);
});

it.each([
  [
    '#!/usr/bin/env python3\nx',
    { folder: '', environment: {} },
    "__import__('os').chdir(__import__('os').environ.get('HOOKPOOL_CWD', '/project'))\nx",
  ],
  [
    '#!/usr/bin/python3',
    { folder: undefined, environment: { A: '$&' } },
    '__import__(\'os\').environ.update({"A":"$&"})',
  ],
  [
    '#!/bin/python3\n"""doc"""\nfrom __future__ import annotations # x\nfrom __future__ import a, b\nx',
    { folder: 'd', folders: ['DIR'], environment: { A: '1' } },
    '#!/bin/python3\n"""doc"""\nfrom __future__ import annotations # x\nfrom __future__ import a, b; ' +
      "__import__('os').chdir(__import__('os').environ.get('HOOKPOOL_WORKSPACE', '/project') + \"/d\"); " +
      "__import__('os').environ.update(dict.fromkeys([\"DIR\"], __import__('os').environ.get('HOOKPOOL_WORKSPACE', '/project'))); " +
      '__import__(\'os\').environ.update({"A":"1"})\nx',
  ],
  ['x', { folder: undefined, environment: {} }, 'x'],
  [
    'x',
    { folder: undefined, environment: { A: '1' } },
    '__import__(\'os\').environ.update({"A":"1"})\nx',
  ],
])('%j with its surroundings', (source, surroundings, expected) => {
  expect(pythonWithPrelude(surroundings, source)).toBe(expected);
});

it.each([
  ['#!/usr/bin/env node\nx', '#!hookpool-node {"folder":"/project","environment":{"A":"$&"}}\nx'],
  ['x', '#!hookpool-node {"folder":"/project","environment":{"A":"$&"}}\nx'],
])('a node script %j gets its surroundings in its first line', (source, expected) => {
  expect(nodeWithPrelude({ folder: '', environment: { A: '$&' } }, source)).toBe(expected);
});

it('a node script starts where every script starts when no folder is meant', () => {
  const surroundings = { folder: undefined, environment: { A: '1' } };
  expect(nodeWithPrelude(surroundings, '#!/usr/bin/node\n')).toBe(
    '#!hookpool-node {"environment":{"A":"1"}}\n',
  );
});
