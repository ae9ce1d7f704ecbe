/** What Prometheus reads. One registry per createMetrics(): nothing is global, tests make their own. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Cause, RunFacts } from './protocol/decision.ts';
import type { PoolEvent, PoolStats } from './sandbox/pool-events.ts';

/** An evaluation as far as it is counted. */
export interface CountedEvaluation {
  readonly decision: string;
  readonly cause?: Cause | undefined;
  readonly durationMs: number;
  readonly hooks: readonly {
    readonly facts: Pick<RunFacts, 'status'> | null;
    readonly durations: { readonly leaseMs: number; readonly runMs: number; readonly totalMs: number };
  }[];
}

export interface Metrics {
  readonly contentType: string;
  readonly render: () => Promise<string>;
  readonly evaluated: (evaluation: CountedEvaluation) => void;
  readonly auditFailed: () => void;
  /** For the pool's `observe`. */
  readonly poolEvent: (event: PoolEvent) => void;
  /** The gauges ask when they are read. */
  readonly watchPool: (stats: () => PoolStats) => void;
}

const seconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const histogram = (name: string, help: string) => new Histogram({ name, help, buckets: seconds, registers });
  const counter = <T extends string>(name: string, help: string, labelNames: T[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const evaluations = counter('hookpool_evaluations_total', 'Evaluations by decision and cause.', ['decision', 'cause']);
  const runs = counter('hookpool_runs_total', 'Hooks by the status of their run; not-run: none.', ['status']);
  const evaluation = histogram('hookpool_evaluation_seconds', 'From the request to the decision.');
  const wait = histogram('hookpool_hook_wait_seconds', 'A hook waits for a sandbox: grows when there are too few.');
  const run = histogram('hookpool_hook_run_seconds', 'The script itself.');
  const total = histogram('hookpool_hook_total_seconds', 'A hook with everything around it.');
  const auditFailures = counter('hookpool_audit_failures_total', 'Audit records that were not written.');
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    evaluated: ({ decision, cause, durationMs, hooks }) => {
      evaluations.inc({ decision, cause: causeLabel(cause) });
      evaluation.observe(durationMs / 1000);
      for (const { facts, durations } of hooks) {
        runs.inc({ status: facts?.status ?? 'not-run' });
        total.observe(durations.totalMs / 1000);
        if (facts === null) continue;
        wait.observe(durations.leaseMs / 1000);
        run.observe(durations.runMs / 1000);
      }
    },
    auditFailed: () => auditFailures.inc(),
    poolEvent: countPoolEvents(registers),
    watchPool: (stats) => poolGauges(registers, stats),
  };
}

function countPoolEvents(registers: Registry[]): (event: PoolEvent) => void {
  const created = new Histogram({
    name: 'hookpool_container_creation_seconds',
    help: 'Containers created, and how long it took.',
    buckets: seconds,
    registers,
  });
  const failed = new Counter({ name: 'hookpool_container_creation_failures_total', help: 'Failed creations.', registers });
  const destroyed = new Counter({
    name: 'hookpool_containers_destroyed_total',
    help: 'Containers destroyed by reason.',
    labelNames: ['reason'],
    registers,
  });
  const leases = new Counter({
    name: 'hookpool_leases_total',
    help: 'Sandboxes handed out; warm: it was there when it was asked for.',
    labelNames: ['warm'],
    registers,
  });
  return (event) => {
    if (event.type === 'created') created.observe(event.durationMs / 1000);
    if (event.type === 'create-failed') failed.inc();
    if (event.type === 'destroyed') destroyed.inc({ reason: event.reason });
    if (event.type === 'leased') leases.inc({ warm: String(event.warm) });
  };
}

function poolGauges(registers: Registry[], stats: () => PoolStats): void {
  new Gauge({
    name: 'hookpool_pool_sandboxes',
    help: 'Sandboxes by state.',
    labelNames: ['state'],
    registers,
    collect() {
      const { waiting: _, ...states } = stats();
      for (const [state, count] of Object.entries(states)) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'hookpool_pool_waiting',
    help: 'Jobs that wait for a sandbox.',
    registers,
    collect() {
      this.set(stats().waiting);
    },
  });
}

/** Few and known: exit codes and messages would make a series each. */
function causeLabel(cause: Cause | undefined): string {
  if (cause === undefined) return 'none';
  return cause.kind === 'fail-mode' ? cause.code : cause.kind;
}
