import { expect, test } from 'vitest';
import { sha256 } from '../../src/server/audit-record.ts';
import { parseTokens } from '../../src/server/auth.ts';
import { scriptAnswer, systemAnswer } from '../../src/server/console-schemas.ts';
import { appUnderTest, fakeRun, stopContext, stopHook } from './app-under-test.ts';

const tokens = parseTokens(
  'tokens.yaml',
  `- {token: all-token-0123456789, tenant: "*", role: admin}
- {token: blue-token-0123456789, tenant: blue, role: admin}
- {token: view-token-0123456789, tenant: blue, role: view}
- {token: red-token-0123456789, tenant: red, role: admin}
`,
);
const as = (who: string) => ({ headers: { authorization: `Bearer ${who}-token-0123456789` } });
const quarantine = [{ hash: 'abc', until: '2026-01-01T00:00:00Z', kind: 'worker', proofs: 2 }];
const workers = [{ name: 'w', capacity: 4, running: 1, meanJobMs: 2, readable: true }];

test('the state of the server: all to callers for every tenant, to others their own line', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { app } = appUnderTest({
    tokens,
    backend: {
      capacity: 4,
      system: async () => ({ workers, quarantine }),
      run: async (job) => {
        await held;
        return fakeRun(job);
      },
    },
  });
  const evaluate = (who: string) =>
    app.inject({
      method: 'POST',
      url: '/v1/evaluate',
      payload: { context: stopContext, hooks: stopHook('exit 0') },
      ...as(who),
    });
  const running = Promise.all([evaluate('blue'), evaluate('red')]);
  const system = async (who: string) =>
    systemAnswer.parse((await app.inject({ method: 'GET', url: '/v1/system', ...as(who) })).json());
  await expect.poll(async () => (await system('all')).tenants).toHaveLength(2);
  expect(await system('all')).toMatchObject({
    ...{ version: '1.2.3', ready: true, mode: 'pool', workers, quarantine },
    tenants: [
      { tenant: 'blue', running: 1, waiting: 0 },
      { tenant: 'red', running: 1, waiting: 0 },
    ],
  });
  const own = await system('view');
  expect(own.tenants.map(({ tenant }) => tenant)).toEqual(['blue']);
  expect(own.quarantine).toEqual([]);
  release();
  await running;
});

test('a server that is not ready says why, and one of a queue that it is one', async () => {
  const { app } = appUnderTest({ backend: { whyNotReady: async () => 'No worker.' } });
  const { ready, reason, mode } = (await app.inject({ method: 'GET', url: '/v1/system' })).json();
  expect([ready, reason, mode]).toEqual([false, 'No worker.', 'queue']);
});

test('admins of every tenant end a quarantine', async () => {
  const { app } = appUnderTest({ tokens, backend: { release: async (hash) => hash === 'abc' } });
  const release = async (who: string, hash: string) =>
    (await app.inject({ method: 'DELETE', url: `/v1/quarantine/${hash}`, ...as(who) })).statusCode;
  expect(await release('all', 'abc')).toBe(204);
  expect(await release('all', 'other')).toBe(404);
  expect(await release('blue', 'abc')).toBe(403);
  expect(await release('all', 'a*c')).toBe(400);
});

test('a script is found by the hash in records, in the sets of the tenant alone', async () => {
  const { app } = appUnderTest({ tokens });
  await app.inject({
    method: 'PUT',
    url: '/v1/hooksets/a',
    payload: { hooks: stopHook('exit 2') },
    ...as('blue'),
  });
  const script = (who: string, hash: string) =>
    app.inject({ method: 'GET', url: `/v1/scripts/${hash}`, ...as(who) });
  const found = await script('blue', sha256('exit 2'));
  expect(scriptAnswer.parse(found.json())).toEqual({
    ...{ sha256: sha256('exit 2'), runtime: 'bash', text: 'exit 2' },
    ...{ hookset: 'a', version: 1, hook: 'guard', event: 'Stop' },
  });
  expect((await script('blue', sha256('exit 3'))).statusCode).toBe(404);
  expect((await script('red', sha256('exit 2'))).statusCode).toBe(404);
  expect((await script('view', sha256('exit 2'))).statusCode).toBe(403);
  expect((await script('blue', 'x')).statusCode).toBe(400);
});
