/** Those who share the machine with an attack: how long they wait, before it and while it lasts. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { defaultRunLimits } from '../../src/protocol/run.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { TestRedis } from '../support/redis.ts';

/** What a bystander may wait at the given percentile, from what it waited before. */
interface Bystander {
  readonly name: string;
  readonly everyMs: number;
  readonly percentile: number;
  readonly allowedMs: (before: number) => number;
  readonly wait: () => Promise<unknown>;
}

const quietMs = 1_500;
/** Below this a neighbour waits for the scheduler of a small machine, not for the attack. */
const noiseMs = 40;

/** The names, as the corpus spells them, of what is measured here. */
export const bystanderNames = [
  'host_spawn_p99_lt_200ms',
  'neighbour_p95_le_3x',
  'redis_ping_p99_lt_20ms',
] as const;

/** @returns those in whose name nothing was told, with what they waited, one line each. */
export async function watchBystanders<T>(
  wanted: ReadonlySet<string>,
  pool: Pool,
  attack: () => Promise<T>,
): Promise<{ readonly result: T; readonly late: readonly string[] }> {
  const redis = wanted.has('redis_ping_p99_lt_20ms') ? await TestRedis.start() : undefined;
  try {
    const all = bystandersOf(pool, redis).filter(({ name }) => wanted.has(name));
    if (all.length === 0) return { result: await attack(), late: [] };
    const quiet = new AbortController();
    const before = all.map((one) => sample(one, quiet.signal));
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    quiet.abort();
    const calm = await Promise.all(before);
    const over = new AbortController();
    const during = all.map((one) => sample(one, over.signal));
    const result = await attack();
    over.abort();
    const waited = await Promise.all(during);
    const late = all.flatMap((one, index) => {
      const [usual, now] = [calm[index], waited[index]].map((times) =>
        percentile(times ?? [], one.percentile),
      );
      const allowed = one.allowedMs(usual ?? 0);
      return (now ?? 0) <= allowed
        ? []
        : [`${one.name}: ${now?.toFixed(1)} ms, ${allowed.toFixed(1)} ms are allowed`];
    });
    return { result, late };
  } finally {
    await redis?.kill();
  }
}

function bystandersOf(pool: Pool, redis: TestRedis | undefined): Bystander[] {
  const spawn = promisify(execFile);
  return [
    {
      name: 'host_spawn_p99_lt_200ms',
      everyMs: 100,
      percentile: 0.99,
      allowedMs: (before) => Math.max(200, 3 * before),
      wait: () => spawn('true'),
    },
    {
      name: 'neighbour_p95_le_3x',
      everyMs: 50,
      percentile: 0.95,
      allowedMs: (before) => Math.max(noiseMs, 3 * before),
      wait: () => runNothing(pool),
    },
    {
      name: 'redis_ping_p99_lt_20ms',
      everyMs: 50,
      percentile: 0.99,
      allowedMs: (before) => Math.max(20, 3 * before),
      wait: async () => redis?.use((client) => client.ping()),
    },
  ];
}

async function runNothing(pool: Pool): Promise<void> {
  const lease = await pool.acquire('neighbour', 'tenant');
  try {
    await lease.run({
      runtime: 'bash',
      script: Buffer.from('true'),
      stdin: Buffer.alloc(0),
      limits: defaultRunLimits,
    });
  } finally {
    lease.release();
  }
}

async function sample({ wait, everyMs }: Bystander, signal: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  await wait(); // the first one creates what the others use
  while (!signal.aborted) {
    const started = performance.now();
    await wait();
    times.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return times;
}

function percentile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
