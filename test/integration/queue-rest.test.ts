/** What a worker whose engine fails tells, and what its callers are told, with a real Redis. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { readRoster } from '../../src/queue/heartbeat.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

const down = { code: 'ENGINE_DOWN', message: 'The engine does not answer.' } as const;

async function capacity(): Promise<number | undefined> {
  const { workers } = await rig.redis.use((client) => readRoster(client, 'hooks'));
  return [...workers.values()][0]?.capacity;
}

test('a worker that rests tells no places, and NO_WORKER is the answer when it rests for longer than 3 s', async () => {
  rig.worker({ execute: async (job) => decide(job.dialect, job.hook, down) });
  const runner = await rig.runner();
  // Each is tried twice: the rests are 0.5 s, 1 s, 2 s, and 4 s from then on.
  for (let n = 0; n < 2; n++)
    expect(codeOf(await ask(runner, bashHook('exit 0'), 20_000))).toBe('ENGINE_DOWN');
  await vi.waitFor(async () => expect(await capacity()).toBe(0), { timeout: 1_500 });
  const answer = await ask(runner, bashHook('exit 0'), 20_000);
  expect(codeOf(answer)).toBe('NO_WORKER');
  expect(answer.decision.results[0]?.cause).toMatchObject({
    message: expect.stringContaining('rest since their engine fails'),
  });
  expect(answer.tookMs).toBeLessThan(4_000);
});

test('a job waits for a worker that rests for a short time', async () => {
  let failures = 2;
  rig.worker({
    execute: async (job) =>
      failures-- > 0 ? decide(job.dialect, job.hook, down) : playScript(job),
  });
  const runner = await rig.runner();
  expect(codeOf(await ask(runner, bashHook('exit 0'), 20_000))).toBe('ENGINE_DOWN');
  expect((await ask(runner, bashHook('reason: up again'), 20_000)).decision.reason).toBe(
    'up again',
  );
  await vi.waitFor(async () => expect(await capacity()).toBe(4), { timeout: 1_500 });
});
