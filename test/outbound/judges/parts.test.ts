import { describe, expect, it } from 'vitest';
import { cacheKey, MemoryCache } from '../../../src/outbound/judges/cache.ts';
import { Circuit } from '../../../src/outbound/judges/circuit.ts';
import { RecentTimes } from '../../../src/outbound/judges/recent-times.ts';
import { judgesSettingsSchema } from '../../../src/outbound/judges/settings.ts';
import { MemorySpending } from '../../../src/outbound/judges/spending.ts';
import { judgesAt } from './rig.ts';

describe('a judges file', () => {
  const judge = {
    ...{ format: 'openai-chat', baseUrl: 'https://a.test/v1', model: 'm', tenants: ['*'] },
  };
  const problemsOf = (judges: object) =>
    judgesSettingsSchema
      .safeParse({ judges })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

  it('gives each judge its defaults', () => {
    const { judges } = judgesSettingsSchema.parse({ judges: { a: judge } });
    expect(judges['a']).toMatchObject({
      ...{ answers: 'json-schema', outputTokens: 500, inputBytes: 100_000, atOnce: 16 },
      ...{ aliases: [], private: [], plain: false, outputTokensKey: 'max_tokens' },
    });
  });

  it.each([
    [{ a: { ...judge, baseUrl: 'ftp://a.test' } }, 'judges.a.baseUrl: must begin with https'],
    [{ a: { ...judge, baseUrl: 'http://a.test' } }, 'judges.a.baseUrl: must begin with https'],
    [{ a: { ...judge, baseUrl: 'http://a.test', plain: true } }, 'judges.a.plain: is for servers'],
    [{ a: { ...judge, baseUrl: 'https://a.test?key=1' } }, 'judges.a.baseUrl: has a query'],
    [{ a: { ...judge, baseUrl: 'https://u:p@a.test' } }, 'judges.a.baseUrl: has a user'],
    [{ a: { ...judge, keyFile: 'f', keyEnv: 'E' } }, 'judges.a.keyEnv: is there beside'],
    [{ a: { ...judge, apiVersion: '1' } }, 'judges.a.apiVersion: is for the format azure'],
    [{ a: { ...judge, private: ['0.0.0.0/0'] } }, 'judges.a.private.0: '],
    [{ a: { ...judge, key: 'secret' } }, 'judges.a: Unrecognized key'],
    [{ a: { ...judge, aliases: ['x', 'x'] } }, 'judges.a.aliases.1: is the name of the judge a'],
    [
      { a: judge, b: { ...judge, aliases: ['a'], tenants: ['t'] } },
      'judges.b.aliases.0: is the name of the judge a',
    ],
  ])('is refused for %j', (judges, problem) => {
    expect(problemsOf(judges)).toEqual([expect.stringContaining(problem)]);
  });

  it('may give tenants judges of the same name', () => {
    const of = (tenant: string) => ({ ...judge, aliases: ['fast'], tenants: [tenant] });
    expect(problemsOf({ a: of('t1'), b: of('t2') })).toEqual([]);
  });
});

describe('a judge', () => {
  it('is found by name and alias, and by its own tenants only', () => {
    const judges = judgesAt(1);
    expect(judges.find('fast', 'acme')).toBe(judges.find('ReasoningFast', 'acme'));
    const texts = [
      ['fast', 'other'],
      ['nope', 'other'],
    ].map(([name = '', tenant = '']) => {
      try {
        return judges.find(name, tenant);
      } catch (error) {
        return (error as Error).message.replace(name, 'NAME');
      }
    });
    // One text for both, so that no tenant learns the judges of others.
    expect(texts[0]).toBe(texts[1]);
  });

  it('rests after five failures in a row, twice as long each time, at most 30 s', () => {
    let now = 0;
    const circuit = new Circuit(() => now);
    expect([1, 2, 3, 4].map(() => circuit.failed('a'))).toEqual(Array(4).fill(undefined));
    expect(circuit.restMs('a')).toBe(0);
    const rests = Array.from({ length: 7 }, () => {
      const rest = circuit.failed('a');
      expect(circuit.restMs('a')).toBe(rest);
      now += Number(rest);
      expect(circuit.restMs('a')).toBe(0);
      return rest;
    });
    expect(rests).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    circuit.answered('a');
    expect(circuit.failed('a')).toBeUndefined();
  });

  it('rests once for questions that were on their way together', () => {
    let now = 0;
    const circuit = new Circuit(() => now);
    const rests = Array.from({ length: 16 }, () => circuit.failed('a'));
    expect(rests.filter((rest) => rest !== undefined)).toEqual([1_000]);
    now = 1_000;
    expect(circuit.failed('a')).toBe(2_000);
  });

  it('rests for as long as another process says, and no shorter', () => {
    const circuit = new Circuit(() => 0);
    circuit.rest('a', 4_000);
    circuit.rest('a', 1_000);
    expect([circuit.restMs('a'), circuit.restMs('b')]).toEqual([4_000, 0]);
    circuit.answered('a');
    expect(circuit.restMs('a')).toBe(0);
  });

  it('rests for the tenant whose questions fail, and for all where its key is refused', () => {
    const circuit = new Circuit(() => 0);
    for (let n = 0; n < 5; n++) circuit.failed('a');
    expect([circuit.restMs('a'), circuit.restMs('b')]).toEqual([1_000, 0]);
    circuit.answered('b');
    expect(circuit.restMs('a')).toBe(1_000);
    expect(circuit.refused()).toBe(30_000);
    expect([circuit.restMs('a'), circuit.restMs('b')]).toEqual([30_000, 30_000]);
  });

  it('keeps the failures of at most 1,000 tenants', () => {
    const circuit = new Circuit(() => 0);
    for (let n = 0; n < 5; n++) circuit.failed('a');
    for (let n = 0; n < 999; n++) circuit.failed(`t${n}`);
    expect(circuit.restMs('a')).toBe(1_000);
    circuit.failed('one more');
    expect(circuit.restMs('a')).toBe(0);
  });

  it('has a usual time', () => {
    const times = new RecentTimes();
    expect(times.median()).toBe(0);
    for (const ms of [900, 10, 20]) times.add(ms);
    expect(times.median()).toBe(20);
    for (let n = 0; n < 21; n++) times.add(5);
    expect(times.median()).toBe(5);
  });
});

describe('what a tenant spends', () => {
  it('is counted by day and by minute, and apart from others', async () => {
    let now = 0;
    const spending = new MemorySpending({ tokensPerDay: 100, callsPerMinute: 2 }, () => now);
    const first = await spending.reserve('a', 60);
    expect(first.refused).toBeUndefined();
    expect((await spending.reserve('a', 60)).refused).toContain('60 of 100 tokens');
    first.settle(10);
    expect((await spending.reserve('a', 60)).refused).toBeUndefined();
    expect((await spending.reserve('a', 1)).refused).toContain('2 times in this minute');
    expect((await spending.reserve('b', 100)).refused).toBeUndefined();
    now = 60_000;
    expect((await spending.reserve('a', 31)).refused).toContain('70 of 100 tokens');
    now = 86_399_999;
    const late = await spending.reserve('b', 0);
    now = 86_400_000;
    expect((await spending.reserve('a', 100)).refused).toBeUndefined();
    // What was reserved yesterday is not given back today.
    late.settle(50);
    expect((await spending.reserve('b', 100)).refused).toBeUndefined();
  });

  it('ends for a share at its part of each limit, whoever spent it', async () => {
    const spending = new MemorySpending({ tokensPerDay: 100, callsPerMinute: 4 }, () => 0);
    expect((await spending.reserve('a', 40, 0.5)).refused).toBeUndefined();
    expect((await spending.reserve('a', 11, 0.5)).refused).toContain('40 of 50 tokens');
    expect((await spending.reserve('a', 10)).refused).toBeUndefined();
    expect((await spending.reserve('a', 0, 0.5)).refused).toContain('2 times in this minute');
    expect((await spending.reserve('a', 50)).refused).toBeUndefined();
  });

  it('is forgotten for the tenant that has not asked for longest, where there are too many', async () => {
    const spending = new MemorySpending({ tokensPerDay: 100 }, () => 0, 2);
    for (const tenant of ['a', 'b', 'a', 'c'])
      expect((await spending.reserve(tenant, 50)).refused).toBeUndefined();
    expect((await spending.reserve('a', 1)).refused).toContain('100 of 100 tokens');
    expect((await spending.reserve('b', 100)).refused).toBeUndefined();
  });

  it('has no limit where none is said', async () => {
    expect((await new MemorySpending({}).reserve('a', 1e9)).refused).toBeUndefined();
  });
});

describe('a kept verdict', () => {
  const [judge] = judgesAt(1).all;
  const key = (over: object = {}, json = '{"a":1,"b":[2]}', name = 'INPUT') =>
    cacheKey({
      ...{ tenant: 't', judge, dialect: 'azure', event: 'Stop', prompt: 'p', policy: 'q' },
      ...{ data: [{ name, json }], ...over },
    } as never);

  it.each([
    ['tenant', key({ tenant: 'u' })],
    ['judge', key({ judge: judgesAt(1, { model: 'other' }).all[0] })],
    ['settings', key({ judge: judgesAt(1, { temperature: 1 }).all[0] })],
    ['dialect', key({ dialect: 'generic' })],
    ['event', key({ event: 'Start' })],
    ['prompt', key({ prompt: 'other' })],
    ['borders of the parts', key({ prompt: 'pq', policy: '' })],
    ['name of a block', key({}, '{"a":1,"b":[2]}', 'OTHER')],
    ['value', key({}, '{"a":1,"b":[3]}')],
    ['last digit of a long number', key({}, '{"a":12345678901234567891}')],
    ['second member of a name', key({}, '{"a":1,"a":1,"b":[2]}')],
  ])('is for its own %s', (_, other) => {
    expect(other).not.toBe(key());
    expect(key({}, '{"a":12345678901234567890}')).not.toBe(key({}, '{"a":12345678901234567891}'));
  });

  it('is found again whatever the order and layout of its members', () => {
    expect(key({}, '{ "b": [2],\n"a": 1 }')).toBe(key());
  });

  it('is forgotten after its time, and the oldest first', async () => {
    let now = 0;
    const cache = new MemoryCache(2, () => now);
    cache.set('a', '1', 1);
    expect(await cache.get('a')).toBe('1');
    now = 1_000;
    expect(await cache.get('a')).toBeUndefined();
    for (const name of ['a', 'b', 'c']) cache.set(name, name, 60);
    cache.set('c', 'c', 60);
    expect(await Promise.all(['a', 'b', 'c'].map((name) => cache.get(name)))).toEqual([
      undefined,
      'b',
      'c',
    ]);
  });

  it('of one tenant takes no place of another, also where answers are long', async () => {
    const cache = new MemoryCache(4);
    cache.set('a:1', 'short', 60);
    cache.set('b:1', 'x'.repeat(16 << 10), 60);
    cache.set('b:2', 'short', 60);
    cache.set('b:3', 'short', 60);
    const kept = (...keys: string[]) => Promise.all(keys.map((one) => cache.get(one)));
    expect(await kept('a:1', 'b:1', 'b:2', 'b:3')).toEqual(['short', undefined, 'short', 'short']);
    cache.set('a:2', 'short', 60);
    cache.set('a:3', 'short', 60);
    expect(await kept('a:1', 'a:2', 'a:3')).toEqual([undefined, 'short', 'short']);
  });

  it('that is longer than 64 KiB is asked for again', async () => {
    const cache = new MemoryCache();
    cache.set('a:1', 'x'.repeat(64 << 10), 60);
    cache.set('a:2', 'é'.repeat(33 << 10), 60);
    expect([(await cache.get('a:1'))?.length, await cache.get('a:2')]).toEqual([65_536, undefined]);
  });

  it('names its tenant in its key', () => {
    expect(key({ tenant: 'acme' })).toMatch(/^acme:[0-9a-f]{64}$/);
  });
});
