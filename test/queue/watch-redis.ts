/** A Redis that answers the watch of jobs with what the test stored. */
import { FakeRedis } from './fake-redis.ts';

/** What BullMQ has of a job. */
export interface Stored {
  timestamp: string | null;
  finishedOn: string | null;
  returned: string | null;
  reason: string | null;
  worker: string | null;
  delay: string;
  /** It is in the list of active jobs. */
  isActive: boolean;
  /** Its score among the delayed ones, null where it is not there. */
  score: string | null;
}

export const inLine: Stored = {
  timestamp: '1',
  finishedOn: null,
  returned: null,
  reason: null,
  worker: null,
  delay: '0',
  isActive: false,
  score: null,
};

export class WatchRedis extends FakeRedis {
  readonly stored = new Map<string, Stored>();
  asked = 0;

  async hmget(key: string): Promise<(string | null)[]> {
    this.asked++;
    const one = this.stored.get(key.slice(key.lastIndexOf(':') + 1));
    if (one === undefined) throw new Error('WRONGTYPE');
    return [one.timestamp, one.finishedOn, one.returned, one.reason, one.worker, one.delay];
  }

  async lpos(_: string, id: string): Promise<number | null> {
    return this.stored.get(id)?.isActive === true ? 0 : null;
  }

  async zscore(_: string, id: string): Promise<string | null> {
    return this.stored.get(id)?.score ?? null;
  }
}
