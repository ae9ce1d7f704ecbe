import { expect, test } from 'vitest';
import { BoundedMap } from '../../src/server/bounded-map.ts';

const keys = ['a', 'b', 'c', 'd'];

test.each([
  ['too many', 2, 1_000, 1, ['c', 'd']],
  ['too large', 10, 25, 10, ['c', 'd']],
  ['larger than all may be: only the newest', 10, 5, 10, ['d']],
])('entries that are %s make room, the oldest first', (_, entries, bytes, each, left) => {
  const map = new BoundedMap<number>(entries, bytes);
  for (const key of keys) map.set(key, 1, each);
  expect(keys.filter((key) => map.get(key) !== undefined)).toEqual(left);
});

test('setting a key again makes it the newest, and counts it once', () => {
  const map = new BoundedMap<number>(10, 25);
  map.set('a', 1, 10);
  map.set('b', 1, 10);
  map.set('a', 2, 10);
  map.set('c', 1, 10);
  expect(keys.map((key) => map.get(key))).toEqual([2, undefined, 1, undefined]);
});

test('what was deleted leaves its room', () => {
  const map = new BoundedMap<number>(10, 20);
  map.set('a', 1, 10);
  map.set('b', 1, 10);
  map.delete('b');
  map.delete('b');
  map.set('c', 1, 10);
  expect(keys.map((key) => map.get(key))).toEqual([1, undefined, 1, undefined]);
});
