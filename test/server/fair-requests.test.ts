import { describe, expect, test } from 'vitest';
import { emptyRun } from '../../src/protocol/run.ts';
import { ask } from '../support/server.ts';
import { fakeRun, stopContext } from './app-under-test.ts';
import { bearer, evaluation, gate, list, soon, tokenOf, useListener } from './fair-calls.ts';
import { halfPost } from './half-requests.ts';

const listen = useListener();

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

  test.each([
    ['/v1/evaluations', 200],
    ['/v1/threads', 200],
    ['/v1/evaluations/none', 404],
    ['/v1/evaluations/none/context', 404],
  ])('are those that search 2,000 records or read one of 1 MiB too: %s', async (place, found) => {
    const { opened: over, open } = gate();
    let begun = 0;
    const run = async (job: Parameters<typeof fakeRun>[0]) => {
      begun++;
      return over.then(() => fakeRun(job));
    };
    const { url, evaluate } = await listen({ maxInFlight: 4, backend: { run } });
    const both = [evaluate('a'), evaluate('a')];
    await expect.poll(() => begun).toBe(2);
    const list = (tenant: string) => ask('GET', `${url}${place}`, { headers: bearer(tenant) });
    expect((await list('a')).body.error.code).toBe('OVERLOADED');
    expect((await list('b')).status).toBe(found);
    open();
    await Promise.all(both);
    expect((await list('a')).status).toBe(found);
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

  test('give their places back too where they wait behind another one on their connection', async () => {
    const { opened: over, open } = gate();
    let begun = 0;
    const run = async (job: Parameters<typeof fakeRun>[0]) => {
      if (job.tenant === 'a') begun++;
      return (job.tenant === 'a' ? over : Promise.resolve()).then(() => fakeRun(job));
    };
    const { send, evaluate } = await listen({ maxInFlight: 8, backend: { run, capacity: 64 } });
    const body = JSON.stringify(evaluation);
    const one = halfPost('/v1/evaluate', tokenOf('a'), body.length, body);
    const gone = await send(one.repeat(4));
    await expect.poll(() => begun).toBe(4);
    gone.socket.destroy();
    await gone.closed;
    // The server has seen the end of the connection once it has answered on another one.
    expect((await evaluate('b')).status).toBe(200);
    const others = Array.from({ length: 4 }, () => evaluate('a'));
    await expect.poll(() => begun).toBe(8);
    open();
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});
