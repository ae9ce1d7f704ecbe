/** How dispatchers treat the two kinds of workers, each of which has a queue of its own. */
import type { Failure } from '../protocol/decision.ts';
import { noWorker } from './outcome.ts';

export interface WorkerRole {
  /** Milliseconds that a job waits while no worker takes jobs. */
  readonly noWorkerGraceMs: number;
  /** Its answer after that. */
  readonly noWorker: (queue: string) => Failure;
  /** Whether the loss of a worker counts against the scripts that ran on it. */
  readonly countsLosses: boolean;
}

/**
 * A starting worker sends its first heartbeat after 0.7 s, and after 2 to 3 s on a busy machine; a
 * worker that lost its connection tries again within 1 s. A waiting agent has 25 s in all.
 */
export const sandboxRole: WorkerRole = {
  noWorkerGraceMs: 3_000,
  noWorker,
  countsLosses: true,
};

/** A request or question kills no worker, and an installation without outbound workers is answered at once. */
export const outboundRole: WorkerRole = {
  noWorkerGraceMs: 0,
  noWorker: (queue) => ({
    code: 'OUTBOUND_UNAVAILABLE',
    message: `No outbound worker of queue ${queue} takes jobs. Start \`hookpool worker --outbound\` with HOOKPOOL_TARGETS_FILE or HOOKPOOL_JUDGES_FILE.`,
  }),
  countsLosses: false,
};
