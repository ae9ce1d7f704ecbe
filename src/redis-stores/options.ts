/** The options of the stores in Redis. */
import type { RedisClient } from '../redis/connection.ts';
import type { StoreLimits } from '../server/stores.ts';

export interface RedisStoreOptions {
  /** A connection that fails fast: an event waits for the answer. */
  readonly redis: RedisClient;
  /** Servers of one queue share their stores. */
  readonly queue: string;
  /** Called with warnings for the operator about problems that cost no caller an answer. */
  readonly warn: (text: string) => void;
  readonly limits?: StoreLimits | undefined;
}
