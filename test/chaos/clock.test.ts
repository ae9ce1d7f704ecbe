/**
 * The clock of a host jumps. Every time in src/queue comes from Date.now() or from the monotonic
 * clock, and BullMQ takes its own from Date.now(): so moving that alone, with timers and
 * performance.now() going on, is what a jump of the host's clock is for a worker and a dispatcher.
 * Redis keeps its own time.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bullKey } from '../../src/redis/keys.ts';
import { slackMs, untilHealthy } from '../support/healthy.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

const hourMs = 3_600_000;
const jumps = [
  ['forward', hourMs],
  ['back', -hourMs],
] as const;
let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rig.close();
});

function jump(ms: number): void {
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ms);
}

test.each(jumps)(
  '%s by an hour while a job runs and another waits: both are run and answered',
  async (_, ms) => {
    let runs = 0;
    rig.worker({
      concurrency: 1,
      execute: (job) => {
        runs++;
        return playScript(job);
      },
    });
    const runner = await rig.runner();
    const asking = Promise.all(
      ['a', 'b'].map((tenant) => ask(runner, bashHook('sleep 1200\nreason: no'), 8_000, tenant)),
    );
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 3_000, interval: 10 });
    jump(ms);
    expect((await asking).map(({ decision }) => decision.reason)).toEqual(['no', 'no']);
    expect(runs).toBe(2);
    await untilHealthy(runner);
  },
);

test.each(jumps)(
  '%s by an hour does not make a budget longer: nothing runs after it',
  async (_, ms) => {
    const runner = await rig.runner();
    const asking = ask(runner, bashHook('exit 0'), 700);
    jump(ms);
    const answer = await asking;
    expect([answer.decision.decision, codeOf(answer)]).toEqual(['block', 'DEADLINE']);
    expect(answer.tookMs).toBeLessThan(700 + slackMs);
    rig.worker();
    await untilHealthy(runner);
  },
);

test.each(jumps)(
  '%s by an hour while a job is put back: it is taken when its turn comes',
  async (_, ms) => {
    rig.worker({ concurrency: 2, tenantCap: 1 });
    const runner = await rig.runner();
    const first = ask(runner, bashHook('sleep 1500'), 8_000);
    await vi.waitFor(() => expect(runner.stats().pending).toBe(1), { timeout: 3_000, interval: 5 });
    const second = ask(runner, bashHook('reason: no', { name: 'second' }), 8_000);
    await rig.redis.use((client) =>
      vi.waitFor(async () => expect(await client.zcard(bullKey('hooks', 'delayed'))).toBe(1), {
        timeout: 3_000,
        interval: 5,
      }),
    );
    jump(ms);
    expect(codeOf(await first)).toBeUndefined();
    const answer = await second;
    expect(answer.decision.reason).toBe('no');
    expect(answer.tookMs).toBeLessThan(6_000);
  },
);

test.each(jumps)(
  'a worker whose clock is wrong from its start judges no job by it (%s)',
  async (_, ms) => {
    const runner = await rig.runner();
    const asking = Promise.all(
      [1, 2, 3, 4].map((n) => ask(runner, bashHook('reason: no', { name: `hook${n}` }), 5_000)),
    );
    await vi.waitFor(() => expect(runner.stats().pending).toBe(4), { timeout: 2_000, interval: 5 });
    jump(ms);
    rig.worker();
    expect((await asking).map(codeOf)).toEqual([undefined, undefined, undefined, undefined]);
  },
);
