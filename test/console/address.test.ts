import { expect, it } from 'vitest';
import { hrefOf, parseRoute } from '../../src/console/address.ts';

it('an address is read as it was written, whatever its parts contain', () => {
  for (const part of ['a b', 'a/b', 'ü?#&', '%', '..', '<script>']) {
    const { path, query } = parseRoute(hrefOf(['page', part], [['q', part]]));
    expect(path).toEqual(['page', part]);
    expect(query.get('q')).toBe(part);
  }
});

it('an empty address is the overview, without a path and a query', () => {
  for (const hash of ['', '#', '#/', '#?']) expect(parseRoute(hash).path).toEqual([]);
  expect(hrefOf([''])).toBe('#/');
});

it('a part that is no percent encoding stays as it is', () => {
  expect(parseRoute('#/a/%zz').path).toEqual(['a', '%zz']);
});

it('empty values are left out of the query, and a value may be repeated', () => {
  const href = hrefOf(
    ['evaluations'],
    [
      ['q', ''],
      ['tool', 'Bash'],
      ['tool', '!Edit'],
    ],
  );
  expect(href).toBe('#/evaluations?tool=Bash&tool=%21Edit');
  expect(parseRoute(href).query.getAll('tool')).toEqual(['Bash', '!Edit']);
});
