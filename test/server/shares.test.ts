import { expect, test } from 'vitest';
import { Places, TenantShares } from '../../src/server/shares.ts';
import { Turns } from '../../src/server/turns.ts';

test('tokens of several tenants leave each half; one place is still one', () => {
  const shares = new TenantShares(['a', 'b', 'a']);
  expect([shares.of('a', 10), shares.of('c', 7), shares.of('a', 1)]).toEqual([5, 3, 1]);
});

test.each([[['a', 'a']], [['*']], [[]]])(
  'tokens %j leave all to a tenant that is alone, and half when another came in the last minute',
  (tenants) => {
    const shares = new TenantShares(tenants);
    shares.seen('a', 0);
    expect([shares.of('a', 10, 1), shares.of('*', 10, 1)]).toEqual([10, 10]);
    shares.seen('b', 1_000);
    shares.seen('a', 2_000);
    expect([
      shares.of('a', 10, 60_999),
      shares.of('b', 10, 60_999),
      shares.of('*', 10, 2_000),
    ]).toEqual([5, 5, 10]);
    expect([shares.of('a', 10, 61_000), shares.of('b', 10, 61_000)]).toEqual([10, 5]);
    expect(shares.of('c', 10, 61_999)).toBe(5);
  },
);

test('places are counted per tenant and in sum, and say which of both is full', () => {
  const places = new Places(4, new TenantShares(['a', 'b', 'c']));
  expect([places.take('a', 2), places.take('a')]).toEqual([
    undefined,
    { whose: 'tenant', most: 2 },
  ]);
  expect([places.take('b', 2), places.take('c')]).toEqual([
    undefined,
    { whose: 'everybody', most: 4 },
  ]);
  places.giveBack('a');
  expect([places.held('a'), places.take('c'), places.held('c')]).toEqual([1, undefined, 1]);
});

test('who waits for a place begins in turn with the other tenants, and leaves when it wants to', async () => {
  const shares = new TenantShares(['a', 'b', 'c']);
  const turns = new Turns(new Places(2, shares), new Places(8, shares));
  const begun: string[] = [];
  const lines = [];
  for (const [at, tenant] of ['a', 'b', 'a', 'a', 'b', 'c'].entries()) {
    const place = turns.ask(tenant);
    if (place === 'begun') begun.push(`${tenant}${at}`);
    else if ('turn' in place) {
      lines.push(place);
      void place.turn.then(() => begun.push(`${tenant}${at}`));
    }
  }
  expect(begun).toEqual(['a0', 'b1']);
  // The second of a's lines leaves before its turn.
  expect(lines[1]?.leave()).toBe(true);
  turns.end('a');
  await Promise.resolve();
  expect(begun).toEqual(['a0', 'b1', 'a2']);
  turns.end('b');
  turns.end('a');
  await Promise.resolve();
  expect(begun).toEqual(['a0', 'b1', 'a2', 'b4', 'c5']);
  expect(lines[0]?.leave()).toBe(false);
});

test('so many may wait, and no more', () => {
  const shares = new TenantShares(['a', 'b']);
  const turns = new Turns(new Places(2, shares), new Places(4, shares));
  turns.ask('a');
  expect([turns.ask('a'), turns.ask('a')]).toMatchObject([
    { leave: expect.anything() },
    { leave: expect.anything() },
  ]);
  expect(turns.ask('a')).toEqual({ whose: 'tenant', most: 2 });
  expect(turns.ask('b')).toBe('begun');
});

test('large work waits and runs for as many places as it takes, and small work of others goes on', () => {
  const shares = new TenantShares(['a', 'b']);
  const turns = new Turns(new Places(8, shares), new Places(8, shares));
  expect([turns.ask('a', 3), turns.ask('b')]).toEqual(['begun', 'begun']);
  expect(turns.ask('a', 3)).toMatchObject({ leave: expect.anything() });
  expect(turns.ask('a', 3)).toEqual({ whose: 'tenant', most: 4 });
  expect([turns.ask('b'), turns.ask('b'), turns.ask('b')]).toEqual(Array(3).fill('begun'));
  turns.end('a', 3);
  // What waited has begun, with all of its places: one is left of the share.
  expect([turns.ask('a'), turns.ask('a')]).toEqual([
    'begun',
    expect.objectContaining({ leave: expect.anything() }),
  ]);
});

test.each([
  ['ends', ['a', 'c'] as const],
  ['leaves', ['c'] as const],
])(
  'small work waits behind large work for which too few places are free, until that %s',
  async (how, begins) => {
    const shares = new TenantShares(['a', 'b', 'c']);
    const turns = new Turns(new Places(4, shares), new Places(16, shares));
    expect(['b', 'b', 'c'].map((tenant) => turns.ask(tenant))).toEqual(Array(3).fill('begun'));
    const begun: string[] = [];
    const [large, own, other] = [turns.ask('a', 2), turns.ask('a'), turns.ask('c')].map(
      (place, at) => {
        if (place === 'begun' || !('turn' in place)) throw new Error(`${at} does not wait`);
        void place.turn.then(() => begun.push('aac'.charAt(at)));
        return place;
      },
    );
    expect(own?.leave()).toBe(true);
    if (how === 'leaves') expect(large?.leave()).toBe(true);
    else turns.end('b');
    await Promise.resolve();
    expect(begun).toEqual([begins[0]]);
    if (how === 'ends') turns.end('a', 2);
    await Promise.resolve();
    expect([begun, other?.leave()]).toEqual([begins, false]);
  },
);
