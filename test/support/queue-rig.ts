/** Redis, a dispatcher's runner and workers, opened by a test and closed after it. */

import { azure } from '../../src/agents/azure/dialect.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Decision } from '../../src/protocol/decision.ts';
import type { Hook } from '../../src/protocol/hook.ts';
import { openQueueRunner, type QueueRunner } from '../../src/queue/queue-runner.ts';
import { openWorker, type QueueWorker, type WorkerOptions } from '../../src/queue/worker.ts';
import type { RedisSettings } from '../../src/redis/connection.ts';
import { playScript } from './queue-job.ts';
import { TestRedis } from './redis.ts';

/** The Redis that a rig needs. */
export interface RigRedis {
  readonly settings: RedisSettings;
  remove(): Promise<void>;
}

export class QueueRig<R extends RigRedis = TestRedis> {
  readonly redis: R;
  readonly #opened: { close(): Promise<void> }[] = [];

  constructor(redis: R) {
    this.redis = redis;
  }

  static async start(...redisArguments: string[]): Promise<QueueRig> {
    return new QueueRig(await TestRedis.start(...redisArguments));
  }

  async runner(): Promise<QueueRunner> {
    const runner = await openQueueRunner({ redis: this.redis.settings });
    this.#opened.push(runner);
    return runner;
  }

  worker(options: Partial<WorkerOptions> = {}): QueueWorker {
    const worker = openWorker({
      redis: this.redis.settings,
      concurrency: 4,
      execute: playScript,
      ...options,
    });
    this.#opened.push({ close: () => worker.close(1_000) });
    return worker;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#opened.splice(0).map((one) => one.close()));
    await this.redis.remove();
  }
}

const context = Buffer.from('{"hook_event_name":"PreToolUse","tool_name":"Bash"}');

export interface Answer {
  readonly decision: Decision;
  readonly tookMs: number;
  /**
   * How long after a timer of its deadline in this thread; 0 where it was there before. Where the
   * machine has no time for the thread, the timer comes late too.
   */
  readonly lateMs: number;
}

/** Runs and times one evaluation of one hook. */
export async function ask(
  runner: QueueRunner,
  hook: Hook,
  deadlineMs = 10_000,
  tenant = 'test',
): Promise<Answer> {
  const started = performance.now();
  let dueAt = Number.POSITIVE_INFINITY;
  const timer = setTimeout(() => {
    dueAt = performance.now();
  }, deadlineMs);
  const decision = await evaluate(
    { dialect: azure, hooks: [hook], context, deadlineMs, tenant },
    runner.run,
  );
  const now = performance.now();
  clearTimeout(timer);
  return { decision, tookMs: now - started, lateMs: Math.max(0, now - dueAt) };
}

export function codeOf({ decision }: Answer): string | undefined {
  const cause = decision.results[0]?.cause;
  return cause?.kind === 'fail-mode' ? cause.code : undefined;
}
