/** One tenant's flood, and what another one sees of it: over real connections. */
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { orFallback } from '../../src/deadline.ts';
import { emptyRun } from '../../src/protocol/run.ts';
import { parseTokens } from '../../src/server/auth.ts';
import { ask } from '../support/server.ts';
import {
  type AppUnderTest,
  appUnderTest,
  fakeRun,
  stopContext,
  stopHook,
} from './app-under-test.ts';
import { halfPost, type RawCall, sendRaw } from './half-requests.ts';

const tokenOf = (tenant: string) => `token-of-tenant-${tenant}`;
const list = (...tenants: string[]) =>
  parseTokens(
    't',
    JSON.stringify(tenants.map((tenant) => ({ token: tokenOf(tenant), tenant, role: 'admin' }))),
  );
const bearer = (tenant: string) => ({ authorization: `Bearer ${tokenOf(tenant)}` });
const evaluation = { context: stopContext, hooks: stopHook('exit 2', { failMode: 'block' }) };

let opened: AppUnderTest['app'] | undefined;
const calls: RawCall[] = [];
afterEach(async () => {
  for (const { socket } of calls.splice(0)) socket.destroy();
  await opened?.close();
  opened = undefined;
});

type Options = Parameters<typeof appUnderTest>[0];
async function listen(options: Options) {
  const { app } = appUnderTest({ tokens: list('a', 'b'), ...options });
  opened = app;
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const send = async (bytes: string | Buffer) => {
    const call = await sendRaw(port, bytes);
    calls.push(call);
    return call;
  };
  const evaluate = (tenant: string, more: object = {}) =>
    ask('POST', `${url}/v1/evaluate`, {
      json: { ...evaluation, ...more },
      headers: bearer(tenant),
    });
  return { url, port, send, evaluate };
}

/** Undefined when there is no answer within 50 ms. */
function soon<T>(asked: Promise<T>): Promise<T | undefined> {
  return orFallback(50, asked, () => undefined);
}

/** Runs until it is let go. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('bodies that do not end', () => {
  test.each([
    ['with a length', 1_000],
    ['in chunks', 'chunked'],
  ] as const)(
    '%s: the tenant gets half of the places and is told so, another one is answered at once',
    async (_, length) => {
      const { send, evaluate } = await listen({ maxInFlight: 20 });
      const halves = await Promise.all(
        Array.from({ length: 30 }, () => send(halfPost('/v1/evaluate', tokenOf('a'), length))),
      );
      await expect.poll(() => halves.filter(({ text }) => text() !== '').length).toBe(20);
      const refused = halves.filter(({ text }) => text() !== '').map(({ text }) => text());
      for (const text of refused) {
        expect(text).toMatch(/^HTTP\/1\.1 503 /);
        expect(text).toMatch(/retry-after: 2/i);
        expect(text).toContain(
          '"code":"OVERLOADED","message":"10 request bodies of this tenant are on their way',
        );
      }
      const answers = await Promise.all(Array.from({ length: 10 }, () => evaluate('b')));
      expect(answers.map(({ status, body }) => [status, body.decision])).toEqual(
        Array(10).fill([200, 'block']),
      );
      expect((await evaluate('a')).status).toBe(503);
    },
  );

  test('a refused one is closed, and not read any further', async () => {
    const { send } = await listen({ maxInFlight: 2 });
    const [, second] = [
      await send(halfPost('/v1/run', tokenOf('a'), 9)),
      await send(halfPost('/v1/run', tokenOf('a'), 900_000)),
    ];
    await second.closed;
    expect(second.text()).toMatch(/^HTTP\/1\.1 503 .*connection: close/is);
  });

  test('end after seconds, and their places are free again', async () => {
    const { send, evaluate } = await listen({ maxInFlight: 2 });
    const half = await send(halfPost('/v1/evaluate', tokenOf('a'), 1_000));
    await expect.poll(async () => (await evaluate('a')).status).toBe(503);
    await half.closed;
    expect(half.text()).toMatch(/^HTTP\/1\.1 408 /);
    expect((await evaluate('a')).status).toBe(200);
  }, 20_000);

  test('cost the memory of what is here, not of what was announced; more than the share is refused', async () => {
    const { send, evaluate } = await listen({
      maxInFlight: 100,
      bodyLimitBytes: 1 << 20,
      bodyMemoryBytes: 4 << 20,
    });
    const announced = await Promise.all(
      Array.from({ length: 20 }, () => send(halfPost('/v1/evaluate', tokenOf('a'), 1_000_000))),
    );
    const whole = { context: { ...stopContext, final_output: 'x'.repeat(900_000) } };
    expect((await evaluate('a', whole)).status).toBe(200);
    for (const { socket } of announced) socket.write('x'.repeat(900_000));
    await expect
      .poll(() => announced.filter(({ text }) => text().includes('OVERLOADED')).length)
      .toBeGreaterThanOrEqual(18);
    const refused = announced.find(({ text }) => text().includes('OVERLOADED'));
    expect(refused?.text()).toContain('of this tenant would have more than 2097152 bytes together');
    expect((await evaluate('a', whole)).body.error.code).toBe('OVERLOADED');
    expect((await evaluate('b', whole)).status).toBe(200);
    for (const { socket } of announced) socket.destroy();
    await expect.poll(async () => (await evaluate('a', whole)).status).toBe(200);
  });

  test('that are too long are refused by what they say, and by what comes', async () => {
    const { send } = await listen({ bodyLimitBytes: 1_000 });
    const said = await send(halfPost('/v1/evaluate', tokenOf('a'), 1_001, ''));
    await said.closed;
    const came = await send(halfPost('/v1/evaluate', tokenOf('a'), 'chunked', 'x'.repeat(1_001)));
    await came.closed;
    for (const { text } of [said, came]) {
      expect(text()).toMatch(/^HTTP\/1\.1 413 /);
      expect(text()).toContain('"code":"TOO_LARGE","message":"The body has more than 1000 bytes');
    }
  });

  test('in chunks of one byte cost their bytes, and are put together as they came', async () => {
    const { send, evaluate } = await listen({ bodyMemoryBytes: 2 << 20 });
    const body = JSON.stringify({
      ...evaluation,
      context: { ...stopContext, final_output: 'é😀'.repeat(2_000) },
    });
    const bytes = [...Buffer.from(body)].map((byte) =>
      Buffer.concat([Buffer.from('1\r\n'), Buffer.of(byte), Buffer.from('\r\n')]),
    );
    const call = await send(halfPost('/v1/evaluate', tokenOf('a'), 'chunked', ' '));
    for (const chunk of bytes) call.socket.write(chunk);
    call.socket.write('0\r\n\r\n');
    await expect.poll(call.text).toContain('"decision":"block"');
    expect((await evaluate('a')).status).toBe(200);
  });

  test('for an address that does not exist, or from nobody, are not read', async () => {
    const { send } = await listen({});
    const lost = await send(halfPost('/nope', tokenOf('a'), 900_000));
    await lost.closed;
    expect(lost.text()).toMatch(/^HTTP\/1\.1 404 /);
    const unknown = await send(halfPost('/v1/evaluate', 'nobody-has-this-token', 900_000));
    await unknown.closed;
    expect(unknown.text()).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('requests that are worked on', () => {
  test('are half of the places for one tenant; the next one of another tenant finds one', async () => {
    const { opened: over, open } = gate();
    const runScript = async () =>
      over.then(() => ({ run: emptyRun('exited', 1), leaseMs: 0, ranIn: { container: 'x' } }));
    const { url, evaluate } = await listen({ maxInFlight: 8, backend: { runScript } });
    const run = () =>
      ask('POST', `${url}/v1/run`, { json: { script: 'sleep 8' }, headers: bearer('a') });
    const runs = Array.from({ length: 20 }, run);
    let refusals = 0;
    for (const one of runs) void one.then(({ status }) => status === 503 && refusals++);
    await expect.poll(() => refusals).toBe(16);
    expect((await run()).body.error.message).toBe(
      '4 requests of this tenant are being worked on, the most that one tenant may have.',
    );
    expect(await evaluate('b')).toMatchObject({ status: 200, body: { decision: 'block' } });
    open();
    expect((await Promise.all(runs)).filter(({ status }) => status === 200).length).toBe(4);
    expect((await run()).status).toBe(200);
  });

  test('are all of them for a tenant whose tokens are the only ones, and then everybody is told so', async () => {
    const { opened: over, open } = gate();
    const run = async (job: Parameters<typeof fakeRun>[0]) => over.then(() => fakeRun(job));
    const { evaluate } = await listen({ tokens: list('a'), maxInFlight: 4, backend: { run } });
    const first = Array.from({ length: 4 }, () => evaluate('a'));
    await expect
      .poll(async () => {
        const extra = evaluate('a');
        first.push(extra);
        return (await soon(extra))?.body.error.message;
      })
      .toBe('4 requests are being worked on, the most that the server takes at once.');
    open();
    expect((await Promise.all(first)).filter(({ status }) => status === 200).length).toBe(4);
  });

  test('count for the tenant that the body names, where the token is for all', async () => {
    const { opened: over, open } = gate();
    const run = async (job: Parameters<typeof fakeRun>[0]) => over.then(() => fakeRun(job));
    const { url } = await listen({ tokens: list('*'), maxInFlight: 8, backend: { run } });
    const evaluate = (tenant: string) =>
      ask('POST', `${url}/v1/evaluate`, { json: { ...evaluation, tenant }, headers: bearer('*') });
    // Another tenant is there, so that nobody has the server to himself.
    const other = evaluate('b');
    await expect.poll(async () => (await soon(evaluate('a')))?.status).toBe(503);
    const second = evaluate('b');
    open();
    expect([(await other).status, (await second).status]).toEqual([200, 200]);
  });

  test('with many hooks of one event run in turns with the hooks of others', async () => {
    const running = new Map<string, number>();
    let most = 0;
    const { opened: over, open } = gate();
    const run = async (job: Parameters<typeof fakeRun>[0]) => {
      running.set(job.tenant, (running.get(job.tenant) ?? 0) + 1);
      most = Math.max(most, running.get('a') ?? 0);
      if (job.tenant === 'a') await over;
      running.set(job.tenant, (running.get(job.tenant) ?? 0) - 1);
      return fakeRun(job);
    };
    const { evaluate } = await listen({
      maxInFlight: 10,
      backend: { run, capacity: 8 },
      bodyLimitBytes: 4 << 20,
    });
    const hooks = Array.from({ length: 60 }, (_, n) => ({
      name: `hook-${n}`,
      script: `# ${n}\nexit 0`,
    }));
    const many = { dialect: 'claude-code', hooks: { Stop: hooks } };
    const flood = evaluate('a', many);
    await expect.poll(() => running.get('a')).toBe(4);
    expect(await evaluate('b')).toMatchObject({ status: 200, body: { decision: 'block' } });
    open();
    expect((await flood).body.results.length).toBe(60);
    expect(most).toBe(4);
  });

  test('hold the memory of their body until their async hooks have ended', async () => {
    const { opened: over, open } = gate();
    const run = async (job: Parameters<typeof fakeRun>[0]) =>
      (job.hook.async === true ? over : Promise.resolve()).then(() => fakeRun(job));
    const { evaluate } = await listen({ bodyMemoryBytes: 1_000_000, backend: { run } });
    const context = { ...stopContext, final_output: 'x'.repeat(300_000) };
    const hooks = { Stop: [{ name: 'later', script: 'exit 0', async: true }] };
    expect(await evaluate('a', { context, hooks })).toMatchObject({
      status: 200,
      body: { background: ['later'] },
    });
    expect((await evaluate('a', { context, hooks })).body.error.message).toContain(
      'more than 500000 bytes together',
    );
    expect((await evaluate('b', { context })).status).toBe(200);
    open();
    await expect.poll(async () => (await evaluate('a', { context, hooks })).status).toBe(200);
  });

  test('give their places back when the caller goes away', async () => {
    const { opened: over, open } = gate();
    const run = async (job: Parameters<typeof fakeRun>[0]) =>
      (job.tenant === 'a' ? over : Promise.resolve()).then(() => fakeRun(job));
    const { send, evaluate } = await listen({ maxInFlight: 2, backend: { run } });
    const body = JSON.stringify(evaluation);
    const gone = await send(halfPost('/v1/evaluate', tokenOf('a'), body.length, body));
    await expect.poll(async () => (await soon(evaluate('a')))?.status).toBe(503);
    gone.socket.destroy();
    open();
    await expect.poll(async () => (await evaluate('a')).status).toBe(200);
  });
});

describe('connections', () => {
  test('that say nothing end after seconds', async () => {
    const { send } = await listen({});
    const silent = await send('');
    const slow = await send('POST /v1/evaluate HTTP/1.1\r\nhost: localhost\r\n');
    await Promise.all([silent.closed, slow.closed]);
  }, 15_000);

  test('that are too many cost the one that was silent for longest, and no request', async () => {
    const { opened: over, open } = gate();
    const run = async (job: Parameters<typeof fakeRun>[0]) => over.then(() => fakeRun(job));
    const { send, evaluate } = await listen({ maxInFlight: 2, backend: { run } });
    const working = evaluate('b');
    const oldest = await send('');
    const flood = await Promise.all(Array.from({ length: 1_100 }, () => send('')));
    await oldest.closed;
    expect(flood.at(-1)?.socket.closed).toBe(false);
    open();
    expect((await working).status).toBe(200);
    expect((await evaluate('b')).status).toBe(200);
  }, 20_000);
});
