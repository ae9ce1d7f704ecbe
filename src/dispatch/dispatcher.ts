/**
 * One event: find its hooks, run them in order, combine what they say. The runner is handed in: in
 * one process it is execute() itself, across machines it is the queue, and nothing else differs.
 */
import { InvalidInputError, messageOf } from '../errors.ts';
import { combine } from '../protocol/combine.ts';
import { parseContext } from '../protocol/context.ts';
import { decide } from '../protocol/decide.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import { type Dialect, eventRules } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import type { Isolation } from '../protocol/run.ts';
import { selectHooks } from './select.ts';

/** Runs one job to its result. Resolves also when the sandbox failed; rejects only for a bug. */
export type Runner = (job: Job, signal: AbortSignal) => Promise<HookResult>;

export interface EvaluateRequest {
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  /** The agent's JSON, as bytes; handed to the scripts untouched. */
  readonly context: Uint8Array;
  readonly event?: string | undefined;
  /** Text that the scripts may read; `execution_summary` in the context will point to it. */
  readonly transcript?: Uint8Array | undefined;
  readonly tenant?: string | undefined;
  readonly isolation?: Isolation | undefined;
  /** Names of on-demand hooks that are switched on. */
  readonly active?: readonly string[] | undefined;
  /** Milliseconds from the call within which it answers. Default: what the hooks may take + 2 s. */
  readonly deadlineMs?: number | undefined;
}

const tenantName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const defaultTenant = 'default';
/** On top of the hooks' own timeouts: a cold start and the way there and back. */
const defaultSlackMs = 2_000;
/** The first sandbox of a process has to be created: measured 0.15 s, 2 s on a busy machine. */
const maxDeadlineMs = 3_600_000;

/**
 * Evaluates one event. Hooks run one after another; a block ends the chain where the event says so.
 * Whatever breaks, it answers by the deadline, and a hook that gave no decision counts as its
 * failMode.
 * @throws InvalidInputError for a context, event or tenant that cannot be used; nothing has run then.
 */
export async function evaluate(request: EvaluateRequest, run: Runner): Promise<Decision> {
  const started = performance.now();
  const { dialect } = request;
  const context = parseContext(dialect, { bytes: request.context, event: request.event, transcript: request.transcript });
  const tenant = checkTenant(request.tenant ?? defaultTenant);
  const hooks = selectHooks(dialect, request.hooks, context, new Set(request.active));
  const budgetMs = checkDeadline(request.deadlineMs) ?? hooks.reduce((sum, hook) => sum + hook.timeoutMs, defaultSlackMs);
  const job = {
    dialect,
    tenant,
    isolation: request.isolation ?? 'tenant',
    context: context.bytes,
    transcript: context.transcript,
  };
  const deadline = new Deadline(started + budgetMs);
  const { shortCircuit } = eventRules(dialect, context.event);
  const results: HookResult[] = [];
  try {
    for (const hook of hooks) {
      const result = await deadline.guard({ ...job, hook }, run);
      results.push(result);
      if (shortCircuit && result.decision === 'block') break;
    }
  } finally {
    deadline.end();
  }
  const skipped = hooks.slice(results.length).map((hook) => hook.name);
  return combine(dialect, { event: context.event, results, skipped, durationMs: performance.now() - started });
}

/** One timer for the whole evaluation, armed before the first hook starts. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #passed: Promise<'passed'>;
  readonly #timer: NodeJS.Timeout;

  constructor(atMs: number) {
    let pass: (value: 'passed') => void = () => undefined;
    this.#passed = new Promise((resolve) => {
      pass = resolve;
    });
    this.#timer = setTimeout(
      () => {
        this.#controller.abort(new Error('The deadline of the evaluation has passed.'));
        pass('passed');
      },
      Math.max(0, atMs - performance.now()),
    );
  }

  /** The hook's result, or its failMode when the time is over or the runner has a bug. */
  async guard(job: Job, run: Runner): Promise<HookResult> {
    const missed = () => decide(job.dialect, job.hook, { code: 'DEADLINE', message: 'The time for this evaluation was over.' });
    const { signal } = this.#controller;
    if (signal.aborted) return missed();
    const running = runSafely(job, signal, run);
    const first = await Promise.race([running, this.#passed]);
    return first === 'passed' ? missed() : first;
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** A runner that throws, or answers with nothing, is a bug of ours: the hook's failMode speaks. */
async function runSafely(job: Job, signal: AbortSignal, run: Runner): Promise<HookResult> {
  try {
    const result = await run(job, signal);
    if (result?.decision !== undefined) return result;
    throw new Error('the runner gave no result');
  } catch (error) {
    return decide(job.dialect, job.hook, { code: 'INTERNAL', message: `hookpool failed: ${messageOf(error)}` });
  }
}

function checkTenant(tenant: string): string {
  if (tenantName.test(tenant)) return tenant;
  throw new InvalidInputError(
    'INVALID_USAGE',
    `tenant ${JSON.stringify(tenant)} must be 1 to 128 letters, digits, ".", "_" or "-".`,
  );
}

function checkDeadline(deadlineMs: number | undefined): number | undefined {
  if (deadlineMs === undefined || (deadlineMs > 0 && deadlineMs <= maxDeadlineMs)) return deadlineMs;
  throw new InvalidInputError('INVALID_USAGE', `deadlineMs is ${deadlineMs}; it must be above 0 and at most ${maxDeadlineMs}.`);
}
