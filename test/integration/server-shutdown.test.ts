import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { type RunningServer, startServer } from '../support/server.ts';

describe('SIGTERM', () => {
  let started: RunningServer | undefined;
  // A test that failed must not leave its server behind.
  afterEach(() => void started?.child.kill('SIGKILL'));

  const json = { script: 'sleep 1; echo done' };

  test('answers what is in flight, leaves no container and exits with 0', async () => {
    const own = await startServer();
    started = own;
    const pid = own.child.pid ?? 0;
    const engine = new Engine();
    await own.ask('POST', '/v1/run', { json: { script: 'true' } });
    expect((await ownSandboxes(engine, pid)).length).toBeGreaterThan(0);
    const idle = connect(Number(new URL(own.url).port), '127.0.0.1').on('error', () => undefined);
    const inFlight = own.ask('POST', '/v1/run', { json });
    await new Promise((resolve) => setTimeout(resolve, 300));
    own.child.kill('SIGTERM');
    expect(await inFlight).toMatchObject({ status: 200, body: { stdout: 'done\n' } });
    expect(await own.exited).toBe(0);
    idle.destroy();
    expect(await ownSandboxes(engine, pid)).toEqual([]);
    await expect(own.ask('GET', '/healthz')).rejects.toThrow();
  });

  test('twice ends at once', async () => {
    const own = await startServer();
    started = own;
    const inFlight = own
      .ask('POST', '/v1/run', { json: { script: 'sleep 20' } })
      .catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 500));
    const since = performance.now();
    own.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    own.child.kill('SIGTERM');
    expect(await own.exited).toBe(75);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect(await inFlight).toBe('cut');
  });
});
