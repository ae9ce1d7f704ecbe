/**
 * What becomes of jobs of which nothing is heard, with a Redis that only answers what the test
 * says.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/queue/outcome.ts';
import { PendingJobs } from '../../src/queue/pending.ts';
import { sandboxRole } from '../../src/queue/role.ts';
import { Watch } from '../../src/queue/watch.ts';
import { inLine, type Stored, WatchRedis } from './watch-redis.ts';

let redis: WatchRedis;
/** What workers tell, by name. */
let entries: Record<string, string>;
let pending: PendingJobs;
let watch: Watch;
let errors: string[];
let promoted: string[];
let losses: string[];
const alive = JSON.stringify({ capacity: 1, running: 0, meanJobMs: 100 });

beforeEach(async () => {
  vi.useFakeTimers();
  redis = new WatchRedis();
  entries = { w: alive };
  [errors, promoted, losses] = [[], [], []];
  redis.answer = ({ script, args }) => {
    if (script.includes('SMEMBERS'))
      return [[String(Date.now() / 1_000), '0'], 2, Object.entries(entries).flat()];
    if (script.includes('LPUSH')) losses.push(String(args[0]));
    return 0;
  };
  pending = new PendingJobs();
  watch = new Watch({
    redis: redis.client,
    queue: 'hooks',
    role: sandboxRole,
    pending,
    onError: (error) => errors.push(error.message),
    promote: async (id) => void promoted.push(id),
    remove: async () => undefined,
  });
  await watch.start();
});

afterEach(async () => {
  await watch.stop();
  vi.useRealTimers();
});

function add(id: string, stored: Partial<Stored> = {}, tenant = 'a'): () => Outcome | undefined {
  let settled: Outcome | undefined;
  redis.stored.set(id, { ...inLine, ...stored });
  void pending.add({ id, tenant, apart: false }).outcome.then((outcome) => {
    settled = outcome;
  });
  return () => settled;
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const codeOf = (outcome: Outcome | undefined) =>
  outcome && ('failure' in outcome ? outcome.failure.code : 'returned');

it('a job is asked about when nothing was heard of it for 0.9 s, and again after as long', async () => {
  add('1');
  await pass(500);
  expect(redis.asked).toBe(0);
  await pass(500);
  expect(redis.asked).toBe(1);
  await pass(500);
  expect(redis.asked).toBe(1);
  await pass(500);
  expect(redis.asked).toBe(2);
});

it.each([
  [{ returned: '{"v":1}' }, { returned: { v: 1 } }],
  [{ returned: '{' }, { returned: undefined }],
  [{ returned: null }, { returned: null }],
  [
    { reason: 'ENGINE_DOWN: no engine' },
    { failure: { code: 'ENGINE_DOWN', message: 'no engine' } },
  ],
])('a missed end is found: %j', async (stored, outcome) => {
  const ended = add('1', { ...stored, finishedOn: '2' });
  await pass(1_000);
  expect(ended()).toEqual(outcome);
});

it('a job of which Redis knows nothing twice in a row is lost', async () => {
  const ended = add('1', { timestamp: null });
  await pass(1_000);
  expect(ended()).toBeUndefined();
  await pass(500);
  expect(codeOf(ended())).toBe('QUEUE_UNAVAILABLE');
});

it('a job that is there the second time is not', async () => {
  const ended = add('1', { timestamp: null });
  await pass(1_000);
  redis.stored.set('1', { ...inLine });
  await pass(1_000);
  redis.stored.set('1', { ...inLine, timestamp: null });
  await pass(500);
  expect(ended()).toBeUndefined();
});

describe('a job that a worker holds', () => {
  const held = { worker: 'gone', isActive: true };

  it('is WORKER_LOST when the worker is gone at two looks, and the loss is recorded once for all of its jobs', async () => {
    const ended = [add('1', held), add('2', held)];
    await pass(1_000);
    expect(ended.map((one) => codeOf(one()))).toEqual([undefined, undefined]);
    await pass(500);
    expect([ended.map((one) => codeOf(one())), losses]).toEqual([
      ['WORKER_LOST', 'WORKER_LOST'],
      ['gone'],
    ]);
  });

  it.each([
    ['lives', { gone: alive }, held],
    ['tells what this version cannot read', { gone: '{"v":9}' }, held],
    ['has put it back into the line', {}, { ...held, isActive: false }],
  ])('waits when the worker %s', async (_, crew, stored) => {
    entries = { w: alive, ...crew };
    const ended = add('1', stored);
    await pass(20_000);
    expect([ended(), losses]).toEqual([undefined, []]);
  });

  it('waits while the worker lives, though nobody takes more jobs', async () => {
    entries = { gone: JSON.stringify({ capacity: 0, running: 1, meanJobMs: 100 }) };
    const ended = add('1', held);
    await pass(20_000);
    expect(ended()).toBeUndefined();
  });

  it('waits when the worker is heard of again', async () => {
    const ended = add('1', held);
    await pass(1_000);
    entries = { w: alive, gone: alive };
    await pass(1_500);
    entries = { w: alive };
    await pass(500);
    expect(ended()).toBeUndefined();
  });
});

it('what cannot be asked of one job is nothing to the others', async () => {
  const [bad, good] = [add('bad'), add('good', { finishedOn: '2', returned: '1' })];
  redis.stored.delete('bad');
  await pass(1_000);
  expect([bad(), good(), errors]).toEqual([undefined, { returned: 1 }, ['WRONGTYPE']]);
});

it('of many jobs 200 are asked about at a time', async () => {
  for (let n = 0; n < 300; n++) add(String(n));
  await pass(1_000);
  expect(redis.asked).toBe(200);
  await pass(500);
  expect(redis.asked).toBe(300);
});

describe('behind 1000 long jobs', () => {
  beforeEach(() => {
    for (let n = 0; n < 1_000; n++) add(`long ${n}`);
  });

  it('a missed end is found within 1.5 s if it is of another tenant, and within 3.5 s if it is of the same', async () => {
    const over = { finishedOn: '2', returned: '1' };
    const [other, same] = [add('other', over, 'b'), add('same', over)];
    await pass(1_500);
    expect(other()).toEqual({ returned: 1 });
    await pass(2_000);
    expect(same()).toEqual({ returned: 1 });
  });

  it('a lost worker is found out within 4 s: the second look at its job comes at the next poll', async () => {
    const ended = add('1', { worker: 'gone', isActive: true });
    await pass(4_000);
    expect(codeOf(ended())).toBe('WORKER_LOST');
  });

  it('a job that nobody takes is given up, though all that a worker holds are due at each poll', async () => {
    for (const job of pending.all())
      redis.stored.set(job.id, { ...inLine, worker: 'w', isActive: true });
    await pass(2_000);
    entries = { w: JSON.stringify({ capacity: 0, running: 1_000, meanJobMs: 100 }) };
    const ended = add('1', {}, 'b');
    await pass(4_500);
    expect(codeOf(ended())).toBe('NO_WORKER');
  });
});

describe('a job that was put back for 1 s', () => {
  it.each([
    ['is due', 0, []],
    ['is due in that time', 1_000, []],
    ['was due long ago, as a clock that was set back has it', -3_600_000, ['1']],
    ['is due in an hour, as a clock that jumped has it', 3_600_000, ['1']],
  ])('and %s', async (_, dueInMs, promotes) => {
    const score = String((Date.now() + 1_000 + dueInMs) * 0x1000);
    add('1', { worker: 'w', delay: '1000', score });
    await pass(1_000);
    expect(promoted).toEqual(promotes);
  });

  it('and is in line again is left there', async () => {
    add('1', { worker: 'w', delay: '1000', score: null });
    await pass(5_000);
    expect(promoted).toEqual([]);
  });
});

describe('asked for at once, as after a gap,', () => {
  it('a job that is over is settled', async () => {
    const ended = add('1', { finishedOn: '2', returned: '1' });
    watch.ask(pending.all());
    await pass(0);
    expect(ended()).toEqual({ returned: 1 });
  });

  it('a job is not suspected: no beat lies between', async () => {
    const ended = add('1', { timestamp: null });
    for (let n = 0; n < 5; n++) watch.ask(pending.all());
    await pass(400);
    expect(ended()).toBeUndefined();
  });
});

it('while Redis is away nothing is known: no load, no loss', async () => {
  expect(watch.load).toEqual({ workers: 1, capacity: 1, meanJobMs: 100, waiting: 2 });
  const ended = add('1', { timestamp: null });
  redis.status = 'reconnecting';
  await pass(10_000);
  expect([watch.load.workers, ended(), errors[0]]).toEqual([
    0,
    undefined,
    'Redis is not connected.',
  ]);
  redis.status = 'ready';
});
