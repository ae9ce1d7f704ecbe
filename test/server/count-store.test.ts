import { expect, test } from 'vitest';
import { countStepMs, countSteps, MemoryCounts, noCounts } from '../../src/server/count-store.ts';
import { appUnderTest, stopContext, stopHook } from './app-under-test.ts';

test('evaluations are counted by tenant, step and outcome for 24 hours', async () => {
  let now = 5 * countStepMs;
  const counts = new MemoryCounts(undefined, () => now);
  await counts.add('t', 'block');
  await counts.add('t', 'block');
  await counts.add('other', 'ask');
  now += countStepMs;
  await counts.add('t', 'not-run');
  expect(await counts.list('t')).toEqual([
    { step: 5, ...noCounts, block: 2 },
    { step: 6, ...noCounts, 'not-run': 1 },
  ]);
  now = (5 + countSteps) * countStepMs;
  expect((await counts.list('t')).map(({ step }) => step)).toEqual([6]);
  now = 0;
  expect(await counts.list('t')).toEqual([]);
  expect(await counts.list('none')).toEqual([]);
});

test('beyond the most steps the oldest of the tenant that has most goes', async () => {
  let now = 0;
  const counts = new MemoryCounts(3, () => now);
  await counts.add('other', 'ask');
  for (let step = 0; step < 4; step += 1) {
    now = step * countStepMs;
    await counts.add('t', 'allow');
  }
  expect((await counts.list('t')).map(({ step }) => step)).toEqual([2, 3]);
  expect(await counts.list('other')).toHaveLength(1);
});

test('the API tells what was counted, and whether a hook or its fail mode decided', async () => {
  const { app } = appUnderTest();
  for (const hooks of [stopHook('exit 2'), stopHook('exit 7', { failMode: 'block' }), {}]) {
    const payload = { context: stopContext, hooks };
    expect((await app.inject({ method: 'POST', url: '/v1/evaluate', payload })).statusCode).toBe(
      200,
    );
  }
  const { steps, stepMs } = (await app.inject({ url: '/v1/counts' })).json();
  expect(stepMs).toBe(countStepMs);
  const sum = (name: string) =>
    steps.reduce((all: number, step: Record<string, number>) => all + (step[name] ?? 0), 0);
  expect(['block', 'fail-mode', 'none', 'allow'].map(sum)).toEqual([1, 1, 1, 0]);
  expect(Math.abs(Date.parse(steps.at(-1).at) - Date.now())).toBeLessThan(2 * countStepMs);
});

test('counts that cannot be written cost no evaluation, and are logged', async () => {
  const logged: unknown[] = [];
  const counts = { add: async () => Promise.reject(new Error('away')), list: async () => [] };
  const logger = { error: (...said: unknown[]) => logged.push(said) };
  const { EvaluationRecords } = await import('../../src/server/evaluation-records.ts');
  const records = new EvaluationRecords({
    counts,
    logger,
    audit: () => undefined,
    metrics: { evaluated: () => undefined },
    evaluations: { get: async () => undefined, put: async () => undefined },
  } as unknown as ConstructorParameters<typeof EvaluationRecords>[0]);
  records.keep({ record: { id: 'e', tenant: 't', decision: 'none' } } as never);
  await records.close();
  expect(logged).toMatchObject([[{ evaluation: 'e', reason: 'away' }, expect.any(String)]]);
});
