import { describe, expect, test } from 'vitest';
import {
  controlLines,
  findObject,
  parseBounded,
  withoutProgress,
} from '../../../src/protocol/verdict/output-json.ts';
import { titled } from '../../support/titles.ts';

describe('controlLines', () => {
  test('gives what the marked lines hold, the first one first', () => {
    const text =
      'HOOK_CONTROL\tone\ntext HOOK_CONTROL\tno\nHOOK_CONTROL\t \n50 %\rHOOK_CONTROL\ttwo\nHOOK_CONTROL\tthree';
    expect(controlLines(text)).toEqual({
      texts: ['one', 'two', 'three'],
      over: false,
      rest: '\ntext HOOK_CONTROL\tno\n\n50 %\r\n',
    });
    expect(controlLines('text')).toEqual({ texts: [], over: false, rest: 'text' });
    expect(controlLines('HOOK_CONTROL\ta\rHOOK_CONTROL\tb\nc')).toEqual({
      texts: ['a\r', 'b'],
      over: false,
      rest: '\nc',
    });
  });

  test('gives the first thousand and the last thousand', () => {
    const lines = (n: number) =>
      Array.from({ length: n }, (_, index) => `HOOK_CONTROL\t${index}`).join('\n');
    const { texts, over } = controlLines(lines(2_001));
    expect([texts.length, texts[0], texts[999], texts[1_000], texts.at(-1), over]).toEqual([
      2_000,
      '0',
      '999',
      '1001',
      '2000',
      true,
    ]);
    expect(controlLines(lines(2_000))).toMatchObject({ over: false });
  });
});

describe('withoutProgress', () => {
  test.each([
    ['text', 'text'],
    ['{"type":"progress"}', ''],
    [
      '{"type":"progress"}\n{"ok":true}\n{"type" : "progress", "message":"progress"}',
      '\n{"ok":true}\n',
    ],
    [
      'progress\n{"type":"log","message":"progress"}',
      'progress\n{"type":"log","message":"progress"}',
    ],
  ])('of %j leaves %j', (text, left) => {
    expect(withoutProgress(text)).toMatchObject({ text: left, over: false });
  });
});

describe('findObject', () => {
  test.each(
    titled<[string, object]>([
      ['{"a":1}', { object: { a: 1 } }],
      ['[1]', { shape: 'array' }],
      ['1', { shape: 'scalar' }],
      ['"{}"', { shape: 'scalar', inner: '{}' }],
      ['text', { shape: 'plainText' }],
      [' {a}', { shape: 'broken' }],
      [' [', { shape: 'broken' }],
      [
        ' {"a":1,"a":2}',
        { shape: 'broken', why: 'the key /a is there twice', partial: ' {"a":1,"a":2}' },
      ],
      ['[{"a":1,"a":2}]', { shape: 'array' }],
      [`[${'0,'.repeat(10_000)}0]`, { shape: 'broken', why: 'it has more than 10000 values' }],
      [
        `${'['.repeat(65)}${']'.repeat(65)}`,
        { shape: 'broken', why: 'it is nested deeper than 64 levels' },
      ],
    ]),
  )('of %s', (_, text, expected) => {
    expect(findObject([], text)).toMatchObject(expected);
  });

  test.each([
    ['"{\\"a\\":1}"', { object: { a: 1 } }],
    ['"{\\"a\\":1,\\"a\\":2}"', { shape: 'broken', partial: '{"a":1,"a":2}' }],
    ['"text"', { shape: 'scalar', inner: 'text' }],
    ['[1]', { shape: 'array' }],
  ])('of %s, where objects are printed as JSON strings', (text, expected) => {
    expect(findObject(['json-string'], text)).toMatchObject(expected);
  });
});

test.each(
  titled<[string, unknown]>([
    ['[1]', [1]],
    ['{', undefined],
    ['1 2', undefined],
    ['{"a":1,"a":2}', undefined],
    [`[${'0,'.repeat(10_000)}0]`, undefined],
  ]),
)('parseBounded of %s', (_, text, value) => {
  expect(parseBounded(text)).toEqual(value);
});
