/**
 * How a result gets home: the worker tells it on one channel of the queue as soon as it knows it, and
 * every dispatcher listens for the jobs that it waits for. Nothing is lost with a message that nobody
 * heard: BullMQ has the result as well, and watch.ts asks for what is late.
 *
 * Why not by QueueEvents: they wake every dispatcher three times per job, and say the result only after
 * BullMQ has finished its books (docs/benchmarks/notes.md has the numbers).
 */
import { messageOf, UnavailableError } from '../errors.ts';
import { connect, type RedisClient, type RedisSettings } from '../redis/connection.ts';
import { resultsChannel } from '../redis/keys.ts';
import { type Outcome, readFailedReason } from './outcome.ts';
import type { PendingJobs } from './pending.ts';

/** What the worker gives BullMQ: a value to return, or the reason of a failed job. */
export type Told = { readonly returned: unknown } | { readonly failedReason: string };

/** An id has no line end; what comes after the first one is only read by the one who waits for it. */
export async function tellResult(redis: RedisClient, queue: string, id: string, told: Told): Promise<void> {
  await redis.publish(resultsChannel(queue), `${id}\n${JSON.stringify(told)}`);
}

export interface ResultListenerOptions {
  readonly redis: RedisSettings;
  readonly queue: string;
  readonly pending: PendingJobs;
  readonly onError: (error: Error) => void;
  /** Listens again after a gap, in which results may have been told. */
  readonly onGap: () => void;
}

export class ResultListener {
  /** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis refuses it at the start. */
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
      const error = new UnavailableError('QUEUE_UNAVAILABLE', `Redis: no way to hear of results: ${messageOf(cause)}`, { cause });
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
    const told = JSON.parse(text) as Told;
    return 'failedReason' in told ? readFailedReason(String(told.failedReason)) : { returned: told.returned };
  } catch {
    // Nothing of ours: the runner says so, as of anything else that is no result.
    return { returned: undefined };
  }
}
