import { expect, test } from 'vitest';
import {
  figure,
  markdownTable,
  plainTable,
  withoutEmptyColumns,
} from '../../../bench/report/table.ts';

const rows = [
  ['name', 'ms'],
  ['a', '1.00'],
  ['longer', '12.0'],
];

test('words stand left, numbers right', () => {
  expect(plainTable(rows, 1).split('\n')).toEqual(['name      ms', 'a       1.00', 'longer  12.0']);
});

test('the same as Markdown', () => {
  expect(markdownTable(rows, 1).split('\n').slice(0, 2)).toEqual([
    '| name | ms |',
    '| --- | ---: |',
  ]);
});

test('a column that is empty below its header is left out', () => {
  const table = [
    ['name', 'ms', '95 %'],
    ['a', '', ''],
    ['b', '1', ''],
  ];
  expect(withoutEmptyColumns(table)).toEqual([
    ['name', 'ms'],
    ['a', ''],
    ['b', '1'],
  ]);
});

test.each([
  [0.123456, '0.12'],
  [1.2345, '1.23'],
  [12.345, '12.3'],
  [123.45, '123'],
  [12_345.6, '12,346'],
  [0, '0.00'],
  [null, ''],
  [undefined, ''],
  [Number.NaN, ''],
])('%s reads "%s"', (value, text) => {
  expect(figure(value)).toBe(text);
});
