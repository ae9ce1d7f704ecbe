// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
/**
 * http hooks through Redis and `hookpool worker --outbound`, with targets that misbehave. Needs
 * `npm run build`, and no engine.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { headerOf, OutboundRig, ok } from '../support/outbound-rig.ts';

let rig: OutboundRig;

beforeAll(async () => {
  rig = await OutboundRig.start();
});
afterEach(async () => {
  await rig.endWorkers();
  rig.arrived.length = 0;
  rig.onRequest = ({ socket }) => void socket.end(ok({}));
});
afterAll(() => rig.close());

const hanging = () => undefined;
const cutOff = `HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}`;

test('without an outbound worker a hook is answered at once, with its failMode', async () => {
  await rig.untilKnown();
  for (const failMode of ['block', 'allow']) {
    const started = performance.now();
    const { status, body } = await rig.ask({ failMode });
    expect(performance.now() - started).toBeLessThan(1_000);
    expect([status, body]).toMatchObject([
      200,
      {
        decision: failMode,
        results: [{ cause: { kind: 'fail-mode', code: 'OUTBOUND_UNAVAILABLE' } }],
      },
    ]);
    expect(body.results[0].cause.message).toContain('hookpool worker --outbound');
  }
  expect(rig.arrived).toEqual([]);
});

test('a worker makes the request with its secret, without any connection to an engine', async () => {
  const engine = createServer(() => expect.unreachable());
  await once(engine.listen(0, '127.0.0.1'), 'listening');
  const { port } = engine.address() as { port: number };
  await rig.worker([], { DOCKER_HOST: `tcp://127.0.0.1:${port}` });
  rig.onRequest = ({ socket }) => void socket.end(ok({ flagged: true, why: 'policy 7' }));
  const headers = { Authorization: 'Bearer ${secret:k}' };
  const { body } = await rig.ask({ headers, verdict: { block: '/flagged', reason: '/why' } });
  const [name] = await rig.crew();
  expect(body).toMatchObject({
    decision: 'block',
    reason: 'policy 7',
    results: [{ cause: { kind: 'output' }, asked: { status: 200, path: '/check', worker: name } }],
  });
  const [request] = rig.arrived;
  expect(request && headerOf(request, 'authorization')).toBe(`Bearer ${rig.secret}`);
  const { connections } = await new Promise<{ connections: number }>((resolve) =>
    engine.getConnections((_, connections) => resolve({ connections })),
  );
  expect(connections).toBe(0);
  engine.close();
});

test('a target that misbehaves costs its hook the decision, and the next hook nothing', async () => {
  await rig.worker();
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    ['a redirect', 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n', 'HTTP_STATUS'],
    ['an error', 'HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n', 'HTTP_STATUS'],
    ['text', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno', 'HTTP_BODY'],
    ['half an answer', cutOff, 'HTTP_BODY'],
    ['an encoded answer', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nx', 'HTTP_BODY'],
    [
      'a large answer',
      `HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n${' '.repeat(2_000_000)}`,
      'HTTP_BODY',
    ],
    ['a large head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(30_000)}\r\n\r\n`, 'HTTP_BODY'],
    ['no HTTP', 'SSH-2.0\r\n', 'HTTP_BODY'],
    ['the end of the connection', '', 'TARGET_UNREACHABLE'],
    ['nothing', undefined, 'HOOK_TIMED_OUT'],
  ];
  for (const [what, said, code] of cases) {
    rig.onRequest = ({ socket }) => void (said === undefined ? undefined : socket.end(said));
    const { body } = await rig.ask({ timeout: 1 });
    expect([what, body.decision, body.results[0].cause.code]).toEqual([what, 'block', code]);
  }
  expect(rig.arrived.length).toBe(cases.length);
  rig.onRequest = ({ socket }) => void socket.end(ok({}));
  expect((await rig.ask({})).body.results[0].cause).toEqual({ kind: 'output' });
});

test('a request ends with its evaluation, before the timeout of its hook', async () => {
  await rig.worker();
  rig.onRequest = hanging;
  const { body } = await rig.ask({ timeout: 20 }, { deadlineMs: 1_000 });
  expect(body.results[0].cause.code).toBe('DEADLINE');
  expect(body.durationMs).toBeLessThan(1_100);
  const [request] = rig.arrived;
  await vi.waitFor(() => expect(request?.socket.destroyed).toBe(true), { timeout: 2_000 });
});

test('a tenant whose targets are slow leaves the others their slots', async () => {
  await rig.worker(['--concurrency', '4']);
  rig.onRequest = ({ body, socket }) => void (body.includes('slow') || socket.end(ok({})));
  const slow = Array.from({ length: 12 }, () =>
    rig.ask({ timeout: 3, payload: 'slow' }, { tenant: 'a', deadlineMs: 4_000 }),
  );
  await rig.untilArrived(2);
  for (let n = 0; n < 5; n++) {
    const { body } = await rig.ask({ payload: 'quick' }, { tenant: 'b' });
    expect(body.results[0].cause).toEqual({ kind: 'output' });
    expect(body.durationMs).toBeLessThan(1_500);
  }
  for (const { body } of await Promise.all(slow)) expect(body.decision).toBe('block');
});

test('a hook that waits in the line until its evaluation ends is never sent', async () => {
  await rig.worker(['--concurrency', '1']);
  rig.onRequest = hanging;
  const first = rig.ask({ timeout: 3 });
  await rig.untilArrived(1);
  const { body } = await rig.ask({}, { deadlineMs: 600 });
  expect(['DEADLINE', 'EXPIRED']).toContain(body.results[0].cause.code);
  await first;
  expect((await rig.ask({ timeout: 1 })).body.decision).toBe('block');
  expect(rig.arrived.length).toBe(2);
});

describe('a worker that is killed under a request', () => {
  const lost = async (hook: object) => {
    const worker = await rig.worker();
    rig.onRequest = ({ socket }, index) => void (index === 0 ? hanging() : socket.end(ok({})));
    const asking = rig.ask({ timeout: 12, ...hook });
    await rig.untilArrived(1);
    worker.child.kill('SIGKILL');
    return { asking, worker };
  };

  test('costs a hook its decision, and the service gets no second request', async () => {
    const { asking } = await lost({});
    await rig.worker();
    const { body } = await asking;
    expect([body.decision, body.results[0].cause.code]).toEqual(['block', 'WORKER_LOST']);
    expect(rig.arrived.length).toBe(1);
  });

  test('costs a hook with retries nothing, also where the next worker starts later: the request is the same', async () => {
    const payload = { at: '${timestamp}' };
    const { asking, worker } = await lost({ retries: 1, payload });
    await worker.exited;
    await rig.untilKnown();
    await rig.worker();
    const { body } = await asking;
    expect(body.results[0].cause).toEqual({ kind: 'output' });
    const [first, second] = rig.arrived;
    expect(second?.body).toBe(first?.body);
    expect(second && headerOf(second, 'idempotency-key')).toMatch(/^[0-9a-f]{64}$/);
    expect(second && headerOf(second, 'idempotency-key')).toBe(
      first && headerOf(first, 'idempotency-key'),
    );
  });
});

test('an async hook whose worker is killed between two attempts is delivered by another one, under the same key', async () => {
  const worker = await rig.worker();
  const busy = 'HTTP/1.1 503 No\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n';
  rig.onRequest = ({ socket }, index) => void socket.end(index === 0 ? busy : ok({}));
  const { body } = await rig.ask({
    ...{ async: true, failMode: 'allow', timeout: 20 },
    payload: { at: '${timestamp}' },
  });
  expect(body).toMatchObject({ decision: 'none', background: ['policy'] });
  await rig.untilArrived(1);
  worker.child.kill('SIGKILL');
  await rig.worker();
  await rig.untilArrived(2);
  const keys = rig.arrived.map((one) => headerOf(one, 'idempotency-key'));
  expect(new Set(keys).size).toBe(1);
  expect(new Set(rig.arrived.map((one) => one.body)).size).toBe(1);
  await vi.waitFor(() => {
    const record = rig
      .audit()
      .split('\n')
      .find((line) => line.includes('"async":true') && line.includes(body.evaluationId));
    const [hook] = JSON.parse(String(record)).hooks;
    expect(hook).toMatchObject({ cause: { kind: 'output' }, asked: { status: 200 } });
  });
});

test('SIGTERM lets running requests end and takes no more; then there is nobody', async () => {
  const worker = await rig.worker();
  rig.onRequest = hanging;
  const asking = rig.ask({});
  await rig.untilArrived(1);
  worker.child.kill('SIGTERM');
  await rig.untilKnown();
  expect((await rig.ask({})).body.results[0].cause.code).toBe('OUTBOUND_UNAVAILABLE');
  rig.arrived[0]?.socket.end(ok({ decision: 'block', reason: 'in the end' }));
  expect((await asking).body).toMatchObject({ decision: 'block', reason: 'in the end' });
  expect(await worker.exited).toEqual([0, null]);
  expect(worker.log.join('\n')).toContain('finishing 1 running jobs');
});

test('a worker answers probes and counts its jobs; the server counts workers', async () => {
  const worker = await rig.worker();
  await rig.ask({});
  expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  expect(metrics).toMatch(/^hookpool_worker_jobs_total\{end="done"\} 1$/m);
  expect(metrics).toMatch(/^hookpool_schedule_to_start_seconds_count 1$/m);
  const served = (await rig.server.ask('GET', '/metrics')).text;
  expect(served).toMatch(/^hookpool_outbound_workers 1$/m);
  expect(served).toMatch(/^hookpool_outbound_capacity 64$/m);
  rig.redis.freeze();
  await vi.waitFor(async () => expect((await fetch(`${worker.url}/healthz`)).status).toBe(200));
  rig.redis.thaw();
});
