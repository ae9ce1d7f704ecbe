/**
 * Delivery of results: a worker publishes each result on the queue's channel as soon as it has it,
 * and every dispatcher listens there for the results of its pending jobs. A missed message loses no
 * result: BullMQ stores the result as well, and watch.ts reads late ones from there.
 *
 * QueueEvents are not used: they wake every dispatcher three times per job, and report a result
 * only after BullMQ has finished its bookkeeping (docs/benchmarks/notes.md has the numbers).
 */
import { messageOf, UnavailableError } from '../errors.ts';
import { connect, type RedisClient, type RedisSettings } from '../redis/connection.ts';
import { resultsChannel } from '../redis/keys.ts';
import { type Outcome, readFailedReason } from './outcome.ts';
import type { PendingJobs } from './pending.ts';

/**
 * A published result, as the worker gives it to BullMQ: the returned value, or the reason of a
 * failed job.
 */
export type PublishedResult = { readonly returned: unknown } | { readonly failedReason: string };

/**
 * Publishes a result as the job's id, a line feed and JSON. An id has no line feed, and only the
 * dispatcher that waits for it parses the JSON.
 */
export async function publishResult(
  redis: RedisClient,
  queue: string,
  id: string,
  told: PublishedResult,
): Promise<void> {
  await redis.publish(resultsChannel(queue), `${id}\n${JSON.stringify(told)}`);
}

export interface ResultListenerOptions {
  readonly redis: RedisSettings;
  readonly queue: string;
  readonly pending: PendingJobs;
  readonly onError: (error: Error) => void;
  /**
   * Called after each subscription: results may have been published while this process did not
   * listen.
   */
  readonly onGap: () => void;
}

export class ResultListener {
  /**
   * @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis refuses the subscription at the start.
   */
  readonly listening: Promise<void>;
  readonly #options: ResultListenerOptions;
  readonly #client: RedisClient;

  constructor(options: ResultListenerOptions) {
    this.#options = options;
    this.#client = connect(options.redis, 'worker', options.onError);
    this.#client.on('message', (_, message: string) => this.#hear(message));
    this.listening = new Promise((resolve, reject) => {
      this.#client.on('ready', () => void this.#listen().then(resolve, reject));
    });
    this.listening.catch(() => undefined);
  }

  close(): void {
    this.#client.disconnect();
  }

  async #listen(): Promise<void> {
    const channel = resultsChannel(this.#options.queue);
    try {
      await this.#client.subscribe(channel);
      this.#options.onGap();
    } catch (cause) {
      const error = new UnavailableError(
        'QUEUE_UNAVAILABLE',
        `Redis: no way to hear of results: ${messageOf(cause)}`,
        { cause },
      );
      this.#options.onError(error);
      throw error;
    }
  }

  #hear(message: string): void {
    const end = message.indexOf('\n');
    this.#options.pending.get(message.slice(0, end))?.settle(readTold(message.slice(end + 1)));
  }
}

function readTold(text: string): Outcome {
  try {
    const told = JSON.parse(text) as PublishedResult;
    return 'failedReason' in told
      ? readFailedReason(String(told.failedReason))
      : { returned: told.returned };
  } catch {
    // Not a published result: the runner reports it like any other value that is no result of this
    // version.
    return { returned: undefined };
  }
}
