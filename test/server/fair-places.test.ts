import { describe, expect, test } from 'vitest';
import { fakeRun, stopContext } from './app-under-test.ts';
import { evaluation, gate, tokenOf, useListener } from './fair-calls.ts';
import { halfPost } from './half-requests.ts';

const listen = useListener();

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
