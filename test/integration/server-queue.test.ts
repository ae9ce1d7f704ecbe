/** `hookpool serve` with a Redis: the hooks are run by a worker. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestRedis } from '../support/redis.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
let redis: TestRedis;
let server: RunningServer;
let worker: ChildProcess | undefined;
let workerUrl: Promise<string>;

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

/** Where the worker answers probes. */
function urlIn({ stderr }: ChildProcess): Promise<string> {
  const lines = createInterface({ input: stderr as NodeJS.ReadableStream });
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const url = /(http:\S+) answers/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}

const json = { hooks: { Stop: [{ name: 'guard', command: 'echo no >&2; exit 2' }] }, context: { hook_event_name: 'Stop' } };

test('without a worker it is not ready, and an event is answered by its deadline with the failMode', async () => {
  expect(await server.ask('GET', '/readyz')).toMatchObject({ status: 503, body: { reason: 'No worker has been seen.' } });
  const closed = { Stop: [{ name: 'guard', command: 'exit 0', failMode: 'block' }] };
  const answer = await server.ask('POST', '/v1/evaluate', { json: { ...json, hooks: closed, deadlineMs: 500 } });
  expect([answer.status, answer.body]).toMatchObject([200, { decision: 'block', cause: { kind: 'fail-mode' } }]);
});

test('with a worker it decides; one evaluationId has one decision', async () => {
  const env = { ...process.env, HOOKPOOL_REDIS_URL: redis.url };
  worker = spawn(process.execPath, [main, 'worker', '--concurrency', '2', '--listen', '127.0.0.1:0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  workerUrl = urlIn(worker);
  await expect
    .poll(() => server.ask('GET', '/readyz').then(({ status }) => status), { timeout: 40_000, interval: 200 })
    .toBe(200);
  const ask = () => server.ask('POST', '/v1/evaluate', { json: { ...json, evaluationId: 'one', verbose: true } });
  const [first, second] = [await ask(), await ask()];
  expect(first.body).toMatchObject({ decision: 'block', reason: 'no', results: [{ facts: { exitCode: 2 } }] });
  expect(second.body).toEqual(first.body);
});

test('a bare script runs on a worker', async () => {
  const script = 'cat; printf "\\377" >&2; exit 3';
  const { status, body } = await server.ask('POST', '/v1/run', { json: { script, stdin: 'héllo' } });
  expect([status, body]).toMatchObject([200, { status: 'exited', exitCode: 3, stdout: 'héllo', stderrBase64: '/w==' }]);
  expect(body.ranIn).toEqual({ container: expect.stringMatching(/^[0-9a-f]{12}$/), worker: expect.any(String) });
});

test('a script that does not parse is refused, as its worker says', async () => {
  const hooks = { Stop: [{ name: 'guard', script: 'if true; then echo x' }] };
  const { status, body } = await server.ask('POST', '/v1/evaluate', { json: { ...json, hooks } });
  expect([status, body.error]).toMatchObject([
    400,
    { code: 'INVALID_HOOKS', message: expect.stringContaining('bash cannot parse') },
  ]);
});

test('the audit record names worker and container, and how long the hook stood in line', async () => {
  const { body } = await server.ask('POST', '/v1/evaluate', { json });
  const { body: record } = await server.ask('GET', `/v1/evaluations/${body.evaluationId}`);
  const [hook] = record.hooks;
  expect(hook.ranIn).toEqual({ container: expect.stringMatching(/^[0-9a-f]{12}$/), worker: expect.any(String) });
  expect(hook.durations.queueMs).toBeGreaterThanOrEqual(0);
  expect(hook.durations.queueMs).toBeLessThan(1_000);
});

test('the server counts the line, the worker what it did', async () => {
  const served = (await server.ask('GET', '/metrics')).text;
  expect(served).toMatch(/^hookpool_queue_workers 1$/m);
  expect(served).toMatch(/^hookpool_queue_capacity 2$/m);
  expect(served).toMatch(/^hookpool_queue_waiting 0$/m);
  const probes = await workerUrl;
  const worked = await (await fetch(`${probes}/metrics`)).text();
  expect(worked).toMatch(/^hookpool_worker_jobs_total\{end="done"\} [1-9]/m);
  expect(worked).toMatch(/^hookpool_schedule_to_start_seconds_count [1-9]/m);
  expect(worked).toMatch(/^hookpool_reset_seconds_count [1-9]/m);
  expect((await fetch(`${probes}/readyz`)).status).toBe(200);
  expect((await (await fetch(`${probes}/healthz`)).json()) as object).toMatchObject({ status: 'alive' });
});
