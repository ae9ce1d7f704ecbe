/** What a worker tells of itself, and what dispatchers make of it. */
import { expect, it } from 'vitest';
import { beat, leave, mostAbout, readRoster } from '../../src/queue/heartbeat.ts';
import type { RedisClient } from '../../src/redis/connection.ts';
import { quarantineKey, workerKey, workersKey } from '../../src/redis/keys.ts';
import { FakeRedis } from './fake-redis.ts';

const state = { capacity: 4, running: 1, meanJobMs: 12.5, stuckMs: 0, starting: false };

it('a beat writes the state for 2 s and hears the time, the line and the scripts in quarantine', async () => {
  const redis = new FakeRedis();
  redis.answer = () => [['7', '8'], 3, ['bad']];
  expect(await beat(redis.client, 'hooks', 'w', state)).toEqual({
    time: ['7', '8'],
    waiting: 3,
    quarantined: ['bad'],
  });
  const [call] = redis.calls;
  expect(call?.keys).toEqual([
    workerKey('hooks', 'w'),
    workersKey('hooks'),
    '{hookpool}:hooks:wait',
    '{hookpool}:hooks:prioritized',
    quarantineKey('hooks'),
  ]);
  expect(call?.args).toEqual([JSON.stringify(state), 'w', 2_000, 1_000]);
});

/** @returns what a dispatcher takes a worker for, by what its entry says */
async function seen(text: string): Promise<unknown> {
  const redis = new FakeRedis();
  redis.answer = () => [['1', '0'], 0, ['w', text]];
  const { workers, unreadable } = await readRoster(redis.client, 'hooks');
  return workers.get('w') ?? (unreadable.has('w') ? 'unreadable' : 'lost');
}

it('a worker is lost, though its heartbeat goes on, once its main thread has not answered for 15 s', async () => {
  expect(await seen(JSON.stringify({ ...state, stuckMs: 14_999 }))).toEqual({
    ...state,
    stuckMs: 14_999,
  });
  expect(await seen(JSON.stringify({ ...state, stuckMs: 15_000 }))).toBe('lost');
});

it('a version that tells less lives: not stuck, not starting', async () => {
  const { stuckMs: _, starting: __, ...old } = state;
  expect(await seen(JSON.stringify(old))).toEqual(state);
  expect(await seen(JSON.stringify({ ...old, starting: 'yes' }))).toEqual(state);
  expect(await seen(JSON.stringify({ ...old, starting: true }))).toEqual({
    ...state,
    starting: true,
  });
});

it('what a worker tells of itself is there as it was sent, unless it is too long or no text', async () => {
  const about = 'x'.repeat(mostAbout);
  expect(await seen(JSON.stringify({ ...state, about }))).toEqual({ ...state, about });
  for (const other of [`${about}x`, 7, null])
    expect(await seen(JSON.stringify({ ...state, about: other }))).toEqual(state);
});

it.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['null', 'null'],
  ['a version of tomorrow', '{"v":9}'],
  ['less than no capacity', JSON.stringify({ ...state, capacity: -1 })],
  ['a number that is a text', JSON.stringify({ ...state, running: '1' })],
  ['endless jobs', '{"capacity":1,"running":0,"meanJobMs":1e999}'],
  ['a time that is none', JSON.stringify({ ...state, stuckMs: 'long' })],
])('an entry with %s cannot be read, and costs the others nothing', async (_, text) => {
  expect(await seen(text)).toBe('unreadable');
  const redis = new FakeRedis();
  redis.answer = () => [['1', '0'], 5, ['bad', text, 'good', JSON.stringify(state)]];
  const crew = await readRoster(redis.client, 'hooks');
  expect([[...crew.workers.keys()], [...crew.unreadable], crew.waiting, crew.time]).toEqual([
    ['good'],
    ['bad'],
    5,
    ['1', '0'],
  ]);
});

it('a worker that leaves takes its entry and its name along', async () => {
  const done: string[] = [];
  const did = (what: string) => {
    done.push(what);
    return chain;
  };
  const chain = {
    del: (key: string) => did(`del ${key}`),
    srem: (key: string, name: string) => did(`srem ${key} ${name}`),
    exec: async () => did('exec'),
  };
  await leave({ multi: () => chain } as unknown as RedisClient, 'hooks', 'w');
  expect(done).toEqual([`del ${workerKey('hooks', 'w')}`, `srem ${workersKey('hooks')} w`, 'exec']);
});
