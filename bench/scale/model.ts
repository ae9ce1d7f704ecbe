/**
 * Computes how many processes and machines a load needs from the cost of one hook in each of them.
 * All functions are pure: workers.ts measures the constants, and docs/scaling.md is generated from
 * both.
 */

/** CPU milliseconds that one hook costs. */
export interface HookCost {
  readonly guard: string;
  /** `hookpool serve`, one thread. */
  readonly serverMs: number;
  /** redis-server, one thread. */
  readonly redisMs: number;
  /** `hookpool worker`, one thread. */
  readonly workerMs: number;
  /**
   * The sandbox, the engine, and what the kernel does for them: any core of the worker's machine.
   */
  readonly sandboxMs: number;
  /** The client; it counts only if it runs on the same machine. */
  readonly clientMs: number;
}

export interface Constants {
  readonly costs: readonly HookCost[];
  /**
   * Cost per hook of other servers: a server receives every published result of its queue, and
   * Redis sends it.
   */
  readonly readerServerMs: number;
  readonly readerRedisMs: number;
  readonly bytesPerWaitingJob: number;
  readonly containerMib: number;
  readonly shimMib: number;
  /**
   * Measured hooks per second by the number of workers, with all other processes on the same
   * machine.
   */
  readonly measured: readonly {
    readonly guard: string;
    readonly workers: number;
    readonly perSecond: number;
  }[];
  readonly cores: number;
}

export interface Plan {
  readonly perSecond: number;
  /** Cores for workers and sandboxes, and the number of worker processes on them. */
  readonly workerCores: number;
  readonly workers: number;
  readonly servers: number;
  readonly redisShards: number;
  /** The part that is the first limit with one process of each kind. */
  readonly bottleneck: string;
}

/** Planned share of a core, which leaves room for bursts. */
const utilisation = 0.7;
const jobsPerWorker = 8;
const msPerSecond = 1000;

/**
 * Hooks per second of one machine with `cores` that runs all processes, if the cores are the only
 * limit.
 */
export function machinePerSecond(cost: HookCost, cores: number, workers: number): number {
  const all = cost.serverMs + cost.redisMs + cost.workerMs + cost.sandboxMs + cost.clientMs;
  const threads = [cost.serverMs, cost.redisMs, cost.workerMs / workers, cost.clientMs];
  return Math.min((cores * msPerSecond) / all, ...threads.map((ms) => msPerSecond / ms));
}

export function planFor(perSecond: number, cost: HookCost, constants: Constants): Plan {
  const budget = utilisation * msPerSecond;
  const workerCores = Math.ceil((perSecond * (cost.workerMs + cost.sandboxMs)) / budget);
  const threads = Math.ceil((perSecond * cost.workerMs) / budget);
  const redisShards = shardsFor(perSecond, cost, constants);
  const perShard = perSecond / redisShards;
  return {
    perSecond,
    workerCores,
    // One thread must suffice for the jobs of each worker, and its sandboxes should keep its cores
    // busy.
    workers: Math.max(threads, Math.ceil(workerCores / jobsPerWorker)),
    servers: redisShards * (serversFor(perShard, cost, constants) ?? Number.NaN),
    redisShards,
    bottleneck: bottleneckAt(perSecond, cost, constants),
  };
}

/**
 * The number of Redis with the fewest processes in total: with few Redis, the servers of each
 * receive too many results.
 */
function shardsFor(perSecond: number, cost: HookCost, constants: Constants): number {
  let best = { shards: Number.NaN, processes: Number.POSITIVE_INFINITY };
  for (let shards = 1; shards < best.processes; shards++) {
    const each = perSecond / shards;
    if (redisBusyMs(each, cost, constants) > utilisation * msPerSecond) continue;
    const processes =
      shards * (1 + (serversFor(each, cost, constants) ?? Number.POSITIVE_INFINITY));
    if (processes < best.processes) best = { shards, processes };
  }
  return best.shards;
}

/** CPU milliseconds of one Redis per second; Infinity if no number of servers suffices. */
function redisBusyMs(perSecond: number, cost: HookCost, constants: Constants): number {
  const servers = serversFor(perSecond, cost, constants);
  if (servers === undefined) return Number.POSITIVE_INFINITY;
  return perSecond * (cost.redisMs + (servers - 1) * constants.readerRedisMs);
}

/**
 * Servers per Redis: each runs its share of the hooks and receives all other results; undefined if
 * these alone are too many.
 */
function serversFor(
  perSecond: number,
  cost: HookCost,
  { readerServerMs }: Constants,
): number | undefined {
  const left = utilisation * msPerSecond - perSecond * readerServerMs;
  const own = Math.max(cost.serverMs - readerServerMs, 0);
  return left <= 0 ? undefined : Math.max(1, Math.ceil((perSecond * own) / left));
}

/** The part with the least spare capacity with one server, one Redis and one core for sandboxes. */
function bottleneckAt(perSecond: number, cost: HookCost, constants: Constants): string {
  const limit = utilisation * msPerSecond;
  if (redisBusyMs(perSecond, cost, constants) > limit) return 'Redis: more than one';
  if (perSecond * cost.serverMs > limit) return 'the server: more than one';
  if (perSecond * (cost.workerMs + cost.sandboxMs) > limit) return 'cores for sandboxes';
  return 'nothing';
}
