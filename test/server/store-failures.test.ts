/** Stores that are slow or away, seen by the caller. */
import { describe, expect, test } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { memoryStores } from '../../src/server/memory-stores.ts';
import type { EvaluationStore } from '../../src/server/stores.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const hooks = stopHook('exit 2');
const ask = { context: stopContext, hooks };
const away = () =>
  Promise.reject(new UnavailableError('QUEUE_UNAVAILABLE', 'Redis did not do it.'));
const evaluationsWith = (more: Partial<EvaluationStore>): EvaluationStore => ({
  get: async () => undefined,
  put: async () => undefined,
  list: async () => ({ evaluations: [], next: undefined, scanned: 0, unreadable: 0 }),
  ...more,
});

test.each([
  [
    'switches of a thread',
    { threads: { ...memoryStores().threads, active: away } },
    { ...ask, thread: 't' },
  ],
  [
    'hook sets',
    { hookSets: { ...memoryStores().hookSets, resolve: away } },
    { context: stopContext, hookset: 'x' },
  ],
])(
  'with no answer about %s nothing runs, and the caller may come again',
  async (_, stores, payload) => {
    const { app, jobs } = appUnderTest(stores);
    const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
    expect([answer.statusCode, answer.json().error.code, answer.headers['retry-after']]).toEqual([
      503,
      'QUEUE_UNAVAILABLE',
      '2',
    ]);
    expect(jobs).toEqual([]);
  },
);

test('the hook set and the thread are asked for at once, and have a third of the deadline', async () => {
  const asked: (string | number)[] = [];
  let answer: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { hookSets, threads } = memoryStores();
  const { app } = appUnderTest({
    hookSets: {
      ...hookSets,
      resolve: async (_tenant, _name, withinMs) => {
        asked.push('set', withinMs);
        await held;
        return { set: undefined, globals: [] };
      },
    },
    threads: {
      ...threads,
      active: async (_tenant, _thread, withinMs = 0) => {
        asked.push('thread', withinMs);
        return [];
      },
    },
  });
  const payload = { context: stopContext, hookset: 'x', thread: 't', deadlineMs: 300 };
  const asking = app.inject({ method: 'POST', url: '/v1/evaluate', payload }).then((got) => got);
  await expect.poll(() => asked).toEqual(['set', 100, 'thread', 100]);
  answer();
  expect((await asking).statusCode).toBe(404);
});

describe('the record of an evaluation', () => {
  test('is not waited for, but for at the end of the server', async () => {
    let write: () => void = () => undefined;
    const written = new Promise<void>((resolve) => {
      write = resolve;
    });
    const { app } = appUnderTest({ evaluations: evaluationsWith({ put: () => written }) });
    const answer = await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    expect(answer.json().decision).toBe('block');
    let closed = false;
    const closing = app.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(closed).toBe(false);
    write();
    await closing;
  });

  test('that is lost is counted', async () => {
    const { app } = appUnderTest({ evaluations: evaluationsWith({ put: away }) });
    expect(
      (await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask })).json().decision,
    ).toBe('block');
    expect((await app.inject({ method: 'GET', url: '/metrics' })).body).toContain(
      'hookpool_audit_failures_total 1',
    );
  });

  test('that cannot be looked up costs no decision; without an evaluationId it is not looked up', async () => {
    let asked = 0;
    const get = () => {
      asked++;
      return away();
    };
    const { app } = appUnderTest({ evaluations: evaluationsWith({ get }) });
    for (const payload of [ask, { ...ask, evaluationId: 'one' }]) {
      expect(
        (await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).json().decision,
      ).toBe('block');
    }
    expect(asked).toBe(1);
  });
});

test('which limit of hook sets is reached is said', async () => {
  const limits = ['sets', 'bytes'] as const;
  const said = limits.map(async (limit) => {
    const hookSets = {
      ...memoryStores().hookSets,
      put: async () => ({ kind: 'full', limit, most: 7 }) as const,
    };
    const { app } = appUnderTest({ hookSets });
    const answer = await app.inject({ method: 'PUT', url: '/v1/hooksets/x', payload: { hooks } });
    return [answer.statusCode, answer.json().error.message];
  });
  expect(await Promise.all(said)).toEqual([
    [507, 'The tenant has 7 hook sets, the most that are kept. Remove one first.'],
    [
      507,
      "The tenant's hook sets would have more than 7 bytes together. Make it smaller, or remove one.",
    ],
  ]);
});
