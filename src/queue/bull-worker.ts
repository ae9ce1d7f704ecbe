/** Creates BullMQ's Worker with the options that a hookpool worker needs. */
import { type Processor, Worker } from 'bullmq';
import type { BullConnection } from '../redis/connection.ts';
import { keyPrefix } from '../redis/keys.ts';
import { keepFinished } from './retention.ts';

export interface BullWorkerOptions {
  readonly queue: string;
  readonly name: string;
  readonly concurrency: number;
  /** Milliseconds of one blocking wait for a job. */
  readonly drainDelayMs: number;
  /** False: the worker takes no jobs before resume(). */
  readonly autorun: boolean;
  readonly connection: BullConnection;
  readonly onError: (error: Error) => void;
}

/**
 * Longer than any run, so that neither a clock jump nor a pause of this process makes BullMQ treat
 * a running job as stalled. A lost worker is detected by its missing heartbeat instead.
 */
const lockDurationMs = 700_000;
const stalledIntervalMs = 15_000;

export function startBullWorker(process: Processor, options: BullWorkerOptions): Worker {
  const { queue, name, concurrency, drainDelayMs, autorun, connection, onError } = options;
  const worker = new Worker(queue, process, {
    connection: connection.connection,
    autorun,
    prefix: keyPrefix,
    name,
    concurrency,
    drainDelay: drainDelayMs / 1000,
    lockDuration: lockDurationMs,
    stalledInterval: stalledIntervalMs,
    // BullMQ must not run a hook a second time: retries are decided by the dispatcher.
    maxStalledCount: 0,
    // For jobs that were added without these options.
    removeOnComplete: keepFinished,
    removeOnFail: keepFinished,
    runRetryDelay: 500,
  });
  worker.on('error', onError);
  return worker;
}
