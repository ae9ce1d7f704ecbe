/**
 * Metrics for Prometheus, in parts: a process registers those of its tasks. Each openRegistry()
 * gives a registry of its own: nothing is global, and tests make their own.
 */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { counter, gauge, histogram } from './metric-kinds.ts';
import type { Cause, Durations, HookFacts } from './protocol/decision.ts';
import type { PoolEvent, PoolStats } from './sandbox/pool-events.ts';

/** The fields of an evaluation that the metrics use. */
export interface CountedEvaluation {
  readonly decision: string;
  readonly cause?: Cause | undefined;
  readonly durationMs: number;
  readonly hooks: readonly {
    readonly facts: Pick<HookFacts, 'status'> | null;
    readonly durations: Durations;
    readonly ranIn?: { readonly profile?: string | undefined } | undefined;
  }[];
}

/** The state of the queue as a dispatcher sees it. */
export interface QueueState {
  readonly workers: number;
  /** Number of jobs that all workers together can run at once. */
  readonly capacity: number;
  /** Number of waiting jobs, of all dispatchers. */
  readonly waiting: number;
}

/**
 * Opens a registry with the process's own metrics: memory, event loop, garbage collection.
 * @param version of hookpool
 */
export function openRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = { name: 'hookpool_build_info', help: 'The version of this process; always 1.' };
  new Gauge({ ...build, labelNames: ['version'], registers: [registry] }).set({ version }, 1);
  return registry;
}

/** Content type and text for a /metrics address. */
export function exposition(registry: Registry) {
  return { contentType: registry.contentType, render: () => registry.metrics() };
}

/** Metrics of a process that answers evaluations. Only `profiles` get a series of their own. */
export function evaluationMetrics(registry: Registry, profiles: readonly string[]) {
  const evaluations = counter(
    registry,
    'hookpool_evaluations_total',
    'Evaluations by decision and cause.',
    ['decision', 'cause'],
  );
  const runs = counter(
    registry,
    'hookpool_runs_total',
    'Hooks by the status and the profile of their run; not-run: none.',
    ['status', 'profile'],
  );
  const evaluation = histogram(
    registry,
    'hookpool_evaluation_seconds',
    'From request to decision.',
  );
  const queue = histogram(registry, 'hookpool_hook_queue_seconds', 'A hook waits for a worker.');
  const lease = histogram(
    registry,
    'hookpool_hook_lease_seconds',
    'A hook waits for a sandbox: grows when there are too few.',
  );
  const run = histogram(registry, 'hookpool_hook_run_seconds', 'The script itself.');
  const total = histogram(
    registry,
    'hookpool_hook_total_seconds',
    'A hook with everything around it.',
  );
  const shadows = counter(
    registry,
    'hookpool_shadow_total',
    'Runs of shadow hooks by what they said beside the decision that was made.',
    ['agreement'],
  );
  const auditFailures = counter(
    registry,
    'hookpool_audit_failures_total',
    'Audit records that were not written.',
  );
  const ended = ({ hooks }: Pick<CountedEvaluation, 'hooks'>) => {
    for (const { facts, durations, ranIn } of hooks) {
      const profile = ranIn === undefined ? 'none' : listed(ranIn.profile ?? '', profiles);
      runs.inc({ status: facts?.status ?? 'not-run', profile });
      total.observe((durations.queueMs + durations.totalMs) / 1000);
      if (facts === null) continue;
      queue.observe(durations.queueMs / 1000);
      lease.observe(durations.leaseMs / 1000);
      run.observe(durations.runMs / 1000);
    }
  };
  return {
    evaluated: (record: CountedEvaluation) => {
      const { decision, cause, durationMs } = record;
      evaluations.inc({ decision, cause: causeLabel(cause) });
      evaluation.observe(durationMs / 1000);
      ended(record);
    },
    asyncEnded: ended,
    shadowEnded: (record: Pick<CountedEvaluation, 'hooks'>, agreement: string) => {
      shadows.inc({ agreement });
      ended(record);
    },
    auditFailed: () => auditFailures.inc(),
  };
}

/** Metrics of a process that writes a log. @param dropped number of lines dropped so far */
export function logMetrics(registry: Registry, dropped: () => number): void {
  new Counter({
    name: 'hookpool_log_dropped_total',
    help: 'Lines of the log that were dropped: nobody read them, or the disk was full.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(dropped());
    },
  });
}

/** Metrics of a pool, whose `observe` is returned. Only `profiles` get a series of their own. */
export function poolMetrics(registry: Registry, profiles: readonly string[]) {
  const created = histogram(
    registry,
    'hookpool_container_creation_seconds',
    'Containers created, and how long it took.',
    ['profile'],
  );
  const failed = counter(
    registry,
    'hookpool_container_creation_failures_total',
    'Failed creations.',
    ['profile'],
  );
  const destroyed = counter(
    registry,
    'hookpool_containers_destroyed_total',
    'Containers destroyed by reason.',
    ['reason', 'profile'],
  );
  const leases = counter(
    registry,
    'hookpool_leases_total',
    'Sandboxes handed out; warm: it was there when asked for.',
    ['warm', 'profile'],
  );
  const reset = histogram(
    registry,
    'hookpool_reset_seconds',
    'From the end of a job until its sandbox was proven clean.',
    ['profile'],
  );
  return (event: PoolEvent) => {
    const profile = listed(event.kind.profile, profiles);
    switch (event.type) {
      case 'created':
        return created.observe({ profile }, event.durationMs / 1000);
      case 'create-failed':
        return failed.inc({ profile });
      case 'destroyed':
        return destroyed.inc({ reason: event.reason, profile });
      case 'reset':
        return reset.observe({ profile }, event.durationMs / 1000);
      case 'leased':
        return leases.inc({ warm: String(event.warm), profile });
    }
  };
}

/** Gauges of a pool, which read its state when they are scraped. */
export function poolGauges(registry: Registry, stats: () => PoolStats): void {
  new Gauge({
    name: 'hookpool_pool_sandboxes',
    help: 'Sandboxes by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { waiting: _, ...states } = stats();
      for (const [state, count] of Object.entries(states)) this.set({ state }, count);
    },
  });
  gauge(registry, 'hookpool_pool_waiting', 'Jobs that wait for a sandbox.', () => stats().waiting);
}

/** Gauges of a dispatcher; `hookpool_queue_waiting` is the signal to scale workers by. */
export function queueGauges(registry: Registry, state: () => QueueState): void {
  const help = 'Jobs in line, whoever sent them: the signal to scale by.';
  gauge(registry, 'hookpool_queue_waiting', help, () => state().waiting);
  const workers = 'Workers that were heard of in the last 2 s.';
  gauge(registry, 'hookpool_queue_workers', workers, () => state().workers);
  const capacity = 'Jobs that all workers can run at once.';
  gauge(registry, 'hookpool_queue_capacity', capacity, () => state().capacity);
}

/** Gauges of the outbound workers, which make the requests of http hooks, and of their queue. */
export function outboundGauges(registry: Registry, state: () => QueueState): void {
  const help = 'Http hooks in line, whoever sent them.';
  gauge(registry, 'hookpool_outbound_waiting', help, () => state().waiting);
  const workers = 'Outbound workers that were heard of in the last 2 s.';
  gauge(registry, 'hookpool_outbound_workers', workers, () => state().workers);
  const capacity = 'Requests that all outbound workers can make at once.';
  gauge(registry, 'hookpool_outbound_capacity', capacity, () => state().capacity);
}

/** Metrics of a worker. @returns the worker's `observe` */
export function workerMetrics(registry: Registry, running: () => number) {
  const jobs = counter(registry, 'hookpool_worker_jobs_total', 'Jobs taken, by how that ended.', [
    'end',
  ]);
  const wait = histogram(
    registry,
    'hookpool_schedule_to_start_seconds',
    'From adding a job to its start on this worker.',
  );
  gauge(registry, 'hookpool_worker_running', 'Jobs that run on this worker.', running);
  return ({ end, queueMs }: { readonly end: string; readonly queueMs: number }) => {
    jobs.inc({ end });
    if (end !== 'put-back') wait.observe(queueMs / 1000);
  };
}

/** Workers and clients name profiles: each unknown name would create a series. */
function listed(profile: string, profiles: readonly string[]): string {
  return profiles.includes(profile) ? profile : 'unlisted';
}

/** Takes labels from a small, known set: exit codes and messages would each create a series. */
function causeLabel(cause: Cause | undefined): string {
  if (cause === undefined) return 'none';
  return cause.kind === 'fail-mode' ? cause.code : cause.kind;
}
