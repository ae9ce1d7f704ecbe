/**
 * The hooks of both tenants run on the same worker, and a guard of tenant b that is open on failure
 * must be heard in time whatever the scripts of tenant a print. Needs `npm run build`.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestRedis } from '../support/redis.ts';
import { Arena, faultsOf } from '../support/two-tenants/arena.ts';
import { workerAttacks } from '../support/two-tenants/attacks.ts';
import { type RunningWorker, startWorker } from '../support/two-tenants/worker.ts';

let redis: TestRedis;
let arena: Arena;
let worker: RunningWorker;

beforeAll(async () => {
  redis = await TestRedis.start();
  worker = await startWorker(redis.url);
  arena = await Arena.open({ HOOKPOOL_REDIS_URL: redis.url });
});

afterAll(async () => {
  await arena.close();
  worker.child.kill('SIGTERM');
  await worker.exited;
  await redis.kill();
});

test.each(workerAttacks)(
  'b is answered rightly and in time by the worker on which $name',
  async (attack) => {
    expect(faultsOf(await arena.attack(attack))).toEqual([]);
  },
);
