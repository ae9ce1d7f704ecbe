import { expect, test } from 'vitest';
import { FairMap } from '../../src/server/fair-map.ts';

const left = (map: FairMap<number>, ...places: string[]) =>
  places.filter((place) => map.get(place.slice(0, 1), place.slice(1)) !== undefined);

test('a flood of one tenant costs nobody else an entry', () => {
  const map = new FairMap<number>(4, 1_000);
  for (const key of ['1', '2']) map.set('b', key, 1, 1);
  for (let key = 0; key < 100; key++) map.set('a', String(key), 1, 1);
  expect(left(map, 'b1', 'b2', 'a97', 'a98', 'a99')).toEqual(['b1', 'b2', 'a98', 'a99']);
});

test('who has least gets room from who has most, by number or by bytes', () => {
  const map = new FairMap<number>(3, 100);
  for (const key of ['1', '2', '3']) map.set('a', key, 1, 1);
  map.set('b', '1', 1, 1);
  expect(left(map, 'a1', 'a2', 'a3', 'b1')).toEqual(['a2', 'a3', 'b1']);
  map.set('b', '1', 1, 45);
  map.set('a', '2', 1, 40);
  map.set('a', '3', 1, 40);
  expect(left(map, 'a2', 'a3', 'b1')).toEqual(['a3', 'b1']);
});

test('a tenant that is alone has all the room; what fits nowhere is still kept then', () => {
  const map = new FairMap<number>(10, 100);
  expect([map.set('a', '1', 1, 60), map.set('a', '2', 1, 60), map.set('a', '3', 1, 900)]).toEqual([
    true,
    true,
    true,
  ]);
  expect(left(map, 'a1', 'a2', 'a3')).toEqual(['a3']);
});

test('an entry of more than half of the room takes nothing from others', () => {
  const map = new FairMap<number>(10, 100);
  map.set('b', '1', 1, 10);
  expect([map.set('a', '1', 1, 51), map.set('a', '1', 1, 50)]).toEqual([false, true]);
  expect(left(map, 'a1', 'b1')).toEqual(['a1', 'b1']);
});

test('of those that have the same, the one that asks gives, unless it has nothing yet', () => {
  const map = new FairMap<number>(4, 100);
  for (const place of ['a1', 'a2', 'b1', 'b2', 'b3', 'c1'])
    map.set(place.slice(0, 1), place.slice(1), 1, 1);
  expect(left(map, 'a1', 'a2', 'b1', 'b2', 'b3', 'c1')).toEqual(['a2', 'b2', 'b3', 'c1']);
});

test('what was deleted leaves its room', () => {
  const map = new FairMap<number>(2, 100);
  map.set('a', '1', 1, 1);
  map.set('b', '1', 1, 1);
  map.delete('b', '1');
  map.delete('b', '1');
  map.delete('c', '1');
  map.set('a', '2', 1, 1);
  expect(left(map, 'a1', 'a2', 'b1')).toEqual(['a1', 'a2']);
});
