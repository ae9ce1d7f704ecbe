/** The options that workers of all kinds have. */
import type { RedisSettings } from '../redis/connection.ts';
import type { JobEnd } from './task-runner.ts';

export interface WorkerBase {
  readonly redis: RedisSettings;
  /** Jobs that run at once: as many as the pool can hold. */
  readonly concurrency: number;
  /** What dispatchers are told of this worker; see WorkerState. */
  readonly about?: string | undefined;
  /** Jobs of one tenant at once. Default: one less than `concurrency`. */
  readonly tenantCap?: number;
  readonly queue?: string;
  /** Unique among all workers. */
  readonly name?: string;
  /** The worker takes no jobs until begin(); until then its heartbeat reports `starting`. */
  readonly held?: boolean;
  /** Milliseconds of one blocking wait for a job. */
  readonly drainDelayMs?: number;
  readonly onError?: (error: Error) => void;
  /** Called for every job that the worker took. */
  readonly observe?: (end: JobEnd) => void;
}
