/** The parts of the queue that need no Redis. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidInputError, SandboxError, UnavailableError } from '../../src/errors.ts';
import { estimateWaitMs, loadOf, unknownLoad } from '../../src/queue/load.ts';
import { exceptionOf, failedReason, readFailedReason } from '../../src/queue/outcome.ts';
import { PendingJobs } from '../../src/queue/pending.ts';
import { Rest } from '../../src/queue/rest.ts';
import { putBackMs, TenantSlots } from '../../src/queue/tenant-slots.ts';
import { RedisClock } from '../../src/redis/clock.ts';
import { redisOptions } from '../../src/redis/connection.ts';
import { hashOf, jobIdOf, scriptNameOf } from '../../src/redis/keys.ts';

describe('the connection setting', () => {
  it('a URL gives address, user, password and database', () => {
    expect(redisOptions({ url: 'redis://me:p%40ss@[::1]:7000/3' }, 'worker')).toMatchObject({
      host: '::1',
      port: 7000,
      username: 'me',
      password: 'p@ss',
      db: 3,
      maxRetriesPerRequest: null,
    });
    expect(redisOptions({ url: 'redis://redis.example' }, 'worker')).toMatchObject({ host: 'redis.example', port: 6379, db: 0 });
  });

  it('rediss is TLS', () => {
    expect(redisOptions({ url: 'rediss://h' }, 'producer')).toMatchObject({ tls: {} });
    expect(redisOptions({ url: 'redis://h' }, 'producer')).not.toHaveProperty('tls');
  });

  it('rediss behind sentinels is TLS to the master and to the sentinels', () => {
    const options = redisOptions({ url: 'rediss://unused', sentinels: ['a:1'] }, 'worker');
    expect(options).toMatchObject({ tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true });
  });

  it('authorities that cannot be read are an error that names the setting', () => {
    const open = () => redisOptions({ url: 'rediss://h', caFile: '/no/such.pem' }, 'worker');
    expect(open).toThrow(/HOOKPOOL_REDIS_CA_FILE: .*\/no\/such\.pem/);
  });

  it('sentinels replace the address and keep the password', () => {
    const settings = { url: 'redis://:secret@unused/1', sentinels: ['a:1', 'b:2'], sentinelMaster: 'main' };
    const options = redisOptions(settings, 'worker');
    const sentinels = [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ];
    expect(options).toMatchObject({ sentinels, name: 'main', password: 'secret', db: 1 });
    expect(options).not.toHaveProperty('host');
  });

  it('a producer fails fast', () => {
    const options = redisOptions({ url: 'redis://h' }, 'producer');
    expect(options).toMatchObject({ enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 1_500 });
  });

  it('reconnects soon at first and every second later, for ever', () => {
    const { retryStrategy } = redisOptions({ url: 'redis://h' }, 'worker');
    expect([1, 2, 3, 10, 10_000].map((attempt) => retryStrategy?.(attempt))).toEqual([100, 200, 400, 1000, 1000]);
  });
});

describe('an id', () => {
  it('has no colon, is not all digits, and differs when its parts do', () => {
    expect(jobIdOf('name', 'b')).toMatch(/^j[A-Za-z0-9_-]{43}\.name$/);
    expect(jobIdOf('name', 'b')).not.toBe(jobIdOf('name', 'c'));
    expect(hashOf('ab', 'c')).not.toBe(hashOf('a', 'bc'));
    expect(hashOf('a')).toBe(hashOf(Buffer.from('a')));
  });

  it('of a script tells tenants apart', () => {
    const script = { runtime: 'bash', source: 'exit 0' } as const;
    const names = ['a', 'b'].map((tenant) => scriptNameOf(tenant, script));
    expect(names[0]).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(names[0]).not.toBe(names[1]);
  });
});

describe('the load', () => {
  const state = (capacity: number, meanJobMs: number) => ({ capacity, running: 0, meanJobMs });
  const crew = (...states: ReturnType<typeof state>[]) => ({
    time: ['1', '0'] as const,
    waiting: 7,
    workers: new Map(states.map((one, n) => [String(n), one])),
    unreadable: new Set<string>(),
  });

  it('adds up capacity and weighs the means by it; who has run nothing has no say', () => {
    expect(loadOf(crew(state(6, 100), state(2, 20), state(4, 0)))).toEqual({
      workers: 3,
      capacity: 12,
      meanJobMs: 80,
      waiting: 7,
    });
    expect(loadOf(crew())).toEqual({ workers: 0, capacity: 0, meanJobMs: 0, waiting: 7 });
  });

  it.each([
    ['nobody works', unknownLoad, 1, [100], 0],
    ['a slot is free', { workers: 1, capacity: 4, meanJobMs: 100, waiting: 0 }, 1, [3], 0],
    ["the tenant's own backlog is long", { workers: 1, capacity: 4, meanJobMs: 100, waiting: 0 }, 104, [103], 2_475],
    ["another tenant's backlog is long", { workers: 1, capacity: 4, meanJobMs: 100, waiting: 0 }, 1, [10_000], 0],
    ['other dispatchers wait too', { workers: 1, capacity: 1, meanJobMs: 100, waiting: 50 }, 5, [4], 800],
  ])('the wait when %s', (_, load, rank, pending, expected) => {
    expect(estimateWaitMs(load, rank, pending)).toBe(expected);
  });
});

describe('the end of a job', () => {
  it('a code travels in the reason of a failure', () => {
    const reason = failedReason('INVALID_JOB', 'v: unknown');
    expect(readFailedReason(reason)).toEqual({ failure: { code: 'INVALID_JOB', message: 'v: unknown' } });
  });

  it.each([
    ['job stalled more than allowable limit', 'WORKER_LOST'],
    ['TypeError: x', 'INTERNAL'],
    ['NO_SUCH_CODE: x', 'INTERNAL'],
  ])('%s is %s', (reason, code) => {
    expect(readFailedReason(reason)).toMatchObject({ failure: { code } });
  });

  it.each([
    ['INVALID_JOB', InvalidInputError],
    ['ENGINE_DOWN', UnavailableError],
    ['OVERLOADED', UnavailableError],
    ['SANDBOX_LOST', SandboxError],
    ['INTERNAL', Error],
  ] as const)('for a caller without a failMode %s is an exception', (code, kind) => {
    const error = exceptionOf({ code, message: 'why' });
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toBe('why');
    expect('code' in error ? error.code : 'INTERNAL').toBe(code);
  });
});

describe('pending jobs', () => {
  it('are counted by tenant, found by id, and settled once', async () => {
    const jobs = new PendingJobs();
    const add = (id: string, tenant: string) => jobs.add({ id, tenant, apart: false });
    const [one] = [add('1', 'a'), add('2', 'a'), add('3', 'b')];
    expect([jobs.size, jobs.ofTenant('a'), [...jobs.counts()]]).toEqual([3, 2, [2, 1]]);
    expect(jobs.get('1')).toBe(one);
    one?.settle({ failure: { code: 'DEADLINE', message: 'first' } });
    one?.settle({ failure: { code: 'INTERNAL', message: 'second' } });
    expect(await one?.outcome).toMatchObject({ failure: { message: 'first' } });
    expect([jobs.size, jobs.ofTenant('a'), jobs.get('1')]).toEqual([2, 1, undefined]);
    jobs.get('3')?.settle({ failure: { code: 'DEADLINE', message: '' } });
    expect(jobs.ofTenant('b')).toBe(0);
  });
});

describe('slots', () => {
  it('a tenant has no more than its share', () => {
    const slots = new TenantSlots(2);
    expect([slots.take('a'), slots.take('a'), slots.take('a'), slots.take('b')]).toEqual([true, true, false, true]);
    expect(slots.running).toBe(3);
    slots.give('a');
    expect([slots.take('a'), slots.take('a')]).toEqual([true, false]);
    for (const tenant of ['a', 'a', 'b']) slots.give(tenant);
    expect(slots.running).toBe(0);
  });

  it('a job over the share waits longer each time, within its own time', () => {
    const around = (value: number, center: number) => Math.abs(value / center - 1) <= 0.25;
    expect(around(putBackMs(1, 100, 60_000), 100)).toBe(true);
    expect(around(putBackMs(4, 100, 60_000), 800)).toBe(true);
    expect(putBackMs(50, 100, 600_000)).toBe(10_000);
    expect(putBackMs(50, 100, 400)).toBe(100);
    expect(putBackMs(1, 0, 4)).toBe(10);
  });
});

it('the clock follows the one of redis', () => {
  const clock = new RedisClock();
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50);
  clock.set(['1000', '500000']);
  expect(clock.now()).toBeGreaterThanOrEqual(1_000_500);
  expect(clock.now()).toBeLessThan(1_001_000);
});

describe('a worker whose engine fails', () => {
  afterEach(() => vi.useRealTimers());

  it('rests longer each time, at most 4 s, and shortly again once a job was run', () => {
    vi.useFakeTimers();
    const calls: string[] = [];
    const rest = new Rest({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
    const lengths = [];
    for (const code of ['ENGINE_DOWN', 'ENGINE_TIMEOUT', 'IMAGE_MISSING', 'IMAGE_MISMATCH', 'CREATE_FAILED', 'START_FAILED']) {
      rest.afterJob(code);
      rest.afterJob(code);
      const from = Date.now();
      while (rest.resting) vi.advanceTimersByTime(100);
      lengths.push(Date.now() - from);
    }
    expect(lengths).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    rest.afterJob(undefined);
    rest.afterJob('ENGINE_DOWN');
    vi.advanceTimersByTime(500);
    expect([rest.resting, calls.length]).toEqual([false, 14]);
  });

  it.each([undefined, 'HOOK_TIMED_OUT', 'POOL_EXHAUSTED', 'SANDBOX_LOST'])('%s is no reason to rest', (code) => {
    const rest = new Rest({ pause: () => expect.unreachable(), resume: () => undefined });
    rest.afterJob(code);
    expect(rest.resting).toBe(false);
  });
});
