/**
 * What has to be said of each job that was added, but not at once: how long Redis keeps it, and whether
 * it was there before and is done, in which case no worker tells its result again. Beside the way of a
 * job to its worker the question cost 0.4 ms of the answer; most jobs are done when it is asked.
 */
import type { RedisClient } from '../redis/connection.ts';
import { bullKey } from '../redis/keys.ts';
import type { PendingJob } from './pending.ts';

export interface JobBooksOptions {
  readonly redis: RedisClient;
  readonly queue: string;
  /** Hears of jobs that were done before they were added. */
  readonly onDone: (job: PendingJob) => void;
}

interface Entry {
  readonly job: PendingJob;
  readonly keepMs: number;
}

const laterMs = 25;
const keepScript = `redis.call('PEXPIRE', KEYS[1], ARGV[1]) return redis.call('HEXISTS', KEYS[1], 'finishedOn')`;

export class JobBooks {
  readonly #options: JobBooksOptions;
  #entries: Entry[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: JobBooksOptions) {
    this.#options = options;
  }

  /** @param keepMs milliseconds after which Redis forgets the job, whatever became of it. */
  enter(job: PendingJob, keepMs: number): void {
    this.#entries.push({ job, keepMs });
    this.#timer ??= setTimeout(() => this.flush(), laterMs).unref();
  }

  /** Without waiting any longer. Where Redis cannot be asked, nothing more is done. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#entries;
    this.#entries = [];
    for (const entry of entries) this.#write(entry).catch(() => undefined);
  }

  async #write({ job, keepMs }: Entry): Promise<void> {
    const { redis, queue, onDone } = this.#options;
    if ((await redis.eval(keepScript, 1, bullKey(queue, job.id), keepMs)) === 1) onDone(job);
  }
}
