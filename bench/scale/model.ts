/**
 * How many processes and machines some load needs, from what one hook costs each of them. Pure: the
 * constants are measured (workers.ts), docs/scaling.md is made from both.
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
  /** The sandbox, the engine, and what the kernel does for them: any core of the worker's machine. */
  readonly sandboxMs: number;
  /** Who asks; beside the others only where it is on the same machine. */
  readonly clientMs: number;
}

export interface Constants {
  readonly costs: readonly HookCost[];
  /** What a hook of other servers costs a server: it hears of every result of its queue. And what telling it costs Redis. */
  readonly readerServerMs: number;
  readonly readerRedisMs: number;
  readonly bytesPerWaitingJob: number;
  readonly containerMib: number;
  readonly shimMib: number;
  /** Hooks per second that were measured with so many workers on this machine, everything beside them. */
  readonly measured: readonly { readonly guard: string; readonly workers: number; readonly perSecond: number }[];
  readonly cores: number;
}

export interface Plan {
  readonly perSecond: number;
  /** Cores for workers and sandboxes, and processes among them. */
  readonly workerCores: number;
  readonly workers: number;
  readonly servers: number;
  readonly redisShards: number;
  /** What would be too small first, with one of each. */
  readonly bottleneck: string;
}

/** Of a core, so that a burst finds room. */
const utilisation = 0.7;
const jobsPerWorker = 8;
const msPerSecond = 1000;

/** How many hooks per second one machine with `cores` does, with everything on it, when nothing else stops it. */
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
    // One thread of each must do, and its sandboxes shall keep its cores busy.
    workers: Math.max(threads, Math.ceil(workerCores / jobsPerWorker)),
    servers: redisShards * (serversFor(perShard, cost, constants) ?? Number.NaN),
    redisShards,
    bottleneck: bottleneckAt(perSecond, cost, constants),
  };
}

/** With too few, each has so many servers that hear of each other's hooks: the number with which there are fewest processes. */
function shardsFor(perSecond: number, cost: HookCost, constants: Constants): number {
  let best = { shards: Number.NaN, processes: Number.POSITIVE_INFINITY };
  for (let shards = 1; shards < best.processes; shards++) {
    const each = perSecond / shards;
    if (redisBusyMs(each, cost, constants) > utilisation * msPerSecond) continue;
    const processes = shards * (1 + (serversFor(each, cost, constants) ?? Number.POSITIVE_INFINITY));
    if (processes < best.processes) best = { shards, processes };
  }
  return best.shards;
}

/** CPU milliseconds of one Redis per second; Infinity where no number of servers would do. */
function redisBusyMs(perSecond: number, cost: HookCost, constants: Constants): number {
  const servers = serversFor(perSecond, cost, constants);
  if (servers === undefined) return Number.POSITIVE_INFINITY;
  return perSecond * (cost.redisMs + (servers - 1) * constants.readerRedisMs);
}

/** A server does its share of the hooks and hears of all others of its Redis; undefined where that alone is too much. */
function serversFor(perSecond: number, cost: HookCost, { readerServerMs }: Constants): number | undefined {
  const left = utilisation * msPerSecond - perSecond * readerServerMs;
  const own = Math.max(cost.serverMs - readerServerMs, 0);
  return left <= 0 ? undefined : Math.max(1, Math.ceil((perSecond * own) / left));
}

/** Which part has the least room when there is one server, one Redis and one core for sandboxes. */
function bottleneckAt(perSecond: number, cost: HookCost, constants: Constants): string {
  const limit = utilisation * msPerSecond;
  if (redisBusyMs(perSecond, cost, constants) > limit) return 'Redis: more than one';
  if (perSecond * cost.serverMs > limit) return 'the server: more than one';
  if (perSecond * (cost.workerMs + cost.sandboxMs) > limit) return 'cores for sandboxes';
  return 'nothing';
}
