import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memberAt, members, scanJson } from '../../src/protocol/json-scan.ts';
import { cpuMs } from '../support/cost.ts';

const limits = { depth: 64, values: 10_000 };

function scan(text: string) {
  return scanJson(text, limits);
}

describe('scanJson', () => {
  test.each([
    ['1', 0, 1],
    ['"a"', 0, 1],
    [' {} ', 1, 1],
    ['[]', 1, 1],
    ['[1, "two", true, null]', 1, 5],
    ['{"a": {"b": [1, {"c": -1.5e+3}]}, "d": []}', 4, 7],
    ['["[[[", "\\"[["]', 1, 3],
  ])('counts depth and values of %s', (text, depth, values) => {
    expect(scan(text)).toMatchObject({
      end: text.trimEnd().length,
      depth,
      values,
      over: undefined,
      duplicate: undefined,
    });
  });

  test.each([
    '',
    ' ',
    '{',
    '[',
    '[1',
    '[1 2]',
    '[1,]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '{"a":1]',
    '"a',
    '{"a',
    '{"a":"\\"}',
    '?',
  ])('has no end for %j', (text) => {
    expect(scan(text)).toMatchObject({ end: undefined, over: undefined });
  });

  test('ends behind the value, whatever follows', () => {
    expect(scan('{"a":1} and more').end).toBe(7);
    expect(scan('"a\\\\" and more').end).toBe(5);
  });

  test('ends a string at its quote, however long it is and wherever its escapes lie', () => {
    for (let length = 0; length < 60; length++) {
      for (const piece of ['x', '\\"', '\\\\', 'x\\"', '\\\\\\"x']) {
        const text = `"${piece.repeat(length)}"`;
        expect(scan(`${text}, "more"`).end).toBe(text.length);
        expect(scan(text.slice(0, -1))).toMatchObject({ end: undefined, stop: text.length - 1 });
      }
    }
  });

  test('begins where it is told', () => {
    expect(scanJson('noise {"a":1} noise', limits, 6)).toMatchObject({ end: 13, values: 2 });
  });

  test.each([
    ['{"a":1}  ', 7],
    ['{"a":1?', 6],
    ['{"a', 3],
    ['[1,"abc', 7],
    ['[1,?', 3],
    ['{"a"?', 4],
  ])('tells how far it looked at %j', (text, stop) => {
    expect(scan(text).stop).toBe(stop);
  });

  test('permits exactly the limits', () => {
    expect(scanJson('[[1,2]]', { depth: 2, values: 4 }).over).toBeUndefined();
    expect(scanJson('[[1,2]]', { depth: 1, values: 4 })).toMatchObject({
      over: 'depth',
      end: undefined,
    });
    expect(scanJson('[[1,2]]', { depth: 2, values: 3 })).toMatchObject({
      over: 'values',
      end: undefined,
    });
  });

  test.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"a":{"b":[0,{"c":1,"d":2,"c":3}]}}', '/a/b/1/c'],
    ['{"a/b~c":1,"a/b~c":2}', '/a~1b~0c'],
    ['{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['{"\\x":1,"\\x":2}', '/\\x'],
    ['{"":1,"":2}', '/'],
    ['{"a":1,"a":1,"b":1,"b":1}', '/a'],
  ])('points at the second of equal names in %s', (text, pointer) => {
    expect(scan(text).duplicate).toBe(pointer);
  });

  test('takes equal names of different objects for what they are', () => {
    expect(scan('{"a":{"a":1},"b":[{"a":1},{"a":1}]}').duplicate).toBeUndefined();
  });

  test('finds the second of equal names among thousands', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `"k${index}":0`);
    expect(scan(`{${names.join()}}`).duplicate).toBeUndefined();
    expect(scan(`{${names.join()},"k4999":1}`).duplicate).toBe('/k4999');
    expect(scan(`{${names.join()},"k3":1}`).duplicate).toBe('/k3');
  });

  test('agrees with JSON.parse on every JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        const found = scanJson(text, { depth: 1000, values: 1_000_000 });
        expect(found).toMatchObject({ end: text.length, over: undefined, duplicate: undefined });
        expect(found.values).toBe(countOf(value));
      }),
    );
  });

  test.each(['[', '{"a":', '"', '\\', '\\"', '{}', '{"k":0},', '[],', ' ', '0,', '[0,'])(
    'takes twice as many of %j in about twice the time',
    (piece) => {
      const limits = { depth: 512, values: 500_000 };
      const cost = (bytes: number) => {
        const text = piece.repeat(bytes / piece.length);
        return cpuMs(() => [
          scanJson(text, limits),
          scanJson(`[${text}`, limits),
          members(`{"a":${text}`),
          members(`{${text}`),
        ]);
      };
      expect(cost(400_000)).toBeLessThan(3 * cost(200_000) + 20);
    },
  );
});

function countOf(value: unknown): number {
  const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
  return inner.reduce<number>((sum, one) => sum + countOf(one), 1);
}

describe('members', () => {
  function read(text: string, start?: number, most?: number) {
    return members(text, start, most).map(({ name, start: from, valueStart, valueEnd }) => [
      name,
      text.slice(from, valueEnd),
      text.slice(valueStart, valueEnd),
    ]);
  }

  test('gives the ranges of each member, equal names included', () => {
    expect(read(' { "a" : [1, "}"] , "\\u0062":{"c":{}},"a":-1.5 } x')).toEqual([
      ['a', '"a" : [1, "}"]', '[1, "}"]'],
      ['b', '"\\u0062":{"c":{}}', '{"c":{}}'],
      ['a', '"a":-1.5', '-1.5'],
    ]);
  });

  test('begins where it is told, and ends at the most that is asked for', () => {
    expect(read('[{"a":1,"b":2,"c":3}]', 1, 2).map(([name]) => name)).toEqual(['a', 'b']);
  });

  test.each(['', '[]', '1', '{}', '{"a"', '{"a":', '{"a":[', '{"a":"', '{a:1}', '{,}'])(
    'has none in %j',
    (text) => {
      expect(read(text)).toEqual([]);
    },
  );

  test('gives those before a fault', () => {
    expect(read('{"a":1,"b":[').map(([name]) => name)).toEqual(['a']);
    expect(read('{"a":1 "b":2}').map(([name]) => name)).toEqual(['a']);
  });
});

describe('memberAt', () => {
  const text = '{"a":{"b":1},"a":{"b":[2],"c":3},"d":4}';

  test.each([
    [['d'], '4'],
    [['a', 'b'], '[2]'],
    [['a', 'c'], '3'],
  ])('finds %j', (path, value) => {
    const found = memberAt(text, path);
    expect(text.slice(found?.valueStart, found?.valueEnd)).toBe(value);
  });

  test.each([[[]], [['x']], [['d', 'x']], [['a', 'x', 'y']]])('finds nothing at %j', (path) => {
    expect(memberAt(text, path)).toBeUndefined();
  });
});
