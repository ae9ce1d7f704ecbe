/**
 * A guard of tenant b that is open on failure must be heard, however long it takes, while tenant a
 * keeps its worker busy, and however workers end. Needs `npm run build`.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { removeAbandoned } from '../support/own-sandboxes.ts';
import { TestRedis } from '../support/redis.ts';
import type { Answer } from '../support/server.ts';
import { Arena } from '../support/two-tenants/arena.ts';
import { deadlineMs } from '../support/two-tenants/attack.ts';
import { noisyLines } from '../support/two-tenants/script-attacks.ts';
import { type RunningWorker, startWorker } from '../support/two-tenants/worker.ts';

let redis: TestRedis;
let arena: Arena;
let workers: RunningWorker[];

beforeAll(async () => {
  redis = await TestRedis.start();
  workers = await Promise.all([startWorker(redis.url)]);
  arena = await Arena.open({ HOOKPOOL_REDIS_URL: redis.url });
});

afterAll(async () => {
  await arena.close();
  for (const { child } of workers) child.kill('SIGTERM');
  await Promise.all(workers.map(({ exited }) => exited));
  await redis.kill();
  await removeAbandoned(new Engine());
});

/** A guard of b that takes as long as it takes to notice that a worker is gone. */
function askSlowGuard(name: string): Promise<Answer> {
  const hooks = {
    PreToolUse: [
      { name, matcher: 'Bash', failMode: 'allow', command: `: ${name}; sleep 2.5; exit 2` },
    ],
  };
  const context = {
    hook_event_name: 'PreToolUse',
    tool_name: 'Bash',
    tool_input: { command: 'rm -rf /' },
  };
  return arena.askAs('b', { hooks, context, deadlineMs: 25_000 });
}

const heard = {
  status: 200,
  body: { decision: 'block', cause: { kind: 'exit-code', exitCode: 2 } },
};

test('a guard that is open on failure is heard each time that another tenant keeps its worker busy', async () => {
  for (let round = 1; round <= 2; round += 1) {
    const guard = askSlowGuard('beside-noise');
    const noise = Promise.all(
      [1, 2].map(() => arena.askAs('a', { ...noisyLines, deadlineMs: deadlineMs * 5 })),
    );
    expect(await guard, `round ${round}`).toMatchObject(heard);
    await noise;
  }
});

test('a guard that is open on failure is heard after its worker was killed twice under it', async () => {
  workers.push(await startWorker(redis.url));
  for (let round = 1; round <= 2; round += 1) {
    const guard = askSlowGuard('under-a-kill');
    const busy = await vi.waitFor(
      async () => {
        const running = await Promise.all(workers.map((worker) => worker.running()));
        const at = running.findIndex((jobs) => jobs > 0);
        expect(at).toBeGreaterThanOrEqual(0);
        return workers[at] as RunningWorker;
      },
      { timeout: 5_000, interval: 50 },
    );
    busy.child.kill('SIGKILL');
    workers = workers.filter((worker) => worker !== busy);
    const next = startWorker(redis.url);
    expect(await guard, `kill ${round}`).toMatchObject(heard);
    workers.push(await next);
  }
  expect(await askSlowGuard('under-a-kill'), 'afterwards').toMatchObject(heard);
});
