/** The queue itself: more jobs than can be done, and a BullMQ that sleeps beside them. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CommandJob } from '../../src/protocol/job.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { bullKey } from '../../src/redis/keys.ts';
import { quick, slackMs, untilHealthy } from '../support/healthy.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

test('a worker that sleeps beside waiting jobs is started anew (BullMQ issue 4585)', async () => {
  const runner = await rig.runner();
  const asking = ask(runner, quick, 20_000);
  await rig.redis.use(async (client) => {
    const line = bullKey('hooks', 'prioritized');
    await vi.waitFor(async () => expect(await client.zcard(line)).toBe(1), {
      timeout: 2_000,
      interval: 10,
    });
    const [id = '', score = ''] = await client.zrange(line, '0', '0', 'WITHSCORES');
    await client.del(line, bullKey('hooks', 'marker'));
    const worker = rig.worker({ drainDelayMs: 60_000 });
    await vi.waitFor(async () => expect(await client.client('LIST')).toContain('cmd=bzpopmin'), {
      timeout: 3_000,
      interval: 10,
    });
    // In line again, but without the marker that wakes a worker.
    await client.zadd(line, Number(score), id);
    expect((await asking).decision.reason).toBe('no');
    expect(worker.stats().restarts).toBe(1);
  });
});

test('a backlog beyond the deadline: everybody is answered in time, nobody is started late', async () => {
  const deadlineMs = 1_000;
  const asked = performance.now();
  const starts: number[] = [];
  rig.worker({
    concurrency: 2,
    execute: (job) => {
      starts.push(performance.now() - asked);
      return playScript(job);
    },
  });
  const runner = await rig.runner();
  await ask(runner, bashHook('sleep 100'));
  await vi.waitFor(() => expect(runner.stats().meanJobMs).toBeGreaterThan(50), {
    timeout: 3_000,
    interval: 20,
  });
  const begun = performance.now() - asked;
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      ask(
        runner,
        bashHook('sleep 100\nreason: no', { name: `hook${n}` }),
        deadlineMs,
        `tenant${n % 6}`,
      ),
    ),
  );
  expect(Math.max(...answers.map(({ lateMs }) => lateMs))).toBeLessThan(slackMs);
  expect(answers.filter(({ decision }) => decision.decision !== 'block')).toEqual([]);
  const codes = answers.map(codeOf);
  expect(codes.filter((code) => code === undefined).length).toBeGreaterThanOrEqual(8);
  expect(codes.filter((code) => code === 'OVERLOADED').length).toBeGreaterThan(10);
  expect(Math.max(...starts)).toBeLessThan(begun + deadlineMs + slackMs);
  await untilHealthy(runner);
});

test('a worker whose engine is down leaves the jobs to the others', async () => {
  let refused = 0;
  const down = (job: CommandJob) => {
    refused++;
    return Promise.resolve(
      decide(job.dialect, job.hook, { code: 'ENGINE_DOWN', message: 'No engine.' }),
    );
  };
  rig.worker({ execute: down });
  const runner = await rig.runner();
  expect(codeOf(await ask(runner, bashHook('exit 0'), 5_000))).toBe('ENGINE_DOWN');
  rig.worker();
  await untilHealthy(runner);
  refused = 0;
  for (let n = 0; n < 30; n++) {
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, k) =>
        ask(runner, bashHook('sleep 20\nreason: no', { name: `g${k}` })),
      ),
    );
    expect(answers.map(({ decision }) => decision.reason)).toEqual(['no', 'no', 'no', 'no']);
  }
  expect(refused).toBeLessThan(30);
});
