/** Who lives, as dispatchers see it, with a real Redis and real worker processes. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readRoster } from '../../src/queue/heartbeat.ts';
import { bullKey, keyPrefix, quarantineKey, workerKey, workersKey } from '../../src/redis/keys.ts';
import { WorkerProcesses } from '../chaos/worker-processes.ts';
import { bashHook, never } from '../support/queue-job.ts';
import { ask, codeOf, QueueRig } from '../support/queue-rig.ts';

const queue = 'hooks';
let rig: QueueRig;
/** One for all tests: it compiles the worker once, with 0.3 s of CPU time. */
const processes = new WorkerProcesses();

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(async () => {
  await rig.close();
  await processes.close();
});

const crew = () => rig.redis.use((client) => readRoster(client, queue));
const names = async () => [...(await crew()).workers.keys()];

describe('where no worker lives', () => {
  test.each(['allow', 'block'] as const)(
    'a hook of failMode %s is answered after a grace, not at its deadline',
    async (failMode) => {
      const runner = await rig.runner();
      const { decision, tookMs } = await ask(runner, bashHook('exit 0', { failMode }), 25_000);
      expect(decision).toMatchObject({ decision: failMode, cause: { code: 'NO_WORKER' } });
      expect(decision.results[0]?.cause).toMatchObject({
        message: expect.stringMatching(/queue hooks .* Start `hookpool worker`/),
      });
      expect(tookMs).toBeGreaterThan(2_900);
      expect(tookMs).toBeLessThan(4_500);
      // Nothing waits for a worker to come.
      await vi.waitFor(async () =>
        expect(await rig.redis.use((c) => c.zcard(bullKey(queue, 'prioritized')))).toBe(0),
      );
    },
  );

  test('a deadline that is shorter than the grace holds', async () => {
    const answer = await ask(await rig.runner(), bashHook('exit 0'), 1_000);
    expect(codeOf(answer)).toBe('DEADLINE');
    expect(answer.tookMs).toBeLessThan(1_100);
  });

  test('a bare script is refused with the same code', async () => {
    const runner = await rig.runner();
    const request = { runtime: 'bash', script: Buffer.from('exit 0'), stdin: Buffer.of() } as const;
    const limits = { timeoutMs: 20_000, stdoutBytes: 1_000, stderrBytes: 1_000 };
    const running = runner.runScript(
      { tenant: 'test', isolation: 'tenant', request: { ...request, limits } },
      never,
    );
    await expect(running).rejects.toMatchObject({ code: 'NO_WORKER' });
  });

  test('one that comes in time runs the hook', async () => {
    const runner = await rig.runner();
    const asking = ask(runner, bashHook('reason: in time'), 25_000);
    await vi.waitFor(() => expect(runner.stats().waiting).toBe(1), { timeout: 2_000 });
    rig.worker();
    expect((await asking).decision.reason).toBe('in time');
  });

  test('one that is starting is waited for', async () => {
    const worker = rig.worker({ held: true });
    const runner = await rig.runner();
    const asking = ask(runner, bashHook('reason: started'), 25_000);
    await vi.waitFor(async () =>
      expect((await crew()).workers.get(worker.name)).toMatchObject({
        starting: true,
        capacity: 0,
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    expect(runner.stats().pending).toBe(1);
    worker.begin();
    expect((await asking).decision.reason).toBe('started');
  });
});

test('a worker killed in a call costs its silence and the grace where it was the last one', async () => {
  const only = await processes.start(rig.redis.url, 'only');
  const runner = await rig.runner();
  const asking = ask(runner, bashHook('sleep 20', { failMode: 'allow' }), 25_000);
  await processes.untilRunning(only);
  const started = performance.now();
  only.child.kill('SIGKILL');
  expect(codeOf(await asking)).toBe('NO_WORKER');
  expect(performance.now() - started).toBeLessThan(9_000);
});

describe('a worker whose main thread is blocked', () => {
  test('for 6 s is not lost: its job is run once, and its answer stands', async () => {
    await processes.start(rig.redis.url, 'busy', 'blocked for 6 s');
    await vi.waitFor(async () => expect(await names()).toEqual(['busy']), { timeout: 5_000 });
    const runner = await rig.runner();
    const asking = ask(runner, bashHook('echo done >&2; exit 2', { failMode: 'allow' }), 20_000);
    const answer = await asking;
    expect(answer.decision).toMatchObject({ decision: 'block', reason: 'done' });
    expect(answer.tookMs).toBeGreaterThan(5_500);
    expect(await rig.redis.use((client) => client.exists(`${keyPrefix}:hooks:losses`))).toBe(0);
  });

  test('for longer than 15 s is lost, though its heartbeat goes on: the heartbeat tells', async () => {
    await processes.start(rig.redis.url, 'stuck', 'blocked for 60 s');
    await vi.waitFor(async () => expect(await names()).toEqual(['stuck']), { timeout: 5_000 });
    const runner = await rig.runner();
    const started = performance.now();
    const asking = ask(runner, bashHook('exit 0', { failMode: 'block' }), 40_000);
    await vi.waitFor(
      async () => expect((await crew()).workers.get('stuck')?.stuckMs).toBeGreaterThan(4_000),
      { timeout: 9_000 },
    );
    const other = await processes.start(rig.redis.url, 'other');
    expect((await asking).decision.decision).toBe('none');
    expect(performance.now() - started).toBeGreaterThan(15_000);
    expect(performance.now() - started).toBeLessThan(22_000);
    expect(other.child.exitCode).toBeNull();
  });
});

describe('an entry that nobody can read', () => {
  const odd: readonly [string, string][] = [
    ['not JSON', '{"capacity":'],
    ['null', 'null'],
    ['a number', '7'],
    ['numbers as texts', '{"capacity":"9","running":0,"meanJobMs":1}'],
    ['a negative capacity', '{"capacity":-1,"running":0,"meanJobMs":1}'],
    ['endless times', '{"capacity":1,"running":0,"meanJobMs":1e999}'],
    ['an empty text', ''],
  ];

  test.each(odd)('(%s) spoils nobody else', async (_, text) => {
    rig.worker({ name: 'good' });
    const runner = await rig.runner();
    await rig.redis.use(async (client) => {
      await client.sadd(workersKey(queue), 'odd');
      await client.set(workerKey(queue, 'odd'), text);
    });
    await vi.waitFor(async () => expect([...(await crew()).unreadable]).toEqual(['odd']));
    await vi.waitFor(() => expect(runner.stats()).toMatchObject({ workers: 1, capacity: 4 }), {
      timeout: 3_000,
    });
    expect((await ask(runner, bashHook('reason: fine'))).decision.reason).toBe('fine');
  });

  test('of another type, in any key of ours, spoils nobody else', async () => {
    await rig.redis.use(async (client) => {
      await client.set(workersKey(queue), 'no set');
      await client.set(quarantineKey(queue), 'no sorted set');
      await client.lpush(workerKey(queue, 'good'), 'no text');
    });
    const runner = await rig.runner();
    rig.worker({ name: 'good' });
    await vi.waitFor(() => expect(runner.stats()).toMatchObject({ workers: 1, capacity: 4 }), {
      timeout: 3_000,
    });
    await rig.redis.use(async (client) => {
      await client.sadd(workersKey(queue), 'odd');
      await client.lpush(workerKey(queue, 'odd'), 'no text');
    });
    expect((await ask(runner, bashHook('reason: fine'))).decision.reason).toBe('fine');
    expect(runner.stats().workers).toBe(1);
  });

  test('without an end is no sign of life: where nothing else is, the hook is not kept waiting', async () => {
    const runner = await rig.runner();
    await rig.redis.use(async (client) => {
      await client.sadd(workersKey(queue), 'odd');
      await client.set(workerKey(queue, 'odd'), 'garbage');
    });
    expect(codeOf(await ask(runner, bashHook('exit 0'), 20_000))).toBe('NO_WORKER');
  });

  test('but comes again and again is a sign of life: the hook waits for that worker', async () => {
    const runner = await rig.runner();
    const writing = setInterval(() => {
      void rig.redis.use(async (client) => {
        await client.sadd(workersKey(queue), 'odd');
        await client.set(workerKey(queue, 'odd'), '{"v":9}', 'PX', 2_000);
      });
    }, 500);
    const answer = await ask(runner, bashHook('exit 0'), 6_000);
    clearInterval(writing);
    expect(codeOf(answer)).toBe('DEADLINE');
  });

  test('in the place of one job spoils that job only', async () => {
    const runner = await rig.runner();
    const asking = ask(runner, bashHook('reason: never'), 6_000);
    await rig.redis.use(async (client) => {
      await vi.waitFor(async () =>
        expect(await client.zcard(bullKey(queue, 'prioritized'))).toBe(1),
      );
      const [id = ''] = await client.zrange(bullKey(queue, 'prioritized'), '0', '0');
      await client.del(bullKey(queue, 'prioritized'), bullKey(queue, id));
      await client.set(bullKey(queue, id), 'no hash');
      const other = ask(runner, bashHook('sleep 3000\nreason: fine'), 6_000, 'other');
      rig.worker();
      await vi.waitFor(() => expect(runner.stats().workers).toBe(1), { timeout: 3_000 });
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      expect(runner.stats().workers).toBe(1);
      expect((await other).decision.reason).toBe('fine');
    });
    expect(codeOf(await asking)).toBe('DEADLINE');
  });
});
