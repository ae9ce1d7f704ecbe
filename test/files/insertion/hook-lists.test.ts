/** Items in lists of JSON, YAML and TOML: only text is added, whatever the form of the file. */
import { describe, expect, test } from 'vitest';
import { HookLists, type Syntax } from '../../../src/files/insertion/hook-lists.ts';

const hook = { type: 'command', command: 'x' };
const add = (syntax: Syntax, text: string, path: readonly string[], item: object = hook) =>
  new HookLists('f', syntax).add(text, {}, [{ path, item }]).text;

describe('YAML', () => {
  const path = ['agents', 'a', 'hooks', 'stop'];

  test.each([
    ['no end of the last line', 'agents:\n  a:\n    model: x'],
    ['CR LF', 'agents:\r\n  a:\r\n    model: x\r\n'],
    [
      'CR LF and more behind',
      'agents:\r\n  a:\r\n    hooks:\r\n      other: []\r\n    model: x # a\r\nz: 1\r\n',
    ],
    ['a text in several lines', 'agents:\n  a:\n    prompt: |\n      one\n      two\n  b: {}\n'],
    ['a list', 'agents:\n  a:\n    hooks:\n      stop:\n      - command: y # mine\n'],
    ['a comment behind', 'agents:\n  a:\n    hooks:\n      stop:\n        - command: y\n# end\n'],
    ['nothing', ''],
  ])('with %s', (_, text) => {
    const lists = new HookLists('f', 'yaml');
    const after = add('yaml', text, path);
    const { agents } = lists.read(after) as { agents: { a: { hooks: { stop: unknown[] } } } };
    expect(agents.a.hooks.stop.at(-1)).toEqual(hook);
    expect(after.replace(/\r\n/g, '').includes('\n')).toBe(!text.includes('\r'));
    const { chunks } = lists.add(text, {}, [{ path, item: hook }]);
    expect(after.replace(String(chunks[0]), '')).toBe(text);
  });

  test.each([
    ['a mapping in braces', 'agents: { a: { model: x } }\n'],
    ['a value that is missing', 'agents:\n  a:\n    hooks:\n'],
    ['a text in the path', 'agents:\n  a: x\n'],
    [
      'a mapping in the place of the list',
      'agents:\n  a:\n    hooks:\n      stop:\n        k: 1\n',
    ],
    ['keys that are no names', 'agents:\n  ? [a]\n  : x\n  a: *x\n'],
    ['a comment alone', '# mine\n'],
  ])('with %s is refused', (_, text) => {
    expect(() => add('yaml', text, path)).toThrow(/^f:\d+:\d+: [\s\S]*Nothing was changed\.$/);
  });

  test('is one document, and a mapping', () => {
    const lists = new HookLists('f', 'yaml');
    expect(() => lists.read('a: 1\n---\nb: 1\n')).toThrow('f:3:1: The file must be one document.');
    expect(() => lists.read('- a\n')).toThrow('f:1:1: The file must be a mapping.');
    expect(lists.remove('a: []\n', [['a']], () => false)).toBeUndefined();
    expect(lists.lineOf('a: 1\nb: 2\n', ['b'])).toBe(2);
    expect(lists.lineOf('a: [', ['b'])).toBe(1);
  });
});

describe('TOML', () => {
  const path = ['hooks', 'Stop'];

  test.each([
    ['', '[[hooks.Stop]]\ntype = "command"\ncommand = "x"\n'],
    ['a = 1', 'a = 1\n\n[[hooks.Stop]]\ntype = "command"\ncommand = "x"\n'],
    ['a = 1\r\n', 'a = 1\r\n\r\n[[hooks.Stop]]\r\ntype = "command"\r\ncommand = "x"\r\n'],
  ])('%j', (text, after) => {
    expect(add('toml', text, path)).toBe(after);
  });

  test('with a list in place is refused', () => {
    expect(() => add('toml', 'hooks = { Stop = [] }\n', path)).toThrow('Nothing was changed');
    expect(() => add('toml', 'a = \n', path)).toThrow(/^f:2:1: /);
  });
});

describe('JSON', () => {
  test.each([
    ['{"a": [1, 2]}', ['a', 0], '{"a": [2]}'],
    ['{"a": [1, 2]}', ['a', 1], '{"a": [1]}'],
    ['{"a": [1, 2, ]}', ['a', 1], '{"a": [1, ]}'],
    ['{"a": [1], "b": 1}', ['a', 0], '{"b": 1}'],
    ['{"b": 1, "a": [1]}', ['a', 0], '{"b": 1}'],
    ['{\n  "a": [\n    1, // one\n    2\n  ]\n}', ['a', 1], '{\n  "a": [\n    1 // one\n  ]\n}'],
    ['\uFEFF{"a": [1]}', ['a', 0], '\uFEFF{}'],
  ])('%s without %j', (text, path, after) => {
    expect(new HookLists('f', 'json').remove(text, [path], () => false)).toBe(after);
  });

  test('keeps an empty list that was there before', () => {
    const lists = new HookLists('f', 'json');
    expect(lists.remove('{"a": [1]}', [['a', 0]], () => true)).toBe('{"a": []}');
  });

  test.each(['{"a": 1,, "b": 2}', "{'a': 1}", '{a: 1}', '{"a": 0x1}', '\t- a'])(
    '%s is refused',
    (text) => {
      expect(() => new HookLists('f', 'json').read(text)).toThrow(/^f:1:\d+: /);
    },
  );

  test('an empty mapping or list on one line stays there', () => {
    const after = '{"a":{"b":[{"type":"command","command":"x"}]},"z":1}';
    expect(add('json', '{"a":{},"z":1}', ['a', 'b'])).toBe(after);
    expect(add('json', '{"a":{"b":[]},"z":1}', ['a', 'b'])).toBe(after);
  });

  test('an indentation that only aligns is no level', () => {
    const text = '{"a": 1,\n                    "b": 2\n}';
    expect(add('json', text, ['c'])).toContain('\n  "c": [\n    {\n');
  });
});
