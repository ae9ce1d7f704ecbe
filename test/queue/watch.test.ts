/** When callers are told that nobody works, with a Redis that only answers what the test says. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WorkerState } from '../../src/queue/heartbeat.ts';
import { PendingJobs } from '../../src/queue/pending.ts';
import { outboundRole, sandboxRole } from '../../src/queue/role.ts';
import { Watch } from '../../src/queue/watch.ts';
import type { RedisClient } from '../../src/redis/connection.ts';

/** What is in the workers' entries, by name. */
let entries: Record<string, string>;
let pending: PendingJobs;
let watch: Watch;
/** The worker that holds every job; null: none does. */
let holding: string | null;
let losses: number;

async function open(role = sandboxRole): Promise<void> {
  entries = {};
  [holding, losses] = [null, 0];
  pending = new PendingJobs();
  const redis = {
    status: 'ready',
    eval: async (script: string) => {
      if (script.includes('LPUSH')) losses++;
      return [['1', '0'], 0, Object.entries(entries).flat()];
    },
    hmget: async () => ['1', null, null, null, holding, '0'],
    lpos: async () => 0,
  };
  watch = new Watch({
    redis: redis as unknown as RedisClient,
    queue: 'hooks',
    role,
    pending,
    onError: (error) => expect.unreachable(String(error)),
    promote: async () => undefined,
    remove: async () => undefined,
  });
  await watch.start();
}

beforeEach(async () => {
  vi.useFakeTimers();
  await open();
});

afterEach(async () => {
  await watch.stop();
  vi.useRealTimers();
});

const state = (over: Partial<WorkerState>) =>
  JSON.stringify({ capacity: 0, running: 0, meanJobMs: 0, ...over });

/** @returns the code of a new job's outcome after that time, undefined while it waits */
async function codeAfter(ms: number, apart = false): Promise<string | undefined> {
  let code: string | undefined;
  const job = pending.add({ id: crypto.randomUUID(), tenant: 'a', apart });
  void job.outcome.then((outcome) => {
    code = 'failure' in outcome ? outcome.failure.code : 'returned';
  });
  await vi.advanceTimersByTimeAsync(ms);
  return code;
}

it.each([
  ['there is none', {}],
  ['the only one has no places', { w: state({}) }],
])('a job is given up after 3 s where %s', async (_, crew) => {
  entries = crew;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await codeAfter(2_400)).toBeUndefined();
  expect(await codeAfter(4_500)).toBe('NO_WORKER');
});

it.each([
  ['has places', { w: state({ capacity: 1 }) }],
  ['is starting', { w: state({ starting: true }) }],
  ['tells what this version cannot read', { w: '{"v":9}' }],
  ['tells what this version cannot read, beside one without places', { w: '', x: state({}) }],
])('a job waits for a worker that %s', async (_, crew) => {
  entries = crew;
  expect(await codeAfter(20_000)).toBeUndefined();
});

it('a worker without places for less than 3 s costs no job its answer', async () => {
  for (let n = 0; n < 5; n++) {
    entries = { w: state({}) };
    expect(await codeAfter(2_400)).toBeUndefined();
    entries = { w: state({ capacity: 4 }) };
    await vi.advanceTimersByTimeAsync(600);
  }
  expect(pending.size).toBe(5);
});

it('tells whether no worker takes jobs, and nothing while Redis does not', async () => {
  expect(watch.isDeserted).toBe(true);
  entries = { w: state({ capacity: 1 }) };
  await vi.advanceTimersByTimeAsync(500);
  expect(watch.isDeserted).toBe(false);
});

describe('for outbound workers', () => {
  beforeEach(async () => {
    await watch.stop();
    await open(outboundRole);
  });

  it('a job is given up as soon as there is none', async () => {
    entries = { w: state({ capacity: 1 }) };
    await vi.advanceTimersByTimeAsync(500);
    expect(await codeAfter(2_400)).toBeUndefined();
    entries = { w: state({}) };
    expect(await codeAfter(600)).toBe('OUTBOUND_UNAVAILABLE');
    expect(pending.size).toBe(0);
  });

  it('the loss of a worker is told, and recorded against nothing: a request kills no worker', async () => {
    entries = { w: state({ capacity: 1 }) };
    holding = 'gone';
    expect(await codeAfter(2_000)).toBe('WORKER_LOST');
    expect(losses).toBe(0);
  });

  it('a job whose worker was lost waits 5 s for another one', async () => {
    expect(await codeAfter(4_400, true)).toBeUndefined();
    expect(await codeAfter(6_000, true)).toBe('OUTBOUND_UNAVAILABLE');
  });
});

it('what workers tell of themselves is known of those that live and can be read', async () => {
  entries = {
    a: state({ about: 'names' }),
    b: state({}),
    c: '{',
    d: state({ about: 'stuck', stuckMs: 15_000 }),
  };
  await vi.advanceTimersByTimeAsync(500);
  expect(watch.abouts).toEqual(['names', undefined, undefined]);
  entries = {};
  await vi.advanceTimersByTimeAsync(500);
  expect(watch.abouts).toEqual([]);
});
