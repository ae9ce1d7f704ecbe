/**
 * Runs hooks that need connections on outbound workers; each attempt is one BullMQ job of the
 * queue's outbound line. Every call is answered: a failure of the queue counts as the hook's
 * failMode.
 */
import { actionKey, type OutboundAction } from '../protocol/action.ts';
import { Content } from '../protocol/content.ts';
import type { HookResult } from '../protocol/decision.ts';
import type { FailureCode } from '../protocol/failure-codes.ts';
import type { Hook } from '../protocol/hook.ts';
import { furtherAttempts } from '../protocol/http-action.ts';
import type { OutboundJob, RunCall } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { defaultQueueName, outboundIdOf, outboundQueueOf } from '../redis/keys.ts';
import { toOutboundMessage } from '../wire/outbound-message.ts';
import { opened } from './opened.ts';
import { readResult } from './outcome.ts';
import { QueueClient, type QueueClientOptions, type QueueClientStats } from './queue-client.ts';
import { type Attempt, codeOf, retrying } from './retrying.ts';
import { outboundRole } from './role.ts';

export interface OutboundRunnerOptions extends Omit<QueueClientOptions, 'role'> {
  /** Milliseconds that Redis may take to become ready at the start. */
  readonly readyTimeoutMs?: number;
}

/** Failures of a job that a worker may have begun. */
const mayHaveBegun: ReadonlySet<string | undefined> = new Set<FailureCode>([
  'QUEUE_UNAVAILABLE',
  'WORKER_LOST',
  'SHUTTING_DOWN',
]);

/**
 * The caller has to call close(). `queue` is the one of the sandbox workers.
 * @throws UnavailableError `QUEUE_UNAVAILABLE` when Redis is not ready in time.
 */
export async function openOutboundRunner(options: OutboundRunnerOptions): Promise<OutboundRunner> {
  return opened(new OutboundRunner(options), options.readyTimeoutMs);
}

export class OutboundRunner {
  readonly #line: QueueClient;
  readonly #queue: string;

  constructor({ queue = defaultQueueName, ...options }: OutboundRunnerOptions) {
    this.#queue = outboundQueueOf(queue);
    this.#line = new QueueClient({ ...options, queue: this.#queue, role: outboundRole });
  }

  /** Runs one hook. Never rejects. */
  readonly run = async (
    job: OutboundJob,
    signal: AbortSignal,
    call?: RunCall,
  ): Promise<HookResult> => {
    const started = performance.now();
    const { dialect, hook, tenant } = job;
    const budgetMs = call?.budgetMs ?? hook.timeoutMs + timeLimits.slackMs;
    const evaluationId = call?.evaluationId ?? crypto.randomUUID();
    const priority = call?.priority ?? 'normal';
    const content = Content.of(job.context, job.content);
    const at = new Date().toISOString();
    const line = this.#line;
    const isRetried = (outcome: Attempt<HookResult>) => isRetriedFor(hook, outcome);
    const way = { budgetMs, signal, line, isRetried };
    const end = await retrying<HookResult>(way, async ({ leftMs, previous }) => {
      // What was not added, as far as this process knows, is added again under the same id, so that
      // it is one job all the same.
      const attempt = previous === undefined || isNotAdded(previous) ? 1 : 2;
      const isLost = attempt > 1;
      if (line.isDeserted && !isLost) return { failure: outboundRole.noWorker(this.#queue) };
      const message = toOutboundMessage(
        { ...job, content },
        { evaluationId, attempt, at, budgetMs: leftMs, priority },
      );
      const id = outboundIdOf(tenant, evaluationId, decidesAs(job), `${attempt}`, content.sha256);
      const entry = { id, name: hook.name, message, priority, apart: isLost, trace: call?.trace };
      return readResult(await line.send(entry, signal), { hook });
    });
    if ('value' in end) return end.value;
    const totalMs = performance.now() - started;
    return decide(dialect, hook, end.failure, { queueMs: 0, leaseMs: 0, runMs: 0, totalMs });
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

  /** Settles pending calls with `SHUTTING_DOWN`, which counts as a hook's failMode. */
  close(): Promise<void> {
    return this.#line.close();
  }
}

/** Equal for jobs that send the same and whose answers are judged alike. */
function decidesAs({ dialect, hook, isolation, transcript, cwd }: OutboundJob): string {
  const { name, event, tier, timeoutMs, failMode, failModeIsDefault, async, shadow } = hook;
  const { strictOutput, ignoreToolErrors, quiet, action } = hook;
  const judged = [
    failMode,
    failModeIsDefault,
    strictOutput,
    ignoreToolErrors,
    quiet,
    async,
    shadow,
  ];
  const decides = [dialect.name, name, event, tier, timeoutMs, judged, actionKey(action)];
  if (action.kind === 'http') return JSON.stringify(decides);
  // The tools of judges are scripts, which read transcript and project; they are sent for them only.
  const hasTools = action.tools.length > 0;
  const read = hasTools && transcript !== undefined ? new Content(transcript).sha256 : null;
  return JSON.stringify([...decides, isolation, read, hasTools ? cwd : null]);
}

/**
 * What was never added has never begun. What may have begun is sent again only where a second time
 * does no harm. A request may have an effect: the hook itself has to repeat it. A question costs
 * money and up to the whole timeout: it is asked again only where the worker says that it asked
 * none.
 */
function isRetriedFor(hook: Hook<OutboundAction>, outcome: Attempt<HookResult>): boolean {
  if (isNotAdded(outcome)) return true;
  if (!mayHaveBegun.has(codeOf(outcome))) return false;
  const { action, async } = hook;
  if (action.kind === 'http') return furtherAttempts({ action, async }) > 0;
  return 'value' in outcome && !hasAsked(outcome.value);
}

/** Whether a question may have gone to a judge: it is counted before it is sent. */
function hasAsked({ asked }: HookResult): boolean {
  return asked !== undefined && (!('calls' in asked) || asked.calls > 0);
}

function isNotAdded(outcome: Attempt<HookResult>): boolean {
  return 'failure' in outcome && outcome.isAdded === false;
}
