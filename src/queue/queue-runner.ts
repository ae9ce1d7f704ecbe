/**
 * Runs hooks and scripts on workers; each attempt is one BullMQ job. Every call is answered: a
 * failure of the queue counts as the hook's failMode, and is an exception for a bare script.
 */

import { Content } from '../protocol/content.ts';
import type { Failure, HookResult } from '../protocol/decision.ts';
import type { FailureCode } from '../protocol/failure-codes.ts';
import type { CommandJob, RunCall } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import type { ScriptFacts, ScriptRun } from '../protocol/run.ts';
import { decide } from '../protocol/verdict/decide.ts';
import type { RedisClient } from '../redis/connection.ts';
import { defaultQueueName, jobIdOf, scriptNameOf } from '../redis/keys.ts';
import { toJobMessage } from '../wire/job-message.ts';
import { parseRunResultMessage, toRunMessage } from '../wire/run-message.ts';
import { toStoredJobMessage } from '../wire/stored-job.ts';
import { opened } from './opened.ts';
import { exceptionOf, foreignReturn, type Outcome, readResult } from './outcome.ts';
import {
  type Entry,
  QueueClient,
  type QueueClientOptions,
  type QueueClientStats,
} from './queue-client.ts';
import { type Attempt, codeOf, retrying } from './retrying.ts';
import { StoredContexts } from './stored-contexts.ts';

export interface QueueRunnerOptions extends QueueClientOptions {
  /** Milliseconds that Redis may take to become ready at the start. */
  readonly readyTimeoutMs?: number;
}

interface Trying {
  readonly attempt: number;
  readonly leftMs: number;
  /** Whether the worker of the previous attempt was lost. */
  readonly apart: boolean;
}

/**
 * Failures that justify an attempt on another worker: the script has not run, or its worker was
 * lost while it ran.
 */
const retriedElsewhere: ReadonlySet<string | undefined> = new Set<FailureCode>([
  'QUEUE_UNAVAILABLE',
  'WORKER_LOST',
  'SHUTTING_DOWN',
  'ENGINE_DOWN',
  'ENGINE_TIMEOUT',
  'IMAGE_MISSING',
  'IMAGE_MISMATCH',
  'PROFILE_MISSING',
  'WORKSPACE_FAILED',
]);

/** @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is not ready in time. */
export async function openQueueRunner(options: QueueRunnerOptions): Promise<QueueRunner> {
  return opened(new QueueRunner(options), options.readyTimeoutMs);
}

/**
 * Equal for jobs of one script that the worker decides alike and that begin with the same state.
 * Hooks of several files may have equal
 * names and scripts: one with failMode block must not get the result of its namesake with failMode
 * allow.
 */
function decidesAs({ dialect, hook, isolation, cwd, state }: CommandJob): string {
  const { name, event, tier, timeoutMs, failMode, failModeIsDefault, strictOutput } = hook;
  const { ignoreToolErrors, quiet, lacks, lacksOfProject, profile } = hook;
  const output = { strictOutput, ignoreToolErrors, quiet, lacks, lacksOfProject };
  const settings = { failMode, failModeIsDefault, profile, ...output };
  const kept = state === undefined ? null : new Content(state).sha256;
  const run = [timeoutMs, isolation, cwd, settings, kept];
  return JSON.stringify([dialect.name, name, event, tier, ...run]);
}

export class QueueRunner {
  readonly #line: QueueClient;
  readonly #contexts: StoredContexts;

  constructor(options: QueueClientOptions) {
    const { queue = defaultQueueName, onError = () => undefined } = options;
    this.#line = new QueueClient(options);
    this.#contexts = new StoredContexts({ redis: () => this.#line.redis, queue, onError });
  }

  /** The connection that the decision record and the stores share. Fails fast. */
  get redis(): RedisClient {
    return this.#line.redis;
  }

  /** Runs one hook: the Runner of a dispatcher. Never rejects. */
  readonly run = async (
    job: CommandJob,
    signal: AbortSignal,
    call?: RunCall,
  ): Promise<HookResult> => {
    const started = performance.now();
    const { dialect, hook } = job;
    const fails = (failure: Failure) =>
      decide(dialect, hook, failure, {
        queueMs: 0,
        leaseMs: 0,
        runMs: 0,
        totalMs: performance.now() - started,
      });
    const budgetMs = call?.budgetMs ?? hook.timeoutMs + timeLimits.slackMs;
    const evaluationId = call?.evaluationId ?? crypto.randomUUID();
    const priority = call?.priority ?? 'normal';
    const content = Content.of(job.context, job.content);
    const script = scriptNameOf(job.tenant, hook.action.script);
    const settings = decidesAs(job);
    const held = this.#contexts.hold(job.tenant, content);
    const end = await this.#retrying(budgetMs, signal, async ({ attempt, leftMs, apart }) => {
      const envelope = { evaluationId, attempt, budgetMs: leftMs, priority, apart };
      const stored = held?.put(attempt, leftMs);
      const message =
        stored === undefined
          ? toJobMessage({ ...job, content }, envelope)
          : toStoredJobMessage(job, envelope, stored);
      const id = jobIdOf(
        script,
        job.tenant,
        evaluationId,
        settings,
        String(attempt),
        content.sha256,
      );
      const entry: Entry = { id, name: hook.name, message, priority, apart, trace: call?.trace };
      return readResult(await this.#line.send(entry, signal), job);
    }).finally(() => held?.release());
    return 'value' in end ? end.value : fails(end.failure);
  };

  /** Runs one script on any worker. */
  readonly runScript = async (script: ScriptRun, signal: AbortSignal): Promise<ScriptFacts> => {
    const budgetMs = script.request.limits.timeoutMs + timeLimits.slackMs;
    const end = await this.#retrying(budgetMs, signal, async ({ leftMs, apart }) => {
      const message = toRunMessage(script, leftMs, apart);
      const id = jobIdOf(scriptNameOf(script.tenant, message), crypto.randomUUID());
      const entry: Entry = { id, name: 'run', message, priority: 'normal', apart };
      return readFacts(await this.#line.send(entry, signal));
    });
    if ('value' in end) return end.value;
    throw exceptionOf(end.failure);
  };

  /** As QueueClient.abouts(). */
  abouts(): readonly (string | undefined)[] {
    return this.#line.abouts();
  }

  stats(): QueueClientStats {
    return this.#line.stats();
  }

  /** @throws UnavailableError `QUEUE_UNAVAILABLE` */
  ready(timeoutMs: number): Promise<void> {
    return this.#line.ready(timeoutMs);
  }

  /**
   * Settles pending calls with `SHUTTING_DOWN`, which counts as a hook's failMode, and disconnects
   * from Redis.
   */
  close(): Promise<void> {
    this.#contexts.close();
    return this.#line.close();
  }

  /** Infrastructure failures get one more attempt within the budget. */
  #retrying<T>(
    budgetMs: number,
    signal: AbortSignal,
    attemptOnce: (one: Trying) => Promise<Attempt<T>>,
  ): Promise<Attempt<T>> {
    const isRetried = (outcome: Attempt<T>) => retriedElsewhere.has(codeOf(outcome));
    const way = { budgetMs, signal, line: this.#line, isRetried };
    return retrying<T>(way, ({ attempt, leftMs, previous }) => {
      const apart = previous !== undefined && codeOf(previous) === 'WORKER_LOST';
      return attemptOnce({ attempt, leftMs, apart });
    });
  }
}

function readFacts(outcome: Outcome): Attempt<ScriptFacts> {
  if ('failure' in outcome) return outcome;
  const value = parseRunResultMessage(outcome.returned);
  return value === undefined ? { failure: foreignReturn } : { value };
}
