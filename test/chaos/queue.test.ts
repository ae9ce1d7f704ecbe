/** Whatever breaks: one answer, in time, with the right failMode; healthy again without a restart. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import Docker from 'dockerode';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bullKey } from '../../src/queue/keys.ts';
import type { QueueRunner } from '../../src/queue/queue-runner.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { bashHook, playScript } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

/** How much later than its deadline an answer may be: one stall of a busy machine. */
const slackMs = 250;
const quick = bashHook('reason: no');
let rig: QueueRig;
let children: ChildProcess[] = [];

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await rig.close();
});

async function untilHealthy(runner: QueueRunner, withinMs = 5_000) {
  const started = performance.now();
  await vi.waitFor(
    async () => expect((await ask(runner, quick, 2_000)).decision).toMatchObject({ decision: 'block', reason: 'no' }),
    { timeout: withinMs, interval: 50 },
  );
  return performance.now() - started;
}

async function workerProcess(name: string): Promise<ChildProcess> {
  const file = path.join(import.meta.dirname, 'worker-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, rig.redis.url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return child;
}

/** The worker that holds the only active job. */
function holder(): Promise<string> {
  return rig.redis.use((client) =>
    vi.waitFor(
      async () => {
        const [id] = await client.lrange(bullKey('hooks', 'active'), 0, 0);
        const name = await client.hget(bullKey('hooks', String(id)), 'pb');
        if (name === null) throw new Error('nobody has it');
        return name;
      },
      { timeout: 5_000, interval: 10 },
    ),
  );
}

/** The script of the only job runs, or is about to. */
function untilRunning(pid: number | undefined): Promise<void> {
  return vi.waitFor(
    async () => expect((await ownSandboxes(new Engine(), pid ?? 0)).map(({ state }) => state)).toEqual(['running']),
    { timeout: 5_000, interval: 20 },
  );
}

test('a worker killed with SIGKILL during a run costs its job one retry, and leaves no container', async () => {
  const workers = new Map([
    ['one', await workerProcess('one')],
    ['two', await workerProcess('two')],
  ]);
  const runner = await rig.runner();
  const asking = ask(runner, bashHook('sleep 1; echo done >&2; exit 2', { failMode: 'allow' }), 20_000);
  const victim = workers.get(await holder());
  await untilRunning(victim?.pid);
  victim?.kill('SIGKILL');
  const answer = await asking;
  expect(answer.decision).toMatchObject({ decision: 'block', reason: 'done' });
  expect(answer.tookMs).toBeLessThan(9_000);
  await vi.waitFor(async () => expect(await ownSandboxes(new Engine(), victim?.pid ?? 0)).toEqual([]), { timeout: 5_000 });
});

test.each(['allow', 'block'] as const)('with no worker left the failMode %s speaks at the deadline', async (failMode) => {
  const child = await workerProcess('only');
  const runner = await rig.runner();
  const asking = ask(runner, bashHook('sleep 5', { failMode }), 2_500);
  await untilRunning(child.pid);
  child.kill('SIGKILL');
  const answer = await asking;
  expect(answer.decision.decision).toBe(failMode);
  expect(answer.tookMs).toBeLessThan(2_500 + slackMs);
});

test('redis killed and restarted empty during a run: answered, and healthy again', async () => {
  rig.worker();
  const runner = await rig.runner();
  const asking = ask(runner, bashHook('sleep 700\nreason: slow'), 8_000);
  await holder();
  await rig.redis.kill();
  await rig.redis.start();
  const answer = await asking;
  expect(answer.decision.decision).toBe('block');
  expect(answer.tookMs).toBeLessThan(8_000 + slackMs);
  expect(await untilHealthy(runner)).toBeLessThan(5_000);
});

test.each(['allow', 'block'] as const)('redis frozen: the failMode %s speaks by the deadline', async (failMode) => {
  rig.worker();
  const runner = await rig.runner();
  await untilHealthy(runner);
  rig.redis.freeze();
  const answer = await ask(runner, bashHook('exit 0', { failMode }), 700);
  expect(answer.decision.decision).toBe(failMode);
  expect(answer.tookMs).toBeLessThan(700 + slackMs);
  rig.redis.thaw();
  await untilHealthy(runner);
});

test('redis down: refused in milliseconds, not at the deadline', async () => {
  rig.worker();
  const runner = await rig.runner();
  await rig.redis.kill();
  await vi.waitFor(() => expect(runner.stats().connected).toBe(false), { timeout: 2_000, interval: 10 });
  const answer = await ask(runner, quick, 8_000);
  expect([answer.decision.decision, codeOf(answer)]).toEqual(['block', 'QUEUE_UNAVAILABLE']);
  expect(answer.tookMs).toBeLessThan(1_500);
  await rig.redis.start();
  await untilHealthy(runner);
});

test('redis full (noeviction): answered with failMode at once, and healthy when there is room', async () => {
  rig.worker({ drainDelayMs: 1_000 });
  const runner = await rig.runner();
  await untilHealthy(runner);
  await rig.redis.use(async (client) => {
    await client.config('SET', 'maxmemory', '1');
    const answer = await ask(runner, quick, 5_000);
    expect([answer.decision.decision, codeOf(answer)]).toEqual(['block', 'QUEUE_UNAVAILABLE']);
    expect(answer.tookMs).toBeLessThan(2_000);
    await client.config('SET', 'maxmemory', '0');
  });
  await untilHealthy(runner);
});

test('redis full while a job runs: answered by the deadline, and healthy when there is room', async () => {
  rig.worker({ drainDelayMs: 1_000 });
  const runner = await rig.runner();
  await rig.redis.use(async (client) => {
    const asking = ask(runner, bashHook('sleep 300', { failMode: 'block' }), 1_500);
    await holder();
    await client.config('SET', 'maxmemory', '1');
    const answer = await asking;
    expect(answer.tookMs).toBeLessThan(1_500 + slackMs);
    expect(['block', 'none']).toContain(answer.decision.decision);
    await client.config('SET', 'maxmemory', '0');
  });
  await untilHealthy(runner);
});

test('an idle worker takes jobs again after redis was away for longer than drainDelay', async () => {
  const worker = rig.worker({ drainDelayMs: 1_000 });
  const runner = await rig.runner();
  await untilHealthy(runner);
  await rig.redis.kill();
  const down = performance.now();
  await vi.waitFor(() => expect(performance.now() - down).toBeGreaterThan(3_500), { timeout: 5_000 });
  await rig.redis.start();
  expect(await untilHealthy(runner, 8_000)).toBeLessThan(6_000);
  expect(worker.stats().running).toBe(0);
});

test('a worker that sleeps beside waiting jobs is started anew (BullMQ issue 4585)', async () => {
  const runner = await rig.runner();
  const asking = ask(runner, quick, 20_000);
  await rig.redis.use(async (client) => {
    const line = bullKey('hooks', 'prioritized');
    await vi.waitFor(async () => expect(await client.zcard(line)).toBe(1), { timeout: 2_000, interval: 10 });
    const [id = '', score = ''] = await client.zrange(line, '0', '0', 'WITHSCORES');
    await client.del(line, bullKey('hooks', 'marker'));
    const worker = rig.worker({ drainDelayMs: 60_000 });
    await vi.waitFor(async () => expect(await client.client('LIST')).toContain('cmd=bzpopmin'), { timeout: 3_000, interval: 10 });
    // In line again, but without the marker that wakes a worker.
    await client.zadd(line, Number(score), id);
    expect((await asking).decision.reason).toBe('no');
    expect(worker.stats().restarts).toBe(1);
  });
});

test('a worker and a dispatcher that are cut off from redis still close', async () => {
  const worker = rig.worker();
  const runner = await rig.runner();
  await untilHealthy(runner);
  await rig.redis.kill();
  const started = performance.now();
  await Promise.all([worker.close(), runner.close()]);
  expect(performance.now() - started).toBeLessThan(6_000);
});

test('a container removed under a running job costs it one retry', async () => {
  const pool = testPool();
  rig.worker({ execute: (job, signal) => execute(pool, job, signal) });
  const runner = await rig.runner();
  try {
    const asking = ask(runner, bashHook('sleep 0.7; echo done >&2; exit 2', { failMode: 'allow' }));
    await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000 });
    const [sandbox] = await ownSandboxes(new Engine(), process.pid);
    await new Docker().getContainer(sandbox?.id ?? '').remove({ force: true });
    expect((await asking).decision).toMatchObject({ decision: 'block', reason: 'done' });
  } finally {
    await pool.drain();
  }
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
  await vi.waitFor(() => expect(runner.stats().meanJobMs).toBeGreaterThan(50), { timeout: 3_000, interval: 20 });
  const begun = performance.now() - asked;
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      ask(runner, bashHook('sleep 100\nreason: no', { name: `hook${n}` }), deadlineMs, `tenant${n % 6}`),
    ),
  );
  expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(deadlineMs + slackMs);
  expect(answers.filter(({ decision }) => decision.decision !== 'block')).toEqual([]);
  const codes = answers.map(codeOf);
  expect(codes.filter((code) => code === undefined).length).toBeGreaterThanOrEqual(8);
  expect(codes.filter((code) => code === 'OVERLOADED').length).toBeGreaterThan(10);
  expect(Math.max(...starts)).toBeLessThan(begun + deadlineMs + slackMs);
  await untilHealthy(runner);
});
