import { describe, expect, test } from 'vitest';
import { controlTexts, findObject, parseBounded, withoutProgress } from '../../../src/protocol/verdict/documents.ts';

describe('controlTexts', () => {
  test('gives what the marked lines hold, the last one first', () => {
    expect(controlTexts('HOOK_CONTROL\tone\ntext HOOK_CONTROL\tno\n50 %\rHOOK_CONTROL\ttwo\nHOOK_CONTROL\tthree')).toEqual([
      'three',
      'two',
      'one',
    ]);
  });

  test('gives the last thousand', () => {
    const texts = controlTexts(Array.from({ length: 1_001 }, (_, index) => `HOOK_CONTROL\t${index}`).join('\n'));
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([1_000, '1000', '1']);
  });
});

describe('withoutProgress', () => {
  test.each([
    ['text', 'text'],
    ['{"type":"progress"}', ''],
    ['{"type":"progress"}\n{"ok":true}\n{"type" : "progress", "message":"progress"}', '\n{"ok":true}\n'],
    ['progress\n{"type":"log","message":"progress"}', 'progress\n{"type":"log","message":"progress"}'],
  ])('of %j leaves %j', (text, left) => {
    expect(withoutProgress(text)).toEqual({ text: left, over: false });
  });
});

describe('findObject', () => {
  test.each([
    ['{"a":1}', { object: { a: 1 } }],
    ['[1]', { shape: 'array' }],
    ['1', { shape: 'scalar' }],
    ['"{}"', { shape: 'scalar', inner: '{}' }],
    ['text', { shape: 'plainText' }],
    [' {a}', { shape: 'broken' }],
    [' [', { shape: 'broken' }],
    [' {"a":1,"a":2}', { shape: 'broken', why: 'the key /a is there twice', partial: ' {"a":1,"a":2}' }],
    ['[{"a":1,"a":2}]', { shape: 'array' }],
    [`[${'0,'.repeat(10_000)}0]`, { shape: 'broken', why: 'it has more than 10000 values' }],
    [`${'['.repeat(65)}${']'.repeat(65)}`, { shape: 'broken', why: 'it is nested deeper than 64 levels' }],
  ])('of %s', (text, expected) => {
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

test.each([
  ['[1]', [1]],
  ['{', undefined],
  ['1 2', undefined],
  ['{"a":1,"a":2}', undefined],
  [`[${'0,'.repeat(10_000)}0]`, undefined],
])('parseBounded of %s is %j', (text, value) => {
  expect(parseBounded(text)).toEqual(value);
});
