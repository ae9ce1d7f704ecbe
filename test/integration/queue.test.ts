/**
 * The queue with a real Redis: same answers as in one process, in turn, once, and never by
 * accident.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Queue, QueueEvents } from 'bullmq';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import { parseHooksFile } from '../../src/files/hooks-file.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { keyPrefix } from '../../src/redis/keys.ts';
import { redisDecisionRecord } from '../../src/redis-stores/decision-record.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { toJobMessage } from '../../src/wire/job-message.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { bashHook, never, playScript, sampleJob } from '../support/queue-job.ts';
import { ask, QueueRig } from '../support/queue-rig.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const call = (evaluationId: string, budgetMs = 10_000) =>
  ({ evaluationId, budgetMs, priority: 'normal' }) as const;
let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

async function withQueue<T>(action: (queue: Queue, events: QueueEvents) => Promise<T>): Promise<T> {
  const connection = { host: '127.0.0.1', port: rig.redis.port };
  const queue = new Queue('hooks', { connection, prefix: keyPrefix });
  const events = new QueueEvents('hooks', { connection, prefix: keyPrefix });
  await events.waitUntilReady();
  try {
    return await action(queue, events);
  } finally {
    await Promise.all([queue.close(), events.close()]);
  }
}

test('a decision through the queue equals the one in this process', async () => {
  const pool = testPool({ warm: 1 });
  rig.worker({ execute: (job, signal) => execute(pool, job, signal) });
  const runner = await rig.runner();
  const strip = ({ durationMs: _, results, ...rest }: Decision) => ({
    ...rest,
    results: results.map(({ durations: __, ranIn: ___, ...result }) => result),
  });
  try {
    const folder = 'examples/sre-safety-guard';
    const set = parseHooksFile('hooks.yaml', read(`${folder}/hooks.yaml`));
    for (const event of readdirSync(path.join(root, folder, 'events'))) {
      const context = Buffer.from(read(`${folder}/events/${event}`));
      const request = { dialect: set.dialect, hooks: set.hooks.map(({ hook }) => hook), context };
      const here = await evaluate(request, (job, signal) => execute(pool, job, signal));
      expect(strip(await evaluate(request, runner.run)), event).toEqual(strip(here));
    }
  } finally {
    await pool.drain();
  }
});

describe('one evaluation asked for several times', () => {
  test('at once, by two dispatchers, runs once and all get the same answer', async () => {
    let runs = 0;
    rig.worker({
      execute: async (job) => {
        runs++;
        await new Promise((resolve) => setTimeout(resolve, 100));
        return decide(job.dialect, job.hook, { code: 'INTERNAL', message: `run ${runs}` });
      },
    });
    const runners = [await rig.runner(), await rig.runner()];
    const answers = await Promise.all(
      [...runners, ...runners].map((one) => one.run(sampleJob(), never, call('same'))),
    );
    expect(new Set(answers.map((one) => JSON.stringify(one.cause))).size).toBe(1);
    expect(runs).toBe(1);
    expect(await runners[0]?.run(sampleJob(), never, call('same'))).toMatchObject({
      cause: answers[0]?.cause,
    });
    expect(runs).toBe(1);
  });

  test('with a record: the first decision stands, whatever the others would say', async () => {
    const [one, two] = [await rig.runner(), await rig.runner()];
    const hook = bashHook('exit 0');
    const request = {
      dialect: azure,
      hooks: [hook],
      context: sampleJob().context,
      evaluationId: 'e1',
    };
    const says = (reason: string | undefined) => async () =>
      reason === undefined
        ? playScript(sampleJob())
        : playScript(sampleJob({ hook: bashHook(`reason: ${reason}`) }));
    const decisions = await Promise.all([
      evaluate(request, says('first'), { record: redisDecisionRecord(one.redis) }),
      evaluate(request, says('second'), { record: redisDecisionRecord(two.redis) }),
      evaluate(request, says(undefined), { record: redisDecisionRecord(two.redis) }),
    ]);
    expect(new Set(decisions.map(({ reason }) => reason)).size).toBe(1);
    const later = await evaluate(request, says('late'), { record: redisDecisionRecord(one.redis) });
    expect(later).toEqual(JSON.parse(JSON.stringify(decisions[0])));
    const other = await evaluate({ ...request, tenant: 'other' }, says('late'), {
      record: redisDecisionRecord(one.redis),
    });
    expect(other.reason).toBe('late');
  });

  test('a record that cannot be reached costs nothing but agreement', async () => {
    const runner = await rig.runner();
    rig.redis.freeze();
    const request = {
      dialect: azure,
      hooks: [bashHook('')],
      context: sampleJob().context,
      evaluationId: 'e1',
      deadlineMs: 500,
    };
    const started = performance.now();
    const decision = await evaluate(request, async () => playScript(sampleJob()), {
      record: redisDecisionRecord(runner.redis),
    });
    expect(decision.decision).toBe('none');
    expect(performance.now() - started).toBeLessThan(700);
    rig.redis.thaw();
  });
});

test('a job whose budget has passed is answered and never started', async () => {
  let runs = 0;
  const message = toJobMessage(sampleJob(), { evaluationId: 'old', attempt: 1, budgetMs: 50 });
  await withQueue(async (queue, events) => {
    const completed = new Promise<{ returnvalue: unknown }>((resolve) =>
      events.once('completed', resolve),
    );
    await queue.add('guard', message, { timestamp: Date.now() - 60_000 });
    rig.worker({
      execute: (job) => {
        runs++;
        return playScript(job);
      },
    });
    expect((await completed).returnvalue).toMatchObject({
      decision: 'block',
      cause: { code: 'EXPIRED' },
    });
  });
  expect(runs).toBe(0);
});

test('a job of which only its place in line is left harms nobody', async () => {
  const runner = await rig.runner();
  await rig.redis.use(async (client) => {
    const stop = new AbortController();
    const asking = runner.run(sampleJob(), stop.signal, call('gone'));
    await vi.waitFor(async () =>
      expect(await client.zcard(`${keyPrefix}:hooks:prioritized`)).toBe(1),
    );
    const [id] = await client.zrange(`${keyPrefix}:hooks:prioritized`, '0', '0');
    const key = `${keyPrefix}:hooks:${id}`;
    await vi.waitFor(async () => expect(await client.pttl(key)).toBeGreaterThan(0));
    await client.del(key);
    rig.worker();
    expect((await ask(await rig.runner(), bashHook('reason: no'))).decision.reason).toBe('no');
    await vi.waitFor(async () => expect(await client.zcard(`${keyPrefix}:hooks:failed`)).toBe(1));
    expect(await client.pttl(key)).toBeGreaterThan(0);
    stop.abort();
    await asking;
  });
});

test.each([
  ['nothing', {}],
  [
    'a version of tomorrow',
    { ...toJobMessage(sampleJob(), { evaluationId: 'x', attempt: 1, budgetMs: 50 }), v: 2 },
  ],
  ['a text', 'garbage'],
])('%s in the queue fails with INVALID_JOB, is not retried, and harms nobody', async (_, data) => {
  rig.worker();
  await withQueue(async (queue, events) => {
    const failed = new Promise<{ failedReason: string }>((resolve) =>
      events.once('failed', resolve),
    );
    const { id } = await queue.add('guard', data, { attempts: 5 });
    expect((await failed).failedReason).toMatch(/^INVALID_JOB: /);
    expect(await queue.getJobState(String(id))).toBe('failed');
  });
  expect((await ask(await rig.runner(), bashHook('reason: no'))).decision.reason).toBe('no');
});

describe('hookpool worker', () => {
  const main = path.join(root, 'dist/cli/main.js');

  test('on SIGTERM finishes what runs, removes its containers and exits with 0', async () => {
    const env = { ...process.env, HOOKPOOL_REDIS_URL: rig.redis.url, HOOKPOOL_MAX: '3' };
    const child = spawn(process.execPath, [main, 'worker'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = text(child.stderr);
    const ended = once(child, 'exit');
    const runner = await rig.runner();
    // A process that needs 3 s for its first heartbeat, on a busy machine, is no worker yet: a job
    // would be answered with NO_WORKER before.
    await vi.waitFor(() => expect(runner.stats().capacity).toBe(3), { timeout: 40_000 });
    const asking = ask(runner, bashHook('sleep 1.5; echo done >&2; exit 2'), 30_000);
    await vi.waitFor(
      async () => expect(await rig.redis.use((c) => c.llen(`${keyPrefix}:hooks:active`))).toBe(1),
      {
        timeout: 20_000,
        interval: 20,
      },
    );
    child.kill('SIGTERM');
    expect((await asking).decision).toMatchObject({ decision: 'block', reason: 'done' });
    expect(await ended).toEqual([0, null]);
    expect(await said).toMatch(/ok engine.*memory.*\n.*takes up to 3 jobs/s);
    expect(await ownSandboxes(new Engine(), child.pid ?? 0)).toEqual([]);
  });

  test('refuses with 75 where no engine answers', async () => {
    const env = {
      ...process.env,
      HOOKPOOL_REDIS_URL: rig.redis.url,
      DOCKER_HOST: 'unix:///nonexistent.sock',
    };
    const child = spawn(process.execPath, [main, 'worker'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const said = text(child.stderr);
    expect(await once(child, 'exit')).toEqual([75, null]);
    expect(await said).toContain('fail engine');
  });
});
