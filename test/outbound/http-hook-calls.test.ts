// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are written so
/** What a call from the queue changes about the requests of an http hook. */
import { expect, it } from 'vitest';
import { hooksAt, ok, run, status, useServices } from './http-hook-rig.ts';

const services = useServices();
const { answering } = services;

const bodyOf = (request: string | undefined) => request?.split('\r\n\r\n')[1];
const keyOf = (request: string | undefined) =>
  /^idempotency-key: (.*)\r$/im.exec(request ?? '')?.[1];

it('two runs of one call are one request for the service: the same body under the same key', async () => {
  const port = await answering(ok('{}'));
  const at = '2026-11-30T12:00:00.000Z';
  const action = { payload: { at: '${timestamp}' } };
  for (const attempt of [1, 2]) await run(port, action, {}, { call: { at, attempt } });
  expect(services.requests.map(bodyOf)).toEqual([`{"at":"${at}"}`, `{"at":"${at}"}`]);
  expect(keyOf(services.requests[0])).toMatch(/^[0-9a-f]{64}$/);
  expect(keyOf(services.requests[1])).toBe(keyOf(services.requests[0]));
});

it.each([
  [1, { retries: 2 }, {}, 3],
  [2, { retries: 2 }, {}, 2],
  [2, { retries: 1 }, {}, 1],
  [2, { retries: 0 }, {}, 1],
  [1, {}, { async: true }, 5],
  [2, {}, { async: true }, 4],
])(
  'run %i of a hook with %j, %j makes %i attempts: a lost one counts',
  async (attempt, action, hook, made) => {
    const port = await answering(status(503));
    const result = await run(port, action, { timeoutMs: 2_000, ...hook }, { call: { attempt } });
    expect([services.requests.length, result.asked?.attempts]).toEqual([made, made]);
  },
);

it('a shadow hook leaves its tenant half of what its process sends at once', async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const port = await services.servers.serve((socket) =>
    socket.once('data', () => answered.then(() => socket.end(ok('{}')))),
  );
  const hooks = await hooksAt(port, { most: { all: 4, tenant: 2 } });
  const send = (shadow: boolean) => run(port, {}, { timeoutMs: 5_000, shadow }, { hooks });
  const first = send(true);
  const tooMany = { cause: { kind: 'fail-mode', code: 'OVERLOADED' } };
  expect(await send(true)).toMatchObject(tooMany);
  const heard = send(false);
  expect(await send(false)).toMatchObject(tooMany);
  answer();
  expect(await Promise.all([first, heard])).toMatchObject(Array(2).fill({ decision: 'none' }));
});
