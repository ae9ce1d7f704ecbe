import { expect, it } from 'vitest';
import { parseScript } from '../../src/protocol/script.ts';

const limit = 65_536;

it.each([
  ['#!/bin/bash', 'bash'],
  ['#!/usr/bin/bash', 'bash'],
  ['#!/usr/bin/env bash', 'bash'],
  ['#! /bin/bash', 'bash'],
  ['#!\t/bin/bash', 'bash'],
  ['#!/bin/bash   ', 'bash'],
  ['#!/usr/bin/env python3', 'python3'],
  ['#!/usr/bin/env   python3', 'python3'],
  ['#! /usr/bin/env\tpython3', 'python3'],
  ['#!/usr/bin/python3', 'python3'],
  ['#!/bin/python3', 'python3'],
  ['# a comment', 'bash'],
  ['echo hello', 'bash'],
  ['', 'bash'],
  ['# see #!/usr/bin/env python3', 'bash'],
])('a script that begins with %j is %s', (line, runtime) => {
  expect(parseScript(`${line}\nexit 0\n`, limit)).toEqual({ runtime, source: `${line}\nexit 0\n` });
});

it.each([
  '#!/bin/bash -e',
  '#!/usr/bin/env bash -x',
  '#!/usr/bin/python3 -u',
  '#!/usr/bin/env -S python3 -u',
  '#! /bin/bash -e',
  '#!/bin/sh',
  '#!/usr/bin/env ruby',
  '#!/usr/bin/env python',
  '#!/usr/bin/python3.12',
  '#!/BIN/BASH',
  '#!bash',
  '#!',
])('the shebang %j is refused', (line) => {
  expect(() => parseScript(`${line}\nexit 0\n`, limit)).toThrow(
    expect.objectContaining({ code: 'INVALID_SCRIPT' }),
  );
});

it.each(['\n', '\r\n\r\n', ' ', '\t\n', '\uFEFF\n'])(
  'a shebang after %j is refused, for it would be a comment',
  (before) => {
    const attempt = () => parseScript(`${before}#!/usr/bin/env python3\nprint(1)\n`, limit);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_SCRIPT' }));
    expect(attempt).toThrow(/first line/);
  },
);

it('options in a shebang are refused for what they are', () => {
  expect(() => parseScript('#!/bin/bash -e\n', limit)).toThrow(/Options/);
  expect(() => parseScript('#!/bin/sh\n', limit)).toThrow(/Unsupported/);
});

it('a script of one shebang line without an end is taken', () => {
  expect(parseScript('#!/usr/bin/env python3', limit).runtime).toBe('python3');
});

it.each([
  ['65,536 ASCII characters', 'x'.repeat(limit)],
  ['32,768 characters of two bytes', 'é'.repeat(limit / 2)],
  ['16,384 characters outside the basic plane', '😀'.repeat(limit / 4)],
])('%s fit', (_, text) => {
  expect(parseScript(text, limit).source).toBe(text);
});

it.each([
  ['65,537 ASCII characters', 'x'.repeat(limit + 1)],
  ['32,768 characters of two bytes and one more', `${'é'.repeat(limit / 2)}x`],
])('%s are too many', (_, text) => {
  expect(() => parseScript(text, limit)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
});

it.each([
  ['a\r\nb\r\n', 'a\nb\n'],
  ['a\r\r\nb', 'a\r\nb'],
  ["printf 'a\rb'", "printf 'a\rb'"],
  ['\uFEFFexit 0', 'exit 0'],
  ['echo "\uFEFF"', 'echo "\uFEFF"'],
  ['a\u2028b', 'a\u2028b'],
])('%j becomes %j', (text, source) => {
  expect(parseScript(text, limit).source).toBe(source);
});

it('a byte order mark and CRLF do not hide the shebang', () => {
  const script = parseScript('\uFEFF#!/usr/bin/env python3\r\nprint(1)\r\n', limit);
  expect(script).toEqual({ runtime: 'python3', source: '#!/usr/bin/env python3\nprint(1)\n' });
});

it.each([
  ['nothing', ''],
  ['blanks', ' \t\r\n\n'],
  ['a byte order mark', '\uFEFF'],
  ['a NUL character', 'echo a\0b'],
  ['the first half of a surrogate pair', 'echo \uD83D'],
  ['the second half of a surrogate pair', 'echo \uDE00'],
  ['the halves in the wrong order', 'echo \uDE00\uD83D'],
])('a script of %s is refused', (_, text) => {
  expect(() => parseScript(text, limit)).toThrow(
    expect.objectContaining({ code: 'INVALID_SCRIPT' }),
  );
});
