import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Condition } from '../../src/server/stores.ts';
import { TestRedis } from '../support/redis.ts';
import { StoreRig, setContent, setKey, storedBy, storeKinds } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const kinds = storeKinds(() => rig);

describe.each(kinds)('hook sets in %s', (_, open) => {
  test('are given back as they were stored', async () => {
    const { hookSets } = await open();
    const content = {
      ...setContent('# é "\n\r\u2028\t\u0000 😀\n\n'),
      contentType: 'application/yaml',
      hookCount: 3,
    };
    const stored = storedBy(await hookSets.put(setKey('x'), content, {}));
    expect(stored).toMatchObject({ ...setKey('x'), ...content, version: 1 });
    expect(Math.abs(Date.parse(stored.storedAt) - Date.now())).toBeLessThan(60_000);
    expect(await hookSets.get(setKey('x'))).toEqual(stored);
    expect(await hookSets.get(setKey('y'))).toBeUndefined();
  });

  test('count their versions by name; a tag is never given twice, also not after a removal', async () => {
    const { hookSets } = await open();
    const put = async (name: string) =>
      storedBy(await hookSets.put(setKey(name), setContent(), {}));
    const stored = [await put('x'), await put('x'), await put('y')];
    expect(await hookSets.delete(setKey('x'), {})).toBe('deleted');
    stored.push(await put('x'));
    expect(stored.map(({ version }) => version)).toEqual([1, 2, 1, 1]);
    expect(new Set(stored.map(({ etag }) => etag)).size).toBe(4);
    for (const { etag } of stored) expect(etag).toMatch(/^"[\w-]+"$/);
  });

  test.each<[string, boolean, Condition, string, string]>([
    ['nothing', false, {}, 'created', 'absent'],
    ['nothing', true, {}, 'replaced', 'deleted'],
    ['If-None-Match: *', false, { ifAbsent: true }, 'created', 'absent'],
    ['If-None-Match: *', true, { ifAbsent: true }, 'mismatch', 'mismatch'],
    ['If-Match: *', false, { ifMatch: ['*'] }, 'mismatch', 'mismatch'],
    ['If-Match: *', true, { ifMatch: ['*'] }, 'replaced', 'deleted'],
    ['the right tag among others', true, { ifMatch: ['"x"', 'RIGHT'] }, 'replaced', 'deleted'],
    ['a tag', false, { ifMatch: ['"x"'] }, 'mismatch', 'mismatch'],
    ['a wrong tag', true, { ifMatch: ['"x"'] }, 'mismatch', 'mismatch'],
    ['no tag at all', true, { ifMatch: [] }, 'mismatch', 'mismatch'],
    ['both, which never holds', true, { ifMatch: ['*'], ifAbsent: true }, 'mismatch', 'mismatch'],
  ])('with the condition %s, there: %s', async (_name, there, condition, put, removed) => {
    const { hookSets } = await open();
    const prepare = async (name: string) => {
      const etag = there ? storedBy(await hookSets.put(setKey(name), setContent(), {})).etag : '';
      const ifMatch = condition.ifMatch?.map((tag) => tag.replace('RIGHT', etag));
      return { ...condition, ifMatch };
    };
    const outcome = await hookSets.put(setKey('x'), setContent('new'), await prepare('x'));
    const kind =
      outcome.kind === 'stored' ? (outcome.created ? 'created' : 'replaced') : outcome.kind;
    expect([kind, await hookSets.delete(setKey('y'), await prepare('y'))]).toEqual([put, removed]);
    expect((await hookSets.get(setKey('x')))?.text).toBe(
      put === 'mismatch' ? (there ? '{"hooks":{}}' : undefined) : 'new',
    );
    expect(await hookSets.get(setKey('y'))).toEqual(
      there && removed === 'mismatch' ? expect.anything() : undefined,
    );
  });

  test('are listed by scope and name, and are those of their tenant', async () => {
    const { hookSets } = await open();
    for (const name of ['b', 'a', 'C']) {
      await hookSets.put(setKey(name, { scope: 'global' }), setContent(), {});
      await hookSets.put(setKey(name), setContent(), {});
    }
    await hookSets.put(setKey('z', { tenant: 'b' }), setContent(), {});
    const named = (sets: readonly { scope: string; name: string }[]) =>
      sets.map(({ scope, name }) => `${scope} ${name}`);
    const all = ['named C', 'named a', 'named b', 'global C', 'global a', 'global b'];
    expect(named(await hookSets.list('a'))).toEqual(all);
    expect(named(await hookSets.list('b'))).toEqual(['named z']);
    expect(await hookSets.list('c')).toEqual([]);
  });

  test('are resolved together with the global ones of their tenant', async () => {
    const { hookSets } = await open();
    const keys = [
      setKey('x'),
      setKey('g2', { scope: 'global' }),
      setKey('g1', { scope: 'global' }),
    ];
    for (const key of [...keys, setKey('g', { scope: 'global', tenant: 'b' })])
      await hookSets.put(key, setContent(), {});
    const { set, globals } = await hookSets.resolve('a', 'x', 1_000);
    expect([set?.name, globals.map(({ name }) => name)]).toEqual(['x', ['g1', 'g2']]);
    expect(await hookSets.resolve('a', 'g1', 1_000)).toMatchObject({ set: undefined });
    expect(await hookSets.resolve('c', 'x', 1_000)).toEqual({ set: undefined, globals: [] });
  });

  test('are so many per tenant at most; a place that is left can be taken', async () => {
    const { hookSets } = await open({ hookSets: 2 });
    const put = async (name: string, tenant = 'a') =>
      (await hookSets.put(setKey(name, { tenant }), setContent(), {})).kind;
    expect([await put('x'), await put('y'), await put('z'), await put('x')]).toEqual([
      'stored',
      'stored',
      'full',
      'stored',
    ]);
    expect(await hookSets.put(setKey('z'), setContent(), {})).toEqual({
      kind: 'full',
      limit: 'sets',
      most: 2,
    });
    expect(await put('z', 'b')).toBe('stored');
    await hookSets.delete(setKey('x'), {});
    expect([await put('z'), await put('x')]).toEqual(['stored', 'full']);
  });

  test('have so many bytes per tenant at most, whatever was replaced and removed before', async () => {
    const { hookSets } = await open({ hookSetBytes: 10_000 });
    const put = async (name: string, bytes: number, tenant = 'a') => {
      const outcome = await hookSets.put(
        setKey(name, { tenant }),
        setContent('é'.repeat(bytes / 2)),
        {},
      );
      return outcome.kind === 'full' ? outcome.limit : outcome.kind;
    };
    for (let times = 0; times < 3; times++)
      expect([await put('x', 4_000), await put('y', 4_000)]).toEqual(['stored', 'stored']);
    expect([await put('z', 4_000), await put('y', 9_000), await put('z', 4_000, 'b')]).toEqual([
      'bytes',
      'bytes',
      'stored',
    ]);
    await hookSets.delete(setKey('x'), {});
    expect([
      await put('z', 4_000),
      await put('x', 4_000),
      await put('z', 200),
      await put('x', 4_000),
    ]).toEqual(['stored', 'bytes', 'stored', 'stored']);
  });
});

describe.each(kinds)('switches of threads in %s', (_, open) => {
  test('stay on until they are switched off, for one thread of one tenant', async () => {
    const { threads } = await open();
    const active = async (tenant: string, thread: string) =>
      [...(await threads.active(tenant, thread))].toSorted();
    expect(await active('a', 't')).toEqual([]);
    for (const hook of ['x', 'y', 'x']) expect(await threads.switchOn('a', 't', hook)).toBe('on');
    await threads.switchOn('ab', 'c', 'é\n😀');
    expect([await active('a', 't'), await active('ab', 'c')]).toEqual([['x', 'y'], ['é\n😀']]);
    expect([await active('b', 't'), await active('a', 'bc'), await active('a', 't2')]).toEqual([
      [],
      [],
      [],
    ]);
    await threads.switchOff('a', 't', 'x');
    await threads.switchOff('a', 't', 'x');
    await threads.switchOff('a', 'never', 'x');
    expect(await active('a', 't')).toEqual(['y']);
  });

  test('are so many per thread at most', async () => {
    const { threads } = await open({ hooksPerThread: 2 });
    const on = (hook: string) => threads.switchOn('a', 't', hook);
    expect([await on('x'), await on('y'), await on('z'), await on('x')]).toEqual([
      'on',
      'on',
      'full',
      'on',
    ]);
    await threads.switchOff('a', 't', 'y');
    expect(await on('z')).toBe('on');
  });

  test('are so many of a tenant at most, over all its threads', async () => {
    const { threads } = await open({ switches: 3 });
    const on = (thread: string, hook: string, tenant = 'a') =>
      threads.switchOn(tenant, thread, hook);
    expect([
      await on('1', 'x'),
      await on('1', 'y'),
      await on('2', 'x'),
      await on('3', 'x'),
    ]).toEqual(['on', 'on', 'on', 'full']);
    expect([await on('2', 'x'), await on('3', 'x', 'b')]).toEqual(['on', 'on']);
    await threads.switchOff('a', '1', 'x');
    await threads.switchOff('a', '1', 'x');
    expect([await on('3', 'x'), await on('4', 'x')]).toEqual(['on', 'full']);
  });

  test('of one tenant take no room from those of another one', async () => {
    const { threads } = await open({ threads: 100, switches: 1_000 });
    const flood = Array.from({ length: 150 }, (_unused, n) => threads.switchOn('a', `${n}`, 'x'));
    expect((await Promise.all(flood)).filter((outcome) => outcome === 'on').length).toBe(100);
    expect([await threads.switchOn('b', '1', 'x'), await threads.active('b', '1')]).toEqual([
      'on',
      ['x'],
    ]);
  });

  test('are of so many threads at most; a thread with nothing on is none', async () => {
    const { threads } = await open({ threads: 2 });
    const on = (thread: string, hook = 'x') => threads.switchOn('a', thread, hook);
    expect([await on('1'), await on('2'), await on('3'), await on('2', 'y')]).toEqual([
      'on',
      'on',
      'full',
      'on',
    ]);
    await threads.switchOff('a', '2', 'x');
    expect(await on('3')).toBe('full');
    await threads.switchOff('a', '2', 'y');
    expect([await on('3'), await on('2')]).toEqual(['on', 'full']);
    expect(await threads.active('a', '2')).toEqual([]);
  });
});
