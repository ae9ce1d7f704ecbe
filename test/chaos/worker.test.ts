/**
 * Workers are killed or frozen, before, in and after a run: one answer, in time, and no container
 * left.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { bullKey } from '../../src/redis/keys.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { holder } from '../support/active-job.ts';
import { slackMs, untilHealthy } from '../support/healthy.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { bashHook } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';
import { type WorkerProcess, WorkerProcesses } from './worker-processes.ts';

let rig: QueueRig;
/** One for all tests: it compiles the worker once, with 0.3 s of CPU time. */
const processes = new WorkerProcesses();
const start = (name: string, hold?: Parameters<WorkerProcesses['start']>[2]) =>
  processes.start(rig.redis.url, name, hold);

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(async () => {
  await rig.close();
  await processes.close();
});

const failModes = ['allow', 'block'] as const;
/**
 * From the kill on, because a start of a worker took 10 s beside other tests. A lost worker is
 * detected after 2 s of silence, and its job then runs a second time.
 */
const retriedMs = 9_000;

/**
 * The same script with each failMode at once. @returns the decisions, seen to have come in time.
 */
async function askBoth(runner: QueueRunner, script: string, deadlineMs: number): Promise<string[]> {
  const answers = await Promise.all(
    failModes.map((failMode) => ask(runner, bashHook(script, { failMode }), deadlineMs, failMode)),
  );
  expect(Math.max(...answers.map(({ lateMs }) => lateMs))).toBeLessThan(slackMs);
  return answers.map(({ decision }) => decision.decision);
}

describe('a worker killed with SIGKILL', () => {
  test('during a run costs its job one retry, and leaves no container', async () => {
    const [one, two] = await Promise.all([start('one'), start('two')]);
    const workers = new Map<string, WorkerProcess>([
      ['one', one],
      ['two', two],
    ]);
    const runner = await rig.runner();
    const asking = ask(
      runner,
      bashHook('sleep 1; echo done >&2; exit 2', { failMode: 'allow' }),
      20_000,
    );
    const victim = workers.get(await holder(rig.redis));
    if (victim === undefined) throw new Error('nobody has it');
    await processes.untilRunning(victim);
    const killed = performance.now();
    victim.child.kill('SIGKILL');
    const { decision } = await asking;
    expect(decision).toMatchObject({ decision: 'block', reason: 'done' });
    expect(performance.now() - killed).toBeLessThan(retriedMs);
    const left = () => ownSandboxes(new Engine(), victim.child.pid ?? 0);
    await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 5_000 });
  });

  test.each(['before the start', 'before the report'] as const)(
    '%s of a run costs its job one retry',
    async (hold) => {
      const victim = await start('victim', hold);
      const runner = await rig.runner();
      const asking = ask(runner, bashHook('echo done >&2; exit 2', { failMode: 'allow' }), 20_000);
      await victim.held;
      await start('other');
      const killed = performance.now();
      victim.child.kill('SIGKILL');
      const { decision } = await asking;
      expect(decision).toMatchObject({ decision: 'block', reason: 'done' });
      expect(performance.now() - killed).toBeLessThan(retriedMs);
      await untilHealthy(runner);
    },
  );

  test.each(['before the start', 'before the report'] as const)(
    '%s of a run, and no other: the failMode speaks at the deadline',
    async (hold) => {
      const victim = await start('victim', hold);
      const runner = await rig.runner();
      const asking = askBoth(runner, 'exit 0', 1_500);
      await victim.held;
      victim.child.kill('SIGKILL');
      expect(await asking).toEqual(failModes);
    },
  );

  test('during a run, and no other: the failMode speaks at the deadline', async () => {
    const only = await start('only');
    const runner = await rig.runner();
    const asking = askBoth(runner, 'sleep 5', 2_500);
    await processes.untilRunning(only);
    only.child.kill('SIGKILL');
    expect(await asking).toEqual(failModes);
  });

  test('twice, and again in its trial, under the same script: the third is spared for a while, and others are served', async () => {
    let victim = await start('first');
    const runner = await rig.runner();
    const poison = bashHook('sleep 20; exit 0', { timeoutMs: 25_000 });
    const asking = ask(runner, poison, 30_000);
    for (const name of ['second', 'third']) {
      await processes.untilRunning(victim);
      const next = await start(name);
      victim.child.kill('SIGKILL');
      victim = next;
    }
    expect(codeOf(await asking)).toBe('WORKER_LOST');
    expect(codeOf(await ask(runner, poison, 2_000))).toBe('QUARANTINED');
    await untilHealthy(runner);
    expect(victim.child.exitCode).toBeNull();
  });
});

describe('a worker frozen for longer than the deadline', () => {
  test('leaves the answer to the failMode, and its late result does no harm', async () => {
    const only = await start('only');
    const runner = await rig.runner();
    const asking = askBoth(runner, 'sleep 0.5; exit 0', 1_000);
    await processes.untilRunning(only);
    only.child.kill('SIGSTOP');
    expect(await asking).toEqual(failModes);
    only.child.kill('SIGCONT');
    await untilHealthy(runner);
    expect(runner.stats().pending).toBe(0);
    // BullMQ has taken the late result as the end of the job.
    await rig.redis.use((client) =>
      vi.waitFor(async () => expect(await client.llen(bullKey('hooks', 'active'))).toBe(0), {
        timeout: 3_000,
      }),
    );
  });

  test('costs its job one retry where there is another', async () => {
    const frozen = await start('frozen');
    const runner = await rig.runner();
    const asking = ask(
      runner,
      bashHook('sleep 0.5; echo done >&2; exit 2', { failMode: 'allow' }),
      20_000,
    );
    await processes.untilRunning(frozen);
    frozen.child.kill('SIGSTOP');
    await start('other');
    expect((await asking).decision).toMatchObject({ decision: 'block', reason: 'done' });
    frozen.child.kill('SIGCONT');
    await untilHealthy(runner);
  });
});

test('a container removed under a running job costs it one retry', async () => {
  const pool = testPool();
  rig.worker({ execute: (job, signal) => execute(pool, job, signal) });
  const runner = await rig.runner();
  try {
    const asking = ask(runner, bashHook('sleep 0.7; echo done >&2; exit 2', { failMode: 'allow' }));
    await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000 });
    const [sandbox] = await ownSandboxes(new Engine(), process.pid);
    await new Engine().remove(sandbox?.id ?? '');
    expect((await asking).decision).toMatchObject({ decision: 'block', reason: 'done' });
  } finally {
    await pool.drain();
  }
});
