/** What the stores in Redis are given. */
import type { RedisClient } from '../redis/connection.ts';
import type { StoreLimits } from '../server/stores.ts';

export interface RedisStoreOptions {
  /** One that fails fast: an event waits for the answer. */
  readonly redis: RedisClient;
  /** Servers of one queue share their stores. */
  readonly queue: string;
  /** Hears what an operator should know though nobody lost an answer. */
  readonly warn: (text: string) => void;
  readonly limits?: StoreLimits | undefined;
}
