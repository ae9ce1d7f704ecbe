/** The container engine stops, dies or freezes under a worker. The engine is the test's own. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { reap } from '../../src/sandbox/reaper.ts';
import { slackMs, untilHealthy } from '../support/healthy.ts';
import { testPool } from '../support/pool.ts';
import { PrivateEngine, whyNoPrivateEngine } from '../support/private-engine.ts';
import { bashHook } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

const supervisorGivesUpMs = 15_000;
const whyNot = whyNoPrivateEngine();
if (whyNot !== undefined) console.warn(`skipped: ${whyNot}`);

describe.skipIf(whyNot !== undefined)('a worker whose engine', () => {
  let engine: PrivateEngine;
  let rig: QueueRig;
  let pool: Pool;
  let runner: QueueRunner;

  beforeAll(async () => {
    engine = await PrivateEngine.start();
  });
  afterAll(async () => {
    await engine?.remove();
  });

  beforeEach(async () => {
    rig = await QueueRig.start();
    runner = await rig.runner();
  });

  afterEach(async () => {
    // A test that failed leaves it frozen or away, which the next one shall not pay for.
    engine.thaw();
    await engine.start();
    await rig.close();
    await pool.drain();
    await vi.waitFor(noContainerIsLeft, { timeout: supervisorGivesUpMs + 5_000, interval: 100 });
  });

  /** What dockerd forgot half-made is the reaper's, or ends by itself when nobody pings it. */
  async function noContainerIsLeft(): Promise<void> {
    await reap(engine.engine, Date.now() + 120_000);
    expect(await engine.containers()).toEqual([]);
    expect(engine.inside()).toEqual([]);
  }

  async function work(warm: number) {
    pool = testPool({ engine: engine.engine, warm, max: 8 });
    rig.worker({
      concurrency: 8,
      tenantCap: 8,
      execute: (job, signal) => execute(pool, job, signal),
    });
    await untilHealthy(runner);
  }

  test.each([
    ['SIGTERM', 'allow'],
    ['SIGTERM', 'block'],
    ['SIGKILL', 'allow'],
    ['SIGKILL', 'block'],
  ] as const)(
    'ends by %s during a run answers in time with failMode %s',
    async (signal, failMode) => {
      await work(1);
      const asking = ask(runner, bashHook('sleep 2; exit 0', { failMode }), 5_000);
      await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000, interval: 10 });
      await engine.stop(signal);
      const answer = await asking;
      expect(answer.decision.decision).toBe(failMode);
      expect(['ENGINE_DOWN', 'SANDBOX_LOST']).toContain(codeOf(answer));
      expect(answer.lateMs).toBeLessThan(slackMs);
      await engine.start();
      await untilHealthy(runner);
    },
  );

  test('is away while many ask answers them all with failMode, and is healthy within five seconds of its return', async () => {
    await work(1);
    await engine.stop('SIGTERM');
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ask(runner, bashHook('exit 0'), 2_000)),
    );
    expect(answers.map(({ decision }) => decision.decision)).toEqual(answers.map(() => 'block'));
    expect(Math.max(...answers.map(({ lateMs }) => lateMs))).toBeLessThan(slackMs);
    await engine.start();
    await untilHealthy(runner);
  });

  test.each(['allow', 'block'] as const)(
    'freezes during a run answers in time with failMode %s',
    async (failMode) => {
      await work(0);
      const asking = ask(runner, bashHook('sleep 0.5; exit 0', { failMode }), 1_500);
      await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000, interval: 10 });
      engine.freeze();
      const answer = await asking;
      expect([answer.decision.decision, codeOf(answer)]).toEqual([failMode, 'DEADLINE']);
      expect(answer.lateMs).toBeLessThan(slackMs);
      engine.thaw();
      await untilHealthy(runner);
    },
  );

  test('freezes when a sandbox has to be made answers in time, and is healthy as soon as it thaws', async () => {
    await work(0);
    engine.freeze();
    const answer = await ask(runner, bashHook('exit 0'), 1_000, 'another');
    expect([answer.decision.decision, codeOf(answer)]).toEqual(['block', 'DEADLINE']);
    expect(answer.lateMs).toBeLessThan(slackMs);
    engine.thaw();
    await untilHealthy(runner);
  });

  test('is killed while it is frozen is given up at once, and is healthy when there is another', async () => {
    // None in reserve, which would answer without the engine.
    await work(0);
    engine.freeze();
    const asking = ask(runner, bashHook('exit 0'), 3_000, 'another');
    await vi.waitFor(() => expect(pool.stats().leased + pool.stats().waiting).toBe(1), {
      timeout: 2_000,
      interval: 10,
    });
    await engine.stop('SIGKILL');
    const answer = await asking;
    expect(answer.decision.decision).toBe('block');
    expect(answer.lateMs).toBeLessThan(slackMs);
    await engine.start();
    await untilHealthy(runner);
  });
});
