/** `hookpool serve` with a Redis: the hooks are run by a worker. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestRedis } from '../support/redis.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
let redis: TestRedis;
let server: RunningServer;
let worker: ChildProcess | undefined;

beforeAll(async () => {
  redis = await TestRedis.start();
  server = await startServer([], { HOOKPOOL_REDIS_URL: redis.url });
});

afterAll(async () => {
  for (const child of [server.child, worker]) {
    if (child === undefined) continue;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  }
  await redis.kill();
});

const json = { hooks: { Stop: [{ name: 'guard', command: 'echo no >&2; exit 2' }] }, context: { hook_event_name: 'Stop' } };

test('without a worker it is not ready, and an event is answered by its deadline with the failMode', async () => {
  expect(await server.ask('GET', '/readyz')).toMatchObject({ status: 503, body: { reason: 'No worker has been seen.' } });
  const closed = { Stop: [{ name: 'guard', command: 'exit 0', failMode: 'block' }] };
  const answer = await server.ask('POST', '/v1/evaluate', { json: { ...json, hooks: closed, deadlineMs: 500 } });
  expect([answer.status, answer.body]).toMatchObject([200, { decision: 'block', cause: { kind: 'fail-mode' } }]);
});

test('with a worker it decides; one evaluationId has one decision', async () => {
  const env = { ...process.env, HOOKPOOL_REDIS_URL: redis.url };
  worker = spawn(process.execPath, [main, 'worker', '--concurrency', '2'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  await expect
    .poll(() => server.ask('GET', '/readyz').then(({ status }) => status), { timeout: 40_000, interval: 200 })
    .toBe(200);
  const ask = () => server.ask('POST', '/v1/evaluate', { json: { ...json, evaluationId: 'one', verbose: true } });
  const [first, second] = [await ask(), await ask()];
  expect(first.body).toMatchObject({ decision: 'block', reason: 'no', results: [{ facts: { exitCode: 2 } }] });
  expect(second.body).toEqual(first.body);
});

test('a bare script is not for workers', async () => {
  expect((await server.ask('POST', '/v1/run', { json: { script: 'true' } })).status).toBe(501);
});
