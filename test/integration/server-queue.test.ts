/** `hookpool serve` with a Redis: the hooks are run by a worker. Needs `npm run build`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Collector } from '../support/collector.ts';
import { TestRedis } from '../support/redis.ts';
import { type RunningServer, startServer } from '../support/server.ts';
import { expectAlertsAndPanels, expectOneTrace, urlIn } from './server-queue-observed.ts';

const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
let redis: TestRedis;
/** Of `server` and the worker. */
let collector: Collector;
let server: RunningServer;
/** Of the same queue. */
let other: RunningServer;
let worker: ChildProcess | undefined;
let workerUrl: Promise<string>;

beforeAll(async () => {
  [redis, collector] = await Promise.all([TestRedis.start(), Collector.start()]);
  const env = { HOOKPOOL_REDIS_URL: redis.url };
  [server, other] = await Promise.all([
    startServer(['--keep-contexts'], { ...env, ...collector.env }),
    startServer(['--keep-contexts'], env),
  ]);
});

afterAll(async () => {
  for (const child of [server.child, other.child, worker]) {
    if (child === undefined) continue;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  }
  await redis.kill();
  await collector.close();
});

const json = {
  hooks: { Stop: [{ name: 'guard', command: 'echo no >&2; exit 2' }] },
  context: { hook_event_name: 'Stop' },
};

test('without a worker it is not ready, and an event is answered by its deadline with the failMode', async () => {
  expect(await server.ask('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { reason: 'No worker has been seen.' },
  });
  const closed = { Stop: [{ name: 'guard', command: 'exit 0', failMode: 'block' }] };
  const answer = await server.ask('POST', '/v1/evaluate', {
    json: { ...json, hooks: closed, deadlineMs: 500 },
  });
  expect([answer.status, answer.body]).toMatchObject([
    200,
    { decision: 'block', cause: { kind: 'fail-mode' } },
  ]);
});

test('with a worker it decides; one evaluationId has one decision', async () => {
  const env = { ...process.env, ...collector.env, HOOKPOOL_REDIS_URL: redis.url };
  worker = spawn(
    process.execPath,
    [main, 'worker', '--concurrency', '2', '--listen', '127.0.0.1:0'],
    {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  workerUrl = urlIn(worker);
  await expect
    .poll(() => server.ask('GET', '/readyz').then(({ status }) => status), {
      timeout: 40_000,
      interval: 200,
    })
    .toBe(200);
  const ask = () =>
    server.ask('POST', '/v1/evaluate', { json: { ...json, evaluationId: 'one', verbose: true } });
  const [first, second] = [await ask(), await ask()];
  expect(first.body).toMatchObject({
    decision: 'block',
    reason: 'no',
    results: [{ facts: { exitCode: 2 } }],
  });
  expect(second.body).toEqual(first.body);
});

test('a bare script runs on a worker', async () => {
  const script = 'cat; printf "\\377" >&2; exit 3';
  const { status, body } = await server.ask('POST', '/v1/run', {
    json: { script, stdin: 'héllo' },
  });
  expect([status, body]).toMatchObject([
    200,
    { status: 'exited', exitCode: 3, stdout: 'héllo', stderrBase64: '/w==' },
  ]);
  expect(body.ranIn).toEqual({
    container: expect.stringMatching(/^[0-9a-f]{12}$/),
    profile: 'small',
    worker: expect.any(String),
  });
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
  expect(hook.ranIn).toEqual({
    container: expect.stringMatching(/^[0-9a-f]{12}$/),
    profile: 'small',
    worker: expect.any(String),
  });
  expect(hook.durations.queueMs).toBeGreaterThanOrEqual(0);
  expect(hook.durations.queueMs).toBeLessThan(1_000);
});

test('the server counts the line, the worker what it did', async () => {
  const metrics = () => server.ask('GET', '/metrics').then(({ text }) => text);
  // The server reads heartbeats twice a second, and the first ones are of a worker that starts.
  const served = expect.poll(metrics, { timeout: 10_000 });
  await served.toMatch(/^hookpool_queue_capacity 2$/m);
  await served.toMatch(/^hookpool_queue_workers 1$/m);
  await served.toMatch(/^hookpool_queue_waiting 0$/m);
  const probes = await workerUrl;
  const worked = async () => (await fetch(`${probes}/metrics`)).text();
  const counted = expect.poll(worked, { timeout: 10_000 });
  await counted.toMatch(/^hookpool_worker_jobs_total\{end="done"\} [1-9]/m);
  await counted.toMatch(/^hookpool_schedule_to_start_seconds_count [1-9]/m);
  // A sandbox is reset after its answer has left.
  await counted.toMatch(/^hookpool_reset_seconds_count\{profile="small"\} [1-9]/m);
  expect((await fetch(`${probes}/readyz`)).status).toBe(200);
  expect((await (await fetch(`${probes}/healthz`)).json()) as object).toMatchObject({
    status: 'alive',
  });
});

test('an event that is traced arrives as one trace, through bridge, server, queue and worker', async () => {
  await expectOneTrace(collector, server);
});

test('all that alerts and dashboard ask for is in a scrape of server and worker', async () => {
  await expectAlertsAndPanels(server, await workerUrl);
});

describe('two servers of one queue', () => {
  const context = { hook_event_name: 'Stop' };
  const onDemand = [
    {
      name: 'shared',
      activation: 'on-demand',
      failMode: 'block',
      command: 'echo by thread >&2; exit 2',
    },
  ];

  test('share a hook set and the switch of a thread', async () => {
    const put = await server.ask('PUT', '/v1/hooksets/shared', {
      json: { hooks: { Stop: onDemand } },
    });
    expect(put.status).toBe(201);
    const read = await other.ask('GET', '/v1/hooksets/shared');
    expect([read.status, read.headers.get('etag')]).toEqual([200, put.headers.get('etag')]);
    const ask = () =>
      other.ask('POST', '/v1/evaluate', { json: { context, hookset: 'shared', thread: 't' } });
    expect((await ask()).body.decision).toBe('none');
    expect((await server.ask('PUT', '/v1/threads/t/hooks/shared')).status).toBe(204);
    expect((await ask()).body).toMatchObject({ decision: 'block', reason: 'by thread' });
    expect((await server.ask('DELETE', '/v1/hooksets/shared')).status).toBe(204);
    expect((await ask()).status).toBe(404);
  });

  test('share the state of a session', async () => {
    const command =
      '[ ! -f "$HOOKPOOL_STATE/n" ] || cat "$HOOKPOOL_STATE/n" >&2; printf x >> "$HOOKPOOL_STATE/n"; echo "." >&2; exit 2';
    const counting = [{ name: 'counting', state: 'session', command }];
    await server.ask('PUT', '/v1/hooksets/counting', { json: { hooks: { Stop: counting } } });
    const ask = async (one: RunningServer, session: string) => {
      const asked = { context: { ...context, session_id: session }, hookset: 'counting' };
      return (await one.ask('POST', '/v1/evaluate', { json: asked })).body.reason;
    };
    expect(await ask(server, 's')).toBe('.');
    expect(await ask(other, 's')).toBe('x.');
    expect(await ask(other, 'another')).toBe('.');
    expect(await ask(server, 's')).toBe('xx.');
  });

  test('know and replay the evaluations of each other', async () => {
    const { body } = await server.ask('POST', '/v1/evaluate', { json });
    const place = `/v1/evaluations/${body.evaluationId}`;
    // The answer does not wait for its record.
    await expect.poll(() => other.ask('GET', place).then(({ status }) => status)).toBe(200);
    expect((await other.ask('GET', place)).body).toMatchObject({
      id: body.evaluationId,
      decision: 'block',
      reason: 'no',
    });
    const replay = await other.ask('POST', `${place}/replay`);
    expect([replay.status, replay.body]).toMatchObject([
      200,
      { same: true, first: 'block', decision: { decision: 'block' } },
    ]);
  });

  test('agree about an evaluationId, asked at once and later; for other hooks it is another evaluation', async () => {
    // What it says is different each time that it runs.
    const told = { Stop: [{ name: 'guard', command: 'date +%N >&2; exit 2' }] };
    const ask = (one: RunningServer, hooks: object = told) =>
      one.ask('POST', '/v1/evaluate', { json: { context, hooks, evaluationId: 'two' } });
    const atOnce = await Promise.all([ask(server), ask(other)]);
    const later = [await ask(server), await ask(other)];
    expect(new Set([...atOnce, ...later].map(({ body }) => body.reason)).size).toBe(1);
    const open = { Stop: [{ name: 'guard', command: 'exit 0' }] };
    expect([
      (await ask(other, open)).body.decision,
      (await ask(server, open)).body.decision,
    ]).toEqual(['none', 'none']);
    // Its first record is not the last one of this id any more; the decision stands.
    expect((await ask(server)).body.reason).toBe(atOnce[0]?.body.reason);
  });
});

test('a Redis that may evict is warned of at the start', async () => {
  const evicting = await TestRedis.start(
    '--maxmemory',
    '100mb',
    '--maxmemory-policy',
    'allkeys-lru',
  );
  const warned = await startServer([], { HOOKPOOL_REDIS_URL: evicting.url });
  expect(warned.log.join('\n')).toContain('noeviction');
  expect(server.log.join('\n')).not.toContain('noeviction');
  warned.child.kill('SIGTERM');
  expect(await warned.exited).toBe(0);
  await evicting.kill();
});
