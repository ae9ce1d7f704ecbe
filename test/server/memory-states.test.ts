import { expect, test } from 'vitest';
import { MemoryStates } from '../../src/server/memory-states.ts';
import { storeLimits } from '../../src/server/stores.ts';

const key = { tenant: 't', session: 's', name: 'n' };
const textOf = async (states: MemoryStates, of = key) => {
  const pack = await states.get(of);
  return pack && Buffer.from(pack).toString();
};

test('a state is that of its tenant, session and name', async () => {
  const states = new MemoryStates();
  await states.put(key, Buffer.from('a'));
  expect(await textOf(states)).toBe('a');
  for (const other of [{ tenant: 'x' }, { session: 'x' }, { name: 'x' }])
    expect(await textOf(states, { ...key, ...other })).toBeUndefined();
  await states.put(key, Buffer.from('b'));
  expect(await textOf(states)).toBe('b');
  await states.put(key, new Uint8Array(0));
  expect(await textOf(states)).toBeUndefined();
});

test('bytes that change later do not change it', async () => {
  const states = new MemoryStates();
  const pack = Buffer.from('a');
  await states.put(key, pack);
  pack.fill('z');
  expect(await textOf(states)).toBe('a');
});

test('its time ends', async () => {
  const states = new MemoryStates(storeLimits, 0);
  await states.put(key, Buffer.from('a'));
  expect(await textOf(states)).toBeUndefined();
});

test('a tenant that fills the store evicts its own states', async () => {
  const states = new MemoryStates({ ...storeLimits, states: 100, stateBytes: 1_000 });
  await states.put({ ...key, tenant: 'quiet' }, Buffer.alloc(100));
  for (let at = 0; at < 50; at++)
    await states.put({ ...key, session: String(at) }, Buffer.alloc(100));
  expect(await states.get({ ...key, tenant: 'quiet' })).toHaveLength(100);
  expect(await states.get({ ...key, session: '0' })).toBeUndefined();
  expect(await states.get({ ...key, session: '49' })).toHaveLength(100);
});
