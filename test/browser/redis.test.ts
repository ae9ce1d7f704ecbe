/** The console of one of two servers that share a Redis. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, type RedisClient, untilReady } from '../../src/redis/connection.ts';
import { EventChannel } from '../../src/redis-stores/event-channel.ts';
import { redisStores } from '../../src/redis-stores/redis-stores.ts';
import { TestRedis } from '../support/redis.ts';
import { type ConsoleUnderTest, openPage } from './browser.ts';
import { evaluate, seededConsole } from './seeded.ts';

let redis: TestRedis;
let here: ConsoleUnderTest;
let there: ConsoleUnderTest;
const closing: (() => void)[] = [];
beforeAll(async () => {
  redis = await TestRedis.start();
  here = await server();
  there = await server();
});
afterAll(async () => {
  await Promise.all([here.app.close(), there.app.close()]);
  for (const close of closing) close();
  await redis.kill();
});

async function server(): Promise<ConsoleUnderTest> {
  const open = (kind: 'producer' | 'worker'): RedisClient => {
    const client = connect(redis.settings, kind, () => undefined);
    closing.push(() => client.disconnect());
    return client;
  };
  const client = open('producer');
  await untilReady(client, 5_000);
  const relay = new EventChannel({ redis: client, connect: () => open('worker'), queue: 'hooks' });
  closing.push(() => relay.close());
  const warn = (text: string) => {
    throw new Error(text);
  };
  return seededConsole({ ...redisStores({ redis: client, queue: 'hooks', warn }), relay });
}

it('what another server evaluates is listed, arrives live, is explained and has its thread', async () => {
  const { page, faults } = await openPage();
  await page.goto(`${here.url}/console/#/evaluations`);
  // Four evaluations of each server.
  await page.getByText('8 evaluations', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const link = (id: string) => page.locator(`a[href="#/evaluation/${id}"]`);
  // The subscription in Redis follows the stream; what is told before it is missed.
  const arrived = async () => {
    const id = await evaluate(there, 'Bash', { command: 'ls' }, 'elsewhere');
    await link(id).waitFor({ timeout: 2_000 });
    return id;
  };
  const id = await arrived().catch(arrived);
  await link(id).click();
  await page.getByRole('heading', { name: /because no-rm left with exit code 2/ }).waitFor();
  await page.getByText('matcher does not match').first().waitFor();
  await page.getByRole('link', { name: 'elsewhere' }).click();
  await page.getByLabel('Name of an on-demand hook').fill('careful');
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('button', { name: 'Switch off careful' }).waitFor();
  const { json } = await there.app.inject({ url: '/v1/threads/elsewhere/hooks' });
  expect(json().hooks).toEqual(['careful']);
  await page.goto(`${here.url}/console/#/threads`);
  await page.getByRole('listitem').filter({ hasText: 'elsewhere' }).getByText('1 hook').waitFor();
  await page.goto(`${here.url}/console/#/`);
  await page
    .getByText(/^(9|10) evaluations in the last 24 hours/)
    .first()
    .waitFor();
  expect(faults).toEqual([]);
});
