/** How results get home with a real Redis. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { keyPrefix, resultsChannel } from '../../src/redis/keys.ts';
import { bashHook, never, sampleJob } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

const call = (evaluationId: string) =>
  ({ evaluationId, budgetMs: 10_000, priority: 'normal' }) as const;
let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

test('a worker hears of the trace of a job, and takes one without', async () => {
  const traceId = 'a'.repeat(32);
  const trace = { traceparent: `00-${traceId}-${'b'.repeat(16)}-01`, traceId };
  const heard: unknown[] = [];
  rig.worker({ observe: ({ end, traceId }) => heard.push([end, traceId]) });
  const runner = await rig.runner();
  await runner.run(sampleJob(), never, { ...call('traced'), trace });
  await runner.run(sampleJob(), never, call('other'));
  expect(heard).toEqual([
    ['done', traceId],
    ['done', undefined],
  ]);
});

describe('a result', () => {
  test('that nobody heard is asked for', async () => {
    rig.worker();
    const runner = await rig.runner();
    await rig.redis.use(async (client) => {
      // Every message of the next half second comes to nobody.
      const deaf = setInterval(() => void client.call('CLIENT', 'KILL', 'TYPE', 'pubsub'), 5);
      try {
        expect((await ask(runner, bashHook('reason: heard'))).decision.reason).toBe('heard');
      } finally {
        clearInterval(deaf);
      }
      await vi.waitFor(async () =>
        expect(await client.pubsub('NUMSUB', resultsChannel('hooks'))).toContain(1),
      );
    });
    const { tookMs, decision } = await ask(runner, bashHook('reason: at once'));
    expect(decision.reason).toBe('at once');
    expect(tookMs).toBeLessThan(500);
  });

  test('that is none is INTERNAL, and none of a job that nobody waits for does harm', async () => {
    const runner = await rig.runner();
    await rig.redis.use(async (client) => {
      const asking = ask(runner, bashHook('reason: never'));
      await vi.waitFor(async () =>
        expect(await client.zcard(`${keyPrefix}:hooks:prioritized`)).toBe(1),
      );
      const [id] = await client.zrange(`${keyPrefix}:hooks:prioritized`, '0', '0');
      for (const message of ['', 'nobody\n{}', `${id}`])
        await client.publish(resultsChannel('hooks'), message);
      await client.publish(resultsChannel('hooks'), `${id}\n{"returned":`);
      expect(codeOf(await asking)).toBe('INTERNAL');
    });
  });

  test('is told to whoever asks again when it is there already', async () => {
    rig.worker();
    const [one, two] = [await rig.runner(), await rig.runner()];
    const first = await one.run(sampleJob(), never, call('again'));
    const started = performance.now();
    expect(await two.run(sampleJob(), never, call('again'))).toMatchObject({ cause: first.cause });
    expect(performance.now() - started).toBeLessThan(500);
  });
});
