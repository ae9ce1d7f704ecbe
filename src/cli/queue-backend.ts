/**
 * The server's backend with a queue: jobs go to workers. This process has no engine, so it runs no
 * bare scripts, and checks of scripts are left to `hookpool check`.
 */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { RedisClient } from '../queue/connection.ts';
import { redisDecisionRecord } from '../queue/decision-record.ts';
import { openQueueRunner } from '../queue/queue-runner.ts';
import { redisStores } from '../server/redis/redis-stores.ts';
import type { OpenBackend } from './pool-backend.ts';

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is not there at the start */
export async function openQueueBackend({ redis, queue }: Config, logger: Logger): Promise<OpenBackend> {
  const onError = (error: Error) => logger.warn({ reason: error.message }, 'queue');
  const runner = await openQueueRunner({ redis, queue, onError });
  await warnOfEviction(runner.redis, logger);
  return {
    backend: {
      run: runner.run,
      record: redisDecisionRecord(runner.redis),
      whyNotReady: async () => {
        const { connected, workers } = runner.stats();
        if (!connected) return 'Redis cannot be reached.';
        return workers === 0 ? 'No worker has been seen.' : undefined;
      },
    },
    stores: redisStores({ redis: runner.redis, queue, warn: (reason) => logger.warn({ reason }, 'store') }),
    close: () => runner.close(),
  };
}

/** A Redis that evicts drops jobs, and switches of threads, without a word. Where it does not tell, neither do we. */
async function warnOfEviction(redis: RedisClient, logger: Logger): Promise<void> {
  const memory = await redis.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction';
  if (policy !== 'noeviction')
    logger.warn({ policy }, "Redis' maxmemory-policy must be noeviction: it would drop guards and jobs");
}
