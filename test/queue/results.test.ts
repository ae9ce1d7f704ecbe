/** How a result gets home, with a connection that only records. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/queue/outcome.ts';
import { PendingJobs } from '../../src/queue/pending.ts';
import { publishResult, ResultListener } from '../../src/queue/results.ts';
import type { RedisClient } from '../../src/redis/connection.ts';
import { resultsChannel } from '../../src/redis/keys.ts';
import { FakeRedis } from './fake-redis.ts';

class Subscriber extends FakeRedis {
  readonly channels: string[] = [];
  refuses = false;

  async subscribe(channel: string): Promise<void> {
    if (this.refuses) throw new Error('NOPERM');
    this.channels.push(channel);
  }
}

let connection: Subscriber;
vi.mock('../../src/redis/connection.ts', () => ({ connect: () => connection }));

let pending: PendingJobs;
let listener: ResultListener;
let errors: Error[];
let gaps: number;

beforeEach(() => {
  connection = new Subscriber();
  pending = new PendingJobs();
  [errors, gaps] = [[], 0];
  const onError = (error: Error) => void errors.push(error);
  listener = new ResultListener({
    redis: { url: 'redis://unused' },
    queue: 'hooks',
    pending,
    onError,
    onGap: () => void gaps++,
  });
});

const wait = (id: string): Promise<Outcome> =>
  pending.add({ id, tenant: 'a', apart: false }).outcome;

it('what a worker tells is what the dispatcher hears', async () => {
  const heard = [wait('1'), wait('2')];
  const publish = async (channel: string, message: string) => {
    expect(channel).toBe(resultsChannel('hooks'));
    connection.emit('message', channel, message);
  };
  const worker = { publish } as unknown as RedisClient;
  await publishResult(worker, 'hooks', '1', { returned: { text: 'a\nb' } });
  await publishResult(worker, 'hooks', '2', { failedReason: 'ENGINE_DOWN: no engine' });
  expect(await Promise.all(heard)).toEqual([
    { returned: { text: 'a\nb' } },
    { failure: { code: 'ENGINE_DOWN', message: 'no engine' } },
  ]);
});

it.each(['{"returned":', '', 'null', '7'])(
  '%j is no result, and ends the wait all the same',
  async (text) => {
    const heard = wait('1');
    connection.emit('message', resultsChannel('hooks'), `1\n${text}`);
    expect(await heard).toEqual({ returned: undefined });
  },
);

it('a message for nobody does no harm to those who wait', () => {
  void wait('1');
  for (const message of ['', '1', '2\n{"returned":1}', '\n1'])
    connection.emit('message', resultsChannel('hooks'), message);
  expect(pending.size).toBe(1);
});

it('after every connection it listens again, and asks for what it may have missed', async () => {
  expect(connection.channels).toEqual([]);
  connection.emit('ready');
  await listener.listening;
  connection.emit('ready');
  await Promise.resolve();
  expect([connection.channels, gaps]).toEqual([
    [resultsChannel('hooks'), resultsChannel('hooks')],
    2,
  ]);
});

it('a Redis that refuses it is QUEUE_UNAVAILABLE, with no gap to ask for', async () => {
  connection.refuses = true;
  connection.emit('ready');
  await expect(listener.listening).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  expect([errors.length, gaps]).toEqual([1, 0]);
});

it('closed, it lets go of its connection', () => {
  listener.close();
  expect(connection.status).toBe('end');
});
