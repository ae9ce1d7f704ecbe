/** Redis, a worker and a server, each in a separate process, as in a deployment. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestRedis } from '../../test/support/redis.ts';
import { type RunningServer, startServer } from '../../test/support/server.ts';
import type { Closers } from '../closers.ts';
import { guards } from '../guards.ts';
import { outputOf } from './child.ts';
import { jobsAtOnce, sandboxes } from './sandboxes.ts';

export const main = path.join(import.meta.dirname, '../../dist/cli/main.js');
const readyTimeoutMs = 60_000;

export type { RunningServer };

export interface Cluster {
  readonly redis: TestRedis;
  readonly redisPid: number;
  readonly server: RunningServer;
  readonly worker: ChildProcess;
}

export interface WorkerSettings {
  readonly jobsAtOnce: number;
  readonly sandboxes: number;
}

/**
 * Starts a cluster, waits until /readyz succeeds, and stores all guards. @throws NotHere without
 * redis-server.
 */
export async function openCluster(
  closers: Closers,
  settings: WorkerSettings = { jobsAtOnce, sandboxes },
): Promise<Cluster> {
  const redis = await openRedis(closers);
  const worker = openWorkerProcess(redis.url, closers, settings);
  const server = await openServer(redis.url, closers);
  await untilReady(server);
  for (const guard of guards) await store(server, guard.hookset, guard.file);
  const redisPid = await redis.use(async (client) =>
    Number(/^process_id:(\d+)/m.exec(await client.info('server'))?.[1]),
  );
  return { redis, redisPid, server, worker };
}

/** @throws NotHere without redis-server. */
export async function openRedis(closers: Closers): Promise<TestRedis> {
  await outputOf('redis-server', '--version');
  const redis = await TestRedis.start();
  closers.add(() => redis.remove());
  return redis;
}

export function openWorkerProcess(
  redisUrl: string,
  closers: Closers,
  settings: WorkerSettings,
): ChildProcess {
  const count = String(settings.jobsAtOnce);
  const worker = spawn(
    process.execPath,
    [main, 'worker', '--concurrency', count, '--tenant-cap', count],
    {
      env: {
        ...process.env,
        HOOKPOOL_MAX: String(settings.sandboxes),
        HOOKPOOL_REDIS_URL: redisUrl,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  worker.stderr?.resume();
  closers.add(() => end(worker));
  return worker;
}

export async function openServer(redisUrl: string, closers: Closers): Promise<RunningServer> {
  const server = await startServer([], {
    HOOKPOOL_REDIS_URL: redisUrl,
    HOOKPOOL_LOG_LEVEL: 'info',
  });
  closers.add(() => end(server.child));
  return server;
}

export async function untilReady(server: RunningServer): Promise<void> {
  const giveUp = performance.now() + readyTimeoutMs;
  while ((await server.ask('GET', '/readyz')).status !== 200) {
    if (performance.now() > giveUp)
      throw new Error(`The server was not ready in time: ${server.log.join('\n')}`);
    await sleep(20);
  }
}

export async function store(server: RunningServer, hookset: string, file: string): Promise<void> {
  const headers = { 'content-type': 'application/yaml' };
  const { status, text } = await server.ask('PUT', `/v1/hooksets/${hookset}`, {
    text: file,
    headers,
  });
  if (status !== 201) throw new Error(`The hook set ${hookset} was not taken: ${text}`);
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
