/**
 * What a tenant's flood costs another one at a real server: every answer right, and in time. Needs
 * `npm run build`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { halfPost, type RawCall, sendRaw } from '../server/half-requests.ts';
import { type RunningServer, startServer } from '../support/server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-tenants-'));
const tokenOf = (tenant: string) => `token-of-tenant-${tenant}`;
const bearer = (tenant: string) => ({ authorization: `Bearer ${tokenOf(tenant)}` });
let server: RunningServer;
const calls: RawCall[] = [];

beforeAll(async () => {
  const tokens = path.join(folder, 'tokens.json');
  writeFileSync(
    tokens,
    JSON.stringify(
      ['a', 'b'].map((tenant) => ({ token: tokenOf(tenant), tenant, role: 'evaluate' })),
    ),
  );
  server = await startServer(['--tokens', tokens], { HOOKPOOL_MAX: '4' });
  // The first sandbox takes its time.
  await ask(10_000);
});
afterEach(() => {
  for (const { socket } of calls.splice(0)) socket.destroy();
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  rmSync(folder, { recursive: true });
});

const guard = { name: 'guard', script: 'echo no >&2; exit 2', failMode: 'allow' };

function ask(deadlineMs: number) {
  const json = { context: { hook_event_name: 'Stop' }, hooks: { Stop: [guard] }, deadlineMs };
  return server.ask('POST', '/v1/evaluate', { json, headers: bearer('b') });
}

/** b asks again and again: of a guard whose failMode is allow, only a block shows that it ran. */
async function expectRight(times: number): Promise<void> {
  for (let asked = 0; asked < times; asked++) {
    const { status, body } = await ask(4_000);
    expect([status, body]).toMatchObject([
      200,
      { decision: 'block', cause: { kind: 'exit-code' } },
    ]);
  }
}

const port = () => Number(new URL(server.url).port);
async function send(bytes: string) {
  const call = await sendRaw(port(), bytes);
  calls.push(call);
  return call;
}

test('560 half requests', async () => {
  await Promise.all(
    Array.from({ length: 560 }, () => send(halfPost('/v1/evaluate', tokenOf('a'), 1_000))),
  );
  await expectRight(10);
});

test('a script that sleeps, asked for 300 times at once', async () => {
  const json = { script: 'sleep 2', timeoutMs: 3_000 };
  const abort = new AbortController();
  let refused = 0;
  const runs = Array.from({ length: 300 }, () =>
    fetch(`${server.url}/v1/run`, {
      method: 'POST',
      headers: { ...bearer('a'), 'content-type': 'application/json' },
      body: JSON.stringify(json),
      signal: abort.signal,
    }).then(
      ({ status }) => {
        refused++;
        return status;
      },
      () => 'cut',
    ),
  );
  await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(0);
  await expectRight(10);
  abort.abort();
  expect(new Set(await Promise.all(runs))).toEqual(new Set([503, 'cut']));
});

test('1,000 hooks of one event that sleep', async () => {
  const hooks = Array.from({ length: 200 }, (_, n) => ({
    name: `hook-${n}`,
    script: `# ${n}\nsleep 2`,
  }));
  const json = {
    dialect: 'claude-code',
    context: { hook_event_name: 'Stop' },
    hooks: { Stop: hooks },
    deadlineMs: 3_000,
  };
  const floods = Array.from({ length: 5 }, () =>
    server.ask('POST', '/v1/evaluate', { json, headers: bearer('a') }),
  );
  await expectRight(5);
  for (const { status } of await Promise.all(floods)) expect(status).toBe(200);
}, 60_000);

test('60 bodies of 19 of 20 MiB, with a length and without', async () => {
  const piece = Buffer.alloc(1 << 20, 'x');
  const framed = Buffer.concat([
    Buffer.from(`${piece.length.toString(16)}\r\n`),
    piece,
    Buffer.from('\r\n'),
  ]);
  for (const length of [20 << 20, 'chunked'] as const) {
    const floods = await Promise.all(
      Array.from({ length: 30 }, () => send(halfPost('/v1/evaluate', tokenOf('a'), length, '{'))),
    );
    for (let at = 0; at < 19; at++)
      for (const { socket } of floods) socket.write(length === 'chunked' ? framed : piece);
    const isOver = ({ socket }: RawCall) => socket.destroyed || socket.writableLength === 0;
    await expect.poll(() => floods.every(isOver), { timeout: 30_000 }).toBe(true);
    await expectRight(3);
  }
  const highest = /^VmHWM:\s+(\d+) kB/m.exec(
    readFileSync(`/proc/${server.child.pid}/status`, 'utf8'),
  )?.[1];
  expect(Number(highest) / 1024).toBeLessThan(500);
});
