/** The worker that takes the jobs of the outbound queue: it opens connections and no sandbox. */
import { defaultQueueName, outboundQueueOf } from '../redis/keys.ts';
import { type OutboundExecutor, readOutboundTask } from './outbound-task.ts';
import { QueueWorker } from './worker.ts';
import type { WorkerBase } from './worker-base.ts';

export interface OutboundWorkerOptions extends WorkerBase {
  readonly execute: OutboundExecutor;
}

/**
 * Opens a worker for the outbound queue beside `queue`; otherwise as openWorker(). The caller ends
 * it with close().
 */
export function openOutboundWorker(options: OutboundWorkerOptions): QueueWorker {
  const { execute, queue = defaultQueueName, ...base } = options;
  return new QueueWorker({
    ...base,
    queue: outboundQueueOf(queue),
    readTask: (data, { worker }) => readOutboundTask(data, worker, execute),
  });
}
