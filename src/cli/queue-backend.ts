/**
 * The server's backend with a queue: jobs, bare scripts and checks of scripts go to workers. This
 * process needs no engine.
 */
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { UnavailableError } from '../errors.ts';
import { queueGauges } from '../metrics.ts';
import { redisDecisionRecord } from '../queue/decision-record.ts';
import { openQueueRunner } from '../queue/queue-runner.ts';
import { syntaxError } from '../sandbox/syntax.ts';
import type { OpenBackend } from './pool-backend.ts';

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is not there at the start */
export async function openQueueBackend(
  config: Config,
  registry: Registry,
  onError: (error: Error) => void,
): Promise<OpenBackend> {
  const runner = await openQueueRunner({ redis: config.redis, queue: config.queue, onError });
  queueGauges(registry, () => runner.stats());
  return {
    backend: {
      run: runner.run,
      runScript: runner.runScript,
      checkScript: async (script, tenant) => {
        if (runner.stats().workers === 0) throw new UnavailableError('QUEUE_UNAVAILABLE', 'No worker has been seen.');
        return syntaxError(runner.runScript, script, tenant);
      },
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
