/**
 * The server's backend with a queue: jobs, bare scripts and checks of scripts go to workers. This
 * process needs no engine.
 */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { outboundGauges, queueGauges } from '../metrics.ts';
import { knownJudge, knownTarget } from '../outbound/announced.ts';
import { readCrew, release } from '../queue/crew.ts';
import {
  type OutboundRunner,
  type OutboundRunnerOptions,
  openOutboundRunner,
} from '../queue/outbound-runner.ts';
import { exceptionOf, noWorker } from '../queue/outcome.ts';
import { openQueueRunner, type QueueRunner } from '../queue/queue-runner.ts';
import { connect, type RedisClient } from '../redis/connection.ts';
import { redisDecisionRecord } from '../redis-stores/decision-record.ts';
import { EventChannel } from '../redis-stores/event-channel.ts';
import { ask } from '../redis-stores/redis-errors.ts';
import { redisStores } from '../redis-stores/redis-stores.ts';
import { syntaxError } from '../sandbox/syntax.ts';
import { parseAbout } from '../wire/worker-about.ts';
import type { OpenBackend } from './pool-backend.ts';

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis cannot be reached at the start */
export async function openQueueBackend(
  { redis, queue }: Config,
  registry: Registry,
  logger: Logger,
): Promise<OpenBackend> {
  const onError = (error: Error) => logger.warn({ reason: error.message }, 'queue');
  const runner = await openQueueRunner({ redis, queue, onError });
  queueGauges(registry, () => runner.stats());
  const outbound = await openOutbound({ redis, queue, onError }, runner);
  outboundGauges(registry, () => outbound.stats());
  await warnOfEviction(runner.redis, logger);
  const relay = new EventChannel({
    redis: runner.redis,
    connect: () => connect(redis, 'worker', onError),
    queue,
  });
  return {
    backend: {
      run: runner.run,
      http: outbound.run,
      judge: outbound.run,
      runScript: runner.runScript,
      knownOutbound: ({ action, dialect }, tenant) => {
        const workers = outbound.abouts().map(parseAbout);
        if (action.kind === 'http') return knownTarget(workers, action, tenant);
        return knownJudge(workers, action.model ?? dialect.judges.model, tenant);
      },
      checkScript: async (script, tenant, profile) => {
        if (runner.stats().workers === 0) throw exceptionOf(noWorker(queue));
        return syntaxError(runner.runScript, script, tenant, profile);
      },
      record: redisDecisionRecord(runner.redis),
      system: () => ask('the workers', readCrew(runner.redis, queue)),
      release: (script) => ask('the quarantine', release(runner.redis, queue, script)),
      whyNotReady: async () => {
        const { connected, workers } = runner.stats();
        if (!connected) return 'Redis cannot be reached.';
        return workers === 0 ? 'No worker has been seen.' : undefined;
      },
    },
    stores: redisStores({
      redis: runner.redis,
      queue,
      warn: (reason) => logger.warn({ reason }, 'store'),
    }),
    relay,
    close: async () => {
      relay.close();
      await Promise.all([runner.close(), outbound.close()]);
    },
  };
}

async function openOutbound(
  options: OutboundRunnerOptions,
  runner: QueueRunner,
): Promise<OutboundRunner> {
  try {
    return await openOutboundRunner(options);
  } catch (error) {
    await runner.close();
    throw error;
  }
}

/**
 * Warns about a Redis that evicts keys: it drops jobs, and the on-demand hooks switched on for
 * threads, without an error. A Redis that does not report its policy causes no warning.
 */
async function warnOfEviction(redis: RedisClient, logger: Logger): Promise<void> {
  const memory = await redis.info('memory').catch(() => '');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction';
  if (policy !== 'noeviction')
    logger.warn(
      { policy },
      "Redis' maxmemory-policy must be noeviction: it would drop guards and jobs",
    );
}
