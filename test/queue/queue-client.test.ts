/**
 * What a dispatcher puts into the line, and when it stops waiting, with a BullMQ and a Redis that
 * only record.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/queue/outcome.ts';
import { type Entry, QueueClient } from '../../src/queue/queue-client.ts';
import type { RunMessage } from '../../src/wire/run-message.ts';
import { FakeBull } from './fake-bull.ts';
import { FakeRedis, noError } from './fake-redis.ts';

const bull = new FakeBull();

vi.mock('bullmq', () => ({
  get Queue() {
    return bull.queue();
  },
}));

// The fake timers leave those of node:timers/promises alone.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

/** One for the line, and one on which it hears results. */
let connections: FakeRedis[];
/** What workers tell, and how many jobs are in line. */
let crew: { workers: string[]; waiting: number };

vi.mock('../../src/redis/connection.ts', async (importOriginal) => ({
  ...(await importOriginal<typeof import('../../src/redis/connection.ts')>()),
  connect: () => {
    const redis = Object.assign(new FakeRedis(), {
      subscribe: async () => undefined,
      hmget: async () => ['1', null, null, null, null, '0'],
    });
    redis.answer = ({ script }) =>
      script.includes('SMEMBERS') ? [['1', '0'], crew.waiting, crew.workers] : 0;
    connections.push(redis);
    return redis;
  },
}));

let line: QueueClient;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(bull, new FakeBull());
  connections = [];
  crew = {
    workers: ['w', JSON.stringify({ capacity: 1, running: 0, meanJobMs: 100 })],
    waiting: 0,
  };
  line = new QueueClient({ redis: { url: 'redis://unused' }, onError: noError });
});

afterEach(async () => {
  await line.close();
  vi.useRealTimers();
});

async function ready(): Promise<void> {
  connections[1]?.emit('ready');
  await line.ready(1_000);
}

const message: RunMessage = {
  v: 1,
  kind: 'run',
  tenant: 'a',
  isolation: 'tenant',
  runtime: 'bash',
  source: 'exit 0',
  stdin: '',
  timeoutMs: 1_000,
  budgetMs: 4_000,
};
const entryOf = (
  id: string,
  over: Partial<RunMessage> = {},
  priority: Entry['priority'] = 'normal',
): Entry => ({
  id,
  name: 'run',
  message: { ...message, ...over },
  priority,
  apart: false,
});
const send = (entry: Entry, signal = new AbortController().signal): Promise<Outcome> =>
  line.send(entry, signal);
const tell = (id: string) =>
  connections[1]?.emit('message', 'results', `${id}\n{"returned":"result"}`);
const codeOf = (outcome: Outcome) =>
  'failure' in outcome ? outcome.failure.code : outcome.returned;

it('the first of a tenant come first, the more of it wait the later, and urgent ones before all', async () => {
  for (const id of ['a1', 'a2']) void send(entryOf(id));
  void send(entryOf('b1', { tenant: 'b' }));
  void send(entryOf('a3', {}, 'urgent'));
  expect(bull.added.map(({ id, priority }) => [id, priority])).toEqual([
    ['a1', 2],
    ['a2', 3],
    ['b1', 2],
    ['a3', 1],
  ]);
  expect(bull.added[0]).toMatchObject({ keep: { age: 60, count: 1_000 }, telemetry: undefined });
});

it('the trace of a caller stands beside the data of its job', () => {
  void send({ ...entryOf('1'), trace: { traceparent: 'p', traceId: 't' } });
  expect(bull.added[0]?.telemetry).toEqual({ metadata: '{"traceparent":"p"}' });
});

it('equal work is added once, and whoever waits for it gets the one outcome', async () => {
  const outcomes = [send(entryOf('1')), send(entryOf('1'))];
  tell('1');
  expect((await Promise.all(outcomes)).map(codeOf)).toEqual(['result', 'result']);
  expect([bull.added.length, line.stats().pending]).toEqual([1, 0]);
});

it('a job gets an end in Redis, 10 minutes after its budget', async () => {
  void send(entryOf('1'));
  await vi.advanceTimersByTimeAsync(25);
  expect(connections[0]?.calls.at(-1)).toMatchObject({
    keys: ['{hookpool}:hooks:1'],
    args: [604_000],
  });
});

it('a queue that takes no job is QUEUE_UNAVAILABLE', async () => {
  bull.add = () => Promise.reject(new Error('Connection is closed.'));
  const outcome = await send(entryOf('1'));
  expect(outcome).toMatchObject({
    failure: { code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('closed') },
  });
  expect(line.stats().pending).toBe(0);
});

describe('a job whose wait is estimated longer than its budget', () => {
  beforeEach(async () => {
    crew.waiting = 50;
    await ready();
  });

  it('is OVERLOADED at once, and never added', async () => {
    for (let n = 0; n < 20; n++) void send(entryOf(`a${n}`));
    const outcome = await send(entryOf('late', { budgetMs: 3_000 }));
    expect([codeOf(outcome), bull.added.length]).toEqual(['OVERLOADED', 20]);
  });

  it('is added when it is urgent', async () => {
    for (let n = 0; n < 20; n++) void send(entryOf(`a${n}`));
    void send(entryOf('late', { budgetMs: 1 }, 'urgent'));
    expect(bull.added.at(-1)?.id).toBe('late');
  });

  it('is added while nobody knows how long it would wait', async () => {
    crew.workers = [];
    await vi.advanceTimersByTimeAsync(500);
    void send(entryOf('late', { budgetMs: 1 }));
    expect(bull.added.length).toBe(1);
  });
});

describe('a caller who leaves', () => {
  it('is answered at once; the last one takes the job out of the line', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const outcomes = [send(entryOf('1'), first.signal), send(entryOf('1'), second.signal)];
    await vi.advanceTimersByTimeAsync(0);
    first.abort();
    expect([codeOf((await outcomes[0]) as Outcome), bull.removed]).toEqual(['HOOK_CANCELLED', []]);
    second.abort();
    expect([codeOf((await outcomes[1]) as Outcome), bull.removed]).toEqual([
      'HOOK_CANCELLED',
      ['1'],
    ]);
    expect(line.stats().pending).toBe(0);
  });

  it('leaves the others their answer', async () => {
    const leaving = new AbortController();
    const outcomes = [send(entryOf('1'), leaving.signal), send(entryOf('1'))];
    await vi.advanceTimersByTimeAsync(0);
    leaving.abort();
    await outcomes[0];
    tell('1');
    expect(codeOf((await outcomes[1]) as Outcome)).toBe('result');
  });

  it('who had left before is answered too', async () => {
    expect(codeOf(await send(entryOf('1'), AbortSignal.abort()))).toBe('HOOK_CANCELLED');
    expect(bull.removed).toEqual(['1']);
  });
});

describe('a large job', () => {
  const large = { stdin: 'x'.repeat((64 << 10) + 1) };

  it('is removed once its answer is here, as soon as its worker has let go', async () => {
    bull.held = 1;
    const outcome = send(entryOf('1', large));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(bull.removed).toEqual([]);
    tell('1');
    await outcome;
    await vi.advanceTimersByTimeAsync(54);
    expect(bull.removed).toEqual(['1']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bull.removed).toEqual(['1', '1']);
  });

  it('that its worker keeps is left to its own end after three tries', async () => {
    bull.held = 9;
    void send(entryOf('1', large));
    await vi.advanceTimersByTimeAsync(0);
    tell('1');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bull.removed.length).toBe(3);
  });

  it('is the only kind that is', async () => {
    void send(entryOf('1', { stdin: 'x'.repeat(64 << 10) }));
    await vi.advanceTimersByTimeAsync(0);
    tell('1');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bull.removed).toEqual([]);
  });
});

it('after a gap it asks Redis for what it waits for', async () => {
  const outcome = send(entryOf('1'));
  Object.assign(connections[0] ?? {}, {
    hmget: async () => ['1', '2', '"missed"', null, 'w', '0'],
  });
  connections[1]?.emit('ready');
  expect(codeOf(await outcome)).toBe('missed');
});

it('closed, it answers SHUTTING_DOWN to all and lets go of both connections', async () => {
  const outcome = send(entryOf('1'));
  await line.close();
  const codes = [codeOf(await outcome), codeOf(await send(entryOf('2')))];
  expect(codes).toEqual(['SHUTTING_DOWN', 'SHUTTING_DOWN']);
  expect([line.closed, bull.added.length, connections.map(({ status }) => status)]).toEqual([
    true,
    1,
    ['end', 'end'],
  ]);
});
