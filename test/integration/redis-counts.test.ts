/** The counts of evaluations in Redis. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { countsKey } from '../../src/redis/keys.ts';
import {
  type CountedStep,
  countStepMs,
  countSteps,
  noCounts,
} from '../../src/server/count-store.ts';
import { TestRedis } from '../support/redis.ts';
import { StoreRig } from '../support/stores.ts';

let rig: StoreRig;
beforeAll(async () => {
  rig = new StoreRig(await TestRedis.start());
});
afterEach(() => rig.clear());
afterAll(() => rig.redis.kill());

const key = countsKey('hooks', 't');
const now = () => Math.floor(Date.now() / countStepMs);
const sum = (steps: readonly CountedStep[], name: keyof CountedStep) =>
  steps.reduce((all, step) => all + step[name], 0);

test('two servers count together, by tenant and outcome, and the key goes by itself', async () => {
  const [one, other] = [(await rig.server()).counts, (await rig.server()).counts];
  expect(await other.list('t')).toEqual([]);
  await Promise.all([one, other, one].map((store) => store.add('t', 'block')));
  await one.add('t', 'fail-mode');
  await one.add('other', 'ask');
  const steps = await other.list('t');
  expect((['block', 'fail-mode', 'ask'] as const).map((name) => sum(steps, name))).toEqual([
    3, 1, 0,
  ]);
  expect(Math.abs((steps.at(-1)?.step ?? 0) - now())).toBeLessThan(2);
  const left = await rig.redis.use((client) => client.pttl(key));
  expect(left).toBeGreaterThan(23 * 3_600_000);
});

test('what is older than 24 hours, of the future or no count is not listed, and removed', async () => {
  const { counts } = await rig.server();
  const old = now() - countSteps - 1;
  await rig.redis.use((client) =>
    client.hset(key, {
      [`${old}:block`]: '5',
      [`${now() + 9}:block`]: '5',
      [`${now() - 5}:ask`]: '7',
      [`${now() - 5}:what`]: '7',
      [`${now() - 6}:allow`]: 'x',
      [`${now()}:none`]: 'nan',
      [`${now() + 1}:none`]: 'nan',
      junk: '1',
    }),
  );
  expect(await counts.list('t')).toEqual([{ step: now() - 5, ...noCounts, ask: 7 }]);
  await counts.add('t', 'none');
  await counts.add('t', 'allow');
  const steps = await counts.list('t');
  expect((['block', 'ask', 'none', 'allow'] as const).map((name) => sum(steps, name))).toEqual([
    0, 7, 1, 1,
  ]);
  const fields = await rig.redis.use((client) => client.hkeys(key));
  expect(fields).not.toContain(`${old}:block`);
  expect(fields).not.toContain('junk');
});
