/** Calls with the same evaluationId, and more calls than the server takes. */
import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/protocol/decision.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

const good = { context: stopContext, hooks: stopHook('exit 0') };

describe('an evaluationId', () => {
  const ask = { ...good, evaluationId: 'one', hooks: stopHook('exit 2') };

  test('asked twice, one after another or at once, runs once', async () => {
    const { app, jobs } = appUnderTest();
    const call = () => app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    const answers = [...(await Promise.all([call(), call()])), await call()];
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect(
      answers.filter((answer) => answer.headers['x-hookpool-repeated'] === 'true').length,
    ).toBe(2);
    expect(jobs.length).toBe(1);
  });

  test('for something else is another evaluation: tool calls have one id before and after', async () => {
    const { app, jobs } = appUnderTest();
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    const answer = await app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { ...ask, hooks: stopHook('exit 0') },
    });
    expect([answer.json().decision, jobs.length]).toEqual(['none', 2]);
  });

  test('is looked up in the record that servers share', async () => {
    const asked: string[] = [];
    const record = {
      find: async ({ evaluationId }: { evaluationId: string }) =>
        void asked.push(evaluationId) as undefined,
      claim: async (_: unknown, decision: Decision) => ({
        ...decision,
        reason: 'of another server',
      }),
    };
    const { app } = appUnderTest({ backend: { record } });
    const first = await app.inject({ method: 'POST', url: '/v1/evaluate', payload: ask });
    const { evaluationId: _, ...unnamed } = ask;
    const second = await app.inject({ method: 'POST', url: '/v1/evaluate', payload: unnamed });
    expect([first.json().reason, second.json().reason, asked.length]).toEqual([
      'of another server',
      'because',
      1,
    ]);
  });

  test('is for that record another one when other hooks are asked', async () => {
    const asked = new Set<string>();
    const record = {
      find: async ({ evaluationId }: { evaluationId: string }) =>
        void asked.add(evaluationId) as undefined,
      claim: async (_: unknown, decision: Decision) => decision,
    };
    const call = (script: string) => {
      // A server each, so that only the record could tell.
      const { app } = appUnderTest({ backend: { record } });
      return app.inject({
        method: 'POST',
        url: '/v1/evaluate',
        payload: { ...ask, hooks: stopHook(script) },
      });
    };
    for (const script of ['exit 2', 'exit 0', 'exit 2']) await call(script);
    expect(asked.size).toBe(2);
  });

  test('of another tenant is another evaluation', async () => {
    const { app, jobs } = appUnderTest();
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: { ...ask, tenant: 'a' } });
    await app.inject({ method: 'POST', url: '/v1/evaluate', payload: { ...ask, tenant: 'b' } });
    expect(jobs.map((job) => job.tenant)).toEqual(['a', 'b']);
  });
});

test('more than maxInFlight are told to come back', async () => {
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    free = resolve;
  });
  const run = async () => held.then(() => Promise.reject(new Error('over')));
  const { app } = appUnderTest({ maxInFlight: 1, backend: { run } });
  const payload = { ...good, hooks: stopHook('exit 0', { failMode: 'block' }) };
  // inject() begins when somebody waits for it.
  const first = app
    .inject({ method: 'POST', url: '/v1/evaluate', payload })
    .then((answer) => answer);
  const second = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect([second.statusCode, second.json().error.code, second.headers['retry-after']]).toEqual([
    503,
    'OVERLOADED',
    '2',
  ]);
  free();
  expect((await first).json()).toMatchObject({ decision: 'block', cause: { code: 'INTERNAL' } });
  const third = await app.inject({ method: 'POST', url: '/v1/evaluate', payload });
  expect(third.statusCode).toBe(200);
});
