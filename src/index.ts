/** The public API for programs that embed hookpool. No other file of src imports this one. */

export { dialectNames, findDialect } from './agents/registry.ts';
export { evaluate } from './dispatch/dispatcher.ts';
export type { DecisionRecord, EvaluationKey } from './dispatch/record.ts';
export type { EvaluateRequest } from './dispatch/request.ts';
export type { Runner } from './dispatch/runner.ts';
export { HookpoolError, InvalidInputError, SandboxError, UnavailableError } from './errors.ts';
export type { FileHint } from './files/agents/agent-file.ts';
export type { HookSet } from './files/hook-set.ts';
export { InvalidHooksError, parseHooksFile } from './files/hooks-file.ts';
export type { Content } from './protocol/content.ts';
export type {
  Cause,
  Decision,
  DecisionKind,
  Diagnostic,
  HookResult,
  RunFacts,
} from './protocol/decision.ts';
export type { Dialect } from './protocol/dialect.ts';
export type { Hook } from './protocol/hook.ts';
export type { Job, RunCall } from './protocol/job.ts';
export {
  defaultRunLimits,
  type Isolation,
  type RunLimits,
  type RunRequest,
  type RunResult,
  type Runtime,
  type ScriptFacts,
  type ScriptRun,
} from './protocol/run.ts';
export type { SandboxKind } from './protocol/sandbox-kind.ts';
export { parseScript, type Script } from './protocol/script.ts';
export {
  openQueueRunner,
  type QueueRunner,
  type QueueRunnerOptions,
} from './queue/queue-runner.ts';
export { openWorker, type QueueWorker, type WorkerOptions } from './queue/worker.ts';
export { redisDecisionRecord } from './redis-stores/decision-record.ts';
export { redisStores } from './redis-stores/redis-stores.ts';
export { Engine } from './sandbox/engine.ts';
export { execute } from './sandbox/execute.ts';
export { imageName } from './sandbox/image.ts';
export type { Lease } from './sandbox/lease.ts';
export { type OpenPoolOptions, openPool } from './sandbox/open-pool.ts';
export type { Pool } from './sandbox/pool.ts';
export type { PoolEvent, PoolStats } from './sandbox/pool-events.ts';
export type { Profile } from './sandbox/profile.ts';
export { reap } from './sandbox/reaper.ts';
export { runScript } from './sandbox/run-script.ts';
export { Workspaces } from './sandbox/workspace/workspaces.ts';
export { buildApp } from './server/app.ts';
export type { AuditRecord } from './server/audit-record.ts';
export { parseTokens, type Token } from './server/auth.ts';
export type { Backend, ServerDeps } from './server/deps.ts';
export { memoryStores } from './server/memory-stores.ts';
export type { EvaluationStore, HookSetStore, Stores, ThreadStore } from './server/stores.ts';
export { type JobMessage, parseJobMessage, toJobMessage } from './wire/job-message.ts';
export { parseResultMessage, type ResultMessage } from './wire/result-message.ts';
export {
  parseStoredJobMessage,
  type StoredJobMessage,
  toStoredJobMessage,
} from './wire/stored-job.ts';
