/** BullMQ's worker as ours uses it. */
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
  /** False: it takes no jobs before resume(). */
  readonly autorun: boolean;
  readonly connection: BullConnection;
  readonly onError: (error: Error) => void;
}

/**
 * Longer than any run, so that no clock that jumps and no pause of this process makes BullMQ give a
 * running job away: that its worker is lost is seen by its silence.
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
    // A hook is never run twice behind its caller's back.
    maxStalledCount: 0,
    // For jobs that do not say it themselves.
    removeOnComplete: keepFinished,
    removeOnFail: keepFinished,
    runRetryDelay: 500,
  });
  worker.on('error', onError);
  return worker;
}
