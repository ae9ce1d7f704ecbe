/**
 * The server's backend with a queue: jobs go to workers. This process has no engine, so it runs no
 * bare scripts, and checks of scripts are left to `hookpool check`.
 */
import type { Config } from '../config.ts';
import { redisDecisionRecord } from '../queue/decision-record.ts';
import { openQueueRunner } from '../queue/queue-runner.ts';
import type { OpenBackend } from './pool-backend.ts';

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is not there at the start */
export async function openQueueBackend(config: Config, onError: (error: Error) => void): Promise<OpenBackend> {
  const runner = await openQueueRunner({ redis: config.redis, queue: config.queue, onError });
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
    close: () => runner.close(),
  };
}
