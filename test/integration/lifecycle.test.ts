/** No way to end leaves a container: not a crash, not a lost container, not a frozen one. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import Docker from 'dockerode';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { findDialect } from '../../src/agents/registry.ts';
import type { CommandAction } from '../../src/protocol/action.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { reap } from '../../src/sandbox/reaper.ts';
import { sandboxLabel } from '../../src/sandbox/spec.ts';
import { compiled } from '../support/compiled.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { runScript, stdoutOf } from '../support/script.ts';

const engine = new Engine();
const docker = new Docker();
const sandboxes = (pid = process.pid) => ownSandboxes(engine, pid);
let pool: Pool;

afterEach(async () => {
  await pool?.drain();
});

async function onlySandbox() {
  const [one] = await sandboxes();
  if (one === undefined) throw new Error('there is no sandbox');
  return docker.getContainer(one.id);
}

describe('a worker that is killed with SIGKILL', () => {
  test('takes its containers with it, running and blank ones', async () => {
    const file = await compiled(path.join(import.meta.dirname, '../fixtures/hold-sandbox.ts'));
    const worker = spawn(process.execPath, [file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: worker.stdout }), 'line');
    const pid = Number(String(line).split(' ')[1]);
    expect(await sandboxes(pid)).toHaveLength(2);
    const killed = performance.now();
    worker.kill('SIGKILL');
    await vi.waitFor(async () => expect(await sandboxes(pid)).toEqual([]), {
      timeout: 5_000,
      interval: 20,
    });
    expect(performance.now() - killed).toBeLessThan(3_000);
  });
});

describe('a container that goes away under its worker', () => {
  test('while a job runs costs the job one retry on another sandbox', async () => {
    pool = testPool();
    const hook: Hook<CommandAction> = {
      name: 'guard',
      event: 'PreToolUse',
      tier: 'agent',
      action: {
        kind: 'command',
        script: { runtime: 'bash', source: 'sleep 0.7; echo done >&2; exit 2' },
      },
      matcher: '*',
      matches: () => true,
      timeoutMs: 10_000,
      failMode: 'allow',
      sources: undefined,
      activation: 'always',
    };
    const job = {
      dialect: findDialect('azure'),
      hook,
      tenant: 'test',
      isolation: 'tenant',
      context: Buffer.from('{}'),
      transcript: undefined,
    } as const;
    const deciding = execute(pool, job, new AbortController().signal);
    await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000 });
    await (await onlySandbox()).kill();
    expect(await deciding).toMatchObject({
      decision: 'block',
      reason: 'done',
      facts: { status: 'exited' },
    });
  });

  test('while it waits is replaced', async () => {
    pool = testPool({ warm: 1 });
    await vi.waitFor(() => expect(pool.stats().blank).toBe(1), { timeout: 5_000 });
    await (await onlySandbox()).kill();
    await vi.waitFor(() => expect(pool.stats().blank).toBe(0), { timeout: 5_000, interval: 1 });
    expect(stdoutOf(await runScript(pool, 'bash', 'echo alive'))).toBe('alive\n');
  });

  test('by being frozen is ended by the host timer at the timeout', async () => {
    pool = testPool();
    const running = runScript(pool, 'bash', 'sleep 60', { limits: { timeoutMs: 1_500 } });
    await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000 });
    await (await onlySandbox()).pause();
    expect(await running).toMatchObject({ status: 'timed-out' });
  });
});

describe('the reaper', () => {
  test('removes a sandbox that was created and never started, once it is old enough', async () => {
    const { Id } = await docker
      .createContainer({
        Image:
          (await docker.listImages({ filters: { reference: ['hookpool/sandbox'] } }))[0]?.Id ?? '',
        Cmd: ['1000'],
        Labels: { [sandboxLabel]: '1' },
      })
      .then((container) => ({ Id: container.id }));
    // A clock that is ahead is for this container alone: others are being started beside this test.
    const seen = new (class extends Engine {
      override async list(label: string) {
        return (await super.list(label)).filter(({ id }) => id === Id);
      }
    })();
    expect(await reap(seen, Date.now())).toEqual([]);
    expect(await reap(seen, Date.now() + 120_000)).toEqual([Id]);
  });
});

test('a closed pool leaves no container, whatever it was doing', async () => {
  pool = testPool({ warm: 2 });
  await runScript(pool, 'bash', 'true', { tenant: 'a' });
  await runScript(pool, 'bash', 'true', { tenant: 'b', isolation: 'job' });
  await pool.drain();
  expect(await sandboxes()).toEqual([]);
});
