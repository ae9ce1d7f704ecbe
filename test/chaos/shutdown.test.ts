/**
 * Ends that were asked for: a worker that closes, is told twice, or finds itself unfit. Needs `npm
 * run build`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Engine } from '../../src/sandbox/engine.ts';
import { execute } from '../../src/sandbox/execute.ts';
import { EngineRelay } from '../support/engine-relay.ts';
import { slackMs, untilHealthy } from '../support/healthy.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { bashHook } from '../support/queue-job.ts';
import { ask, QueueRig } from '../support/queue-rig.ts';

let rig: QueueRig;

beforeEach(async () => {
  rig = await QueueRig.start();
});

afterEach(() => rig.close());

describe('a worker that closes while a run lasts longer than its grace', () => {
  test.each(['allow', 'block'] as const)(
    'cancels it; with no other worker the failMode %s speaks',
    async (failMode) => {
      const pool = testPool();
      const worker = rig.worker({ execute: (job, signal) => execute(pool, job, signal) });
      const runner = await rig.runner();
      try {
        const asking = ask(runner, bashHook('sleep 30', { failMode, timeoutMs: 60_000 }), 2_500);
        await vi.waitFor(() => expect(pool.stats().leased).toBe(1), {
          timeout: 5_000,
          interval: 10,
        });
        const started = performance.now();
        await worker.close(200);
        expect(performance.now() - started).toBeLessThan(2_000);
        const answer = await asking;
        expect(answer.decision.decision).toBe(failMode);
        expect(answer.lateMs).toBeLessThan(slackMs);
      } finally {
        await pool.drain();
      }
      expect(await ownSandboxes(new Engine(), process.pid)).toEqual([]);
    },
  );

  test('leaves the job to another worker', async () => {
    const pool = testPool();
    const closing = rig.worker({ execute: (job, signal) => execute(pool, job, signal) });
    const runner = await rig.runner();
    try {
      const asking = ask(
        runner,
        bashHook(': reason: done\nsleep 30', { failMode: 'allow', timeoutMs: 60_000 }),
        20_000,
      );
      await vi.waitFor(() => expect(pool.stats().leased).toBe(1), { timeout: 5_000, interval: 10 });
      rig.worker();
      await closing.close(200);
      const answer = await asking;
      expect(answer.decision).toMatchObject({ decision: 'block', reason: 'done' });
      expect(answer.tookMs).toBeLessThan(5_000);
    } finally {
      await pool.drain();
    }
  });
});

interface Cli {
  readonly child: ReturnType<typeof spawn>;
  readonly exited: Promise<number | null>;
  readonly lines: readonly string[];
  until(pattern: RegExp): Promise<void>;
}

function startWorker(args: readonly string[], env: NodeJS.ProcessEnv = {}): Cli {
  const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
  const child = spawn(process.execPath, [main, 'worker', ...args], {
    env: {
      ...process.env,
      HOOKPOOL_REDIS_URL: rig.redis.url,
      HOOKPOOL_MAX: '2',
      HOOKPOOL_WARM: '0',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const lines: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) =>
    lines.push(line),
  );
  const until = (pattern: RegExp) =>
    vi.waitFor(() => expect(lines.join('\n')).toMatch(pattern), { timeout: 30_000, interval: 50 });
  return { child, exited, lines, until };
}

async function noSandboxOf({ child }: Cli): Promise<void> {
  const left = () => ownSandboxes(new Engine(), child.pid ?? 0);
  await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 5_000, interval: 50 });
}

test('a second SIGTERM ends hookpool worker at once, and its containers with it', async () => {
  const worker = startWorker([]);
  await worker.until(/takes up to 2 jobs/);
  const runner = await rig.runner();
  const asking = ask(runner, bashHook('sleep 20', { failMode: 'block', timeoutMs: 60_000 }), 4_000);
  await vi.waitFor(
    async () => expect(await ownSandboxes(new Engine(), worker.child.pid ?? 0)).toHaveLength(1),
    {
      timeout: 5_000,
    },
  );
  worker.child.kill('SIGTERM');
  await worker.until(/finishing 1 running/);
  const started = performance.now();
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toBe(75);
  expect(performance.now() - started).toBeLessThan(500);
  expect((await asking).decision.decision).toBe('block');
  await noSandboxOf(worker);
});

test('where a limit does not hold hookpool worker says which and does not start, unless it is told to', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hookpool-relay-'));
  const relay = await EngineRelay.open(folder, (hostConfig) => ({ ...hostConfig, PidsLimit: -1 }));
  const env = { DOCKER_HOST: `unix://${relay.socketPath}` };
  try {
    const refusing = startWorker([], env);
    expect(await refusing.exited).toBe(75);
    expect(refusing.lines.join('\n')).toMatch(
      /^hookpool: fail processes: does not hold .*pids cgroup/m,
    );
    await noSandboxOf(refusing);
    const told = startWorker(['--allow-weak-limits'], env);
    await told.until(/takes up to 2 jobs/);
    expect(told.lines.join('\n')).toMatch(/^hookpool: fail processes: does not hold/m);
    await untilHealthy(await rig.runner());
    told.child.kill('SIGTERM');
    expect(await told.exited).toBe(0);
    await noSandboxOf(told);
  } finally {
    await relay.close();
    rmSync(folder, { recursive: true });
  }
});
