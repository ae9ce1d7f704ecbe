import { expect, test } from 'vitest';
import {
  type Constants,
  type HookCost,
  machinePerSecond,
  planFor,
} from '../../../bench/scale/model.ts';

const cost: HookCost = {
  guard: 'python',
  serverMs: 1,
  redisMs: 0.5,
  workerMs: 0.5,
  sandboxMs: 3,
  clientMs: 0,
};
const constants: Constants = {
  costs: [cost],
  readerServerMs: 0.1,
  readerRedisMs: 0.02,
  bytesPerWaitingJob: 2048,
  containerMib: 8,
  shimMib: 6,
  measured: [],
  cores: 2,
};

test('cores are the limit where everything shares few of them', () => {
  expect(machinePerSecond(cost, 2, 1)).toBeCloseTo(400, 6);
});

test('with many cores the busiest thread is the limit, and more workers do not help it', () => {
  expect(machinePerSecond(cost, 1_000, 1)).toBeCloseTo(1_000, 6);
  expect(machinePerSecond({ ...cost, workerMs: 2 }, 1_000, 1)).toBeCloseTo(500, 6);
  expect(machinePerSecond({ ...cost, workerMs: 2 }, 1_000, 4)).toBeCloseTo(1_000, 6);
});

test('a small load needs one of each', () => {
  expect(planFor(100, cost, constants)).toEqual({
    perSecond: 100,
    workerCores: 1,
    workers: 1,
    servers: 1,
    redisShards: 1,
    bottleneck: 'nothing',
  });
});

test.each([
  { perSecond: 300, bottleneck: 'cores for sandboxes' },
  { perSecond: 800, bottleneck: 'the server: more than one' },
  { perSecond: 5_000, bottleneck: 'Redis: more than one' },
])(
  'at $perSecond hooks per second one of each is short of: $bottleneck',
  ({ perSecond, bottleneck }) => {
    expect(planFor(perSecond, cost, constants).bottleneck).toBe(bottleneck);
  },
);

test.each([1_000, 10_000, 100_000])(
  'at %i hooks per second no part is busier than planned',
  (perSecond) => {
    const { workerCores, servers, redisShards } = planFor(perSecond, cost, constants);
    const perShard = perSecond / redisShards;
    const serversPerShard = servers / redisShards;
    const server =
      (perShard / serversPerShard) * (cost.serverMs - constants.readerServerMs) +
      perShard * constants.readerServerMs;
    const redis = perShard * (cost.redisMs + (serversPerShard - 1) * constants.readerRedisMs);
    expect((perSecond * (cost.workerMs + cost.sandboxMs)) / workerCores).toBeLessThanOrEqual(700);
    expect(server).toBeLessThanOrEqual(700.001);
    expect(redis).toBeLessThanOrEqual(700.001);
    // Hearing of each other must not become what servers are for.
    expect(servers).toBeLessThan((perSecond * cost.serverMs) / 700 / 0.6 + 1);
  },
);

test('ten times the load needs about ten times the processes once there are several Redis', () => {
  const [some, many] = [10_000, 100_000].map((load) => planFor(load, cost, constants));
  for (const part of ['workerCores', 'workers', 'servers', 'redisShards'] as const) {
    const ratio = (many?.[part] ?? 0) / (some?.[part] ?? 1);
    expect(ratio).toBeGreaterThan(8);
    expect(ratio).toBeLessThan(12);
  }
});
