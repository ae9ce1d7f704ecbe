/**
 * One event: find its hooks, run them in order, combine what they say. The runner is handed in: in
 * one process it is execute() itself, across machines it is the queue, and nothing else differs.
 */
import { InvalidInputError, messageOf } from '../errors.ts';
import { combine } from '../protocol/combine.ts';
import { parseContext } from '../protocol/context.ts';
import { decide } from '../protocol/decide.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import { type Dialect, eventRules, type Order, type Tier } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import { pipeInput } from '../protocol/rewrite.ts';
import type { Isolation } from '../protocol/run.ts';
import { type Priority, tenantPattern } from '../protocol/wire/job-message.ts';
import { askRecord, type DecisionRecord, type EvaluationKey } from './record.ts';
import { selectHooks } from './select.ts';

/** What a runner that is not in this process has to know beside the job. */
export interface RunCall {
  readonly evaluationId: string;
  /** Milliseconds until the deadline. */
  readonly budgetMs: number;
  readonly priority: Priority;
}

/** Runs one job to its result. Resolves also when the sandbox failed; rejects only for a bug. */
export type Runner = (job: Job, signal: AbortSignal, call?: RunCall) => Promise<HookResult>;

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
  /** The caller's name for this evaluation: with a record, calls with the same name and content agree. */
  readonly evaluationId?: string | undefined;
  readonly priority?: Priority | undefined;
  /** Hooks of these tiers are urgent, whoever asks. */
  readonly urgentTiers?: readonly Tier[] | undefined;
}

const evaluationIdPattern = /^[\x21-\x7e]{1,200}$/;
const defaultTenant = 'default';
/**
 * On top of the hooks' own timeouts: the way there and back, and the first sandbox of a process, which
 * takes 0.15 s to create, and 2 s on a busy machine.
 */
const defaultSlackMs = 2_000;
const maxDeadlineMs = 3_600_000;
/** Of the budget, what the record may take at the end: a tenth, and never more than this. */
const maxRecordMs = 100;

/**
 * Evaluates one event. Hooks run one after another or all at once, as the dialect says; a block ends a
 * chain where the event says so.
 * Whatever breaks, it answers by the deadline, and a hook that gave no decision counts as its
 * failMode. With a record, the first decision about an evaluationId stands for all later calls.
 * @throws InvalidInputError for a context, event, tenant or id that cannot be used; nothing has run then.
 */
export async function evaluate(request: EvaluateRequest, run: Runner, record?: DecisionRecord): Promise<Decision> {
  const started = performance.now();
  const { dialect } = request;
  const context = parseContext(dialect, { bytes: request.context, event: request.event, transcript: request.transcript });
  const tenant = checkTenant(request.tenant ?? defaultTenant);
  const named = checkEvaluationId(request.evaluationId);
  const hooks = selectHooks(dialect, request.hooks, context, new Set(request.active));
  const longestMs = hooks.reduce((sum, hook) => sum + hook.timeoutMs, defaultSlackMs);
  const budgetMs = checkDeadline(request.deadlineMs) ?? Math.min(longestMs, maxDeadlineMs);
  const job = {
    dialect,
    tenant,
    isolation: request.isolation ?? 'tenant',
    context: context.bytes,
    transcript: context.transcript,
  };
  const decideAll = async (runMs: number) => {
    const deadline = new Deadline(started + runMs, {
      evaluationId: named ?? crypto.randomUUID(),
      priorityOf: ({ tier }) => (request.urgentTiers?.includes(tier) ? 'urgent' : (request.priority ?? 'normal')),
    });
    const rules = eventRules(dialect, context.event);
    const chain = { deadline, run, order: rules.order ?? dialect.order, stopAtBlock: rules.shortCircuit };
    const results = await runHooks(hooks, job, chain).finally(() => deadline.end());
    const skipped = hooks.slice(results.length).map((hook) => hook.name);
    const toolInput = context.tool?.toolInput;
    return combine(dialect, { event: context.event, results, skipped, toolInput, durationMs: performance.now() - started });
  };
  if (named === undefined || record === undefined) return decideAll(budgetMs);
  const key: EvaluationKey = { tenant, evaluationId: named, event: context.event, context: context.bytes };
  const recordMs = Math.min(maxRecordMs, budgetMs / 10);
  const known = await askRecord(record.find(key), undefined, recordMs);
  if (known !== undefined) return known;
  const decision = await decideAll(budgetMs - recordMs);
  return askRecord(record.claim(key, decision), decision, started + budgetMs - performance.now());
}

interface Chain {
  readonly deadline: Deadline;
  readonly run: Runner;
  readonly order: Order;
  readonly stopAtBlock: boolean;
}

/** The results of the hooks that ran, in the order of the hooks. */
async function runHooks(hooks: readonly Hook[], job: Omit<Job, 'hook'>, chain: Chain): Promise<HookResult[]> {
  const { deadline, run, order, stopAtBlock } = chain;
  if (order === 'parallel') return Promise.all(hooks.map((hook) => deadline.guard({ ...job, hook }, run)));
  const results: HookResult[] = [];
  let { context } = job;
  for (const hook of hooks) {
    const result = await deadline.guard({ ...job, context, hook }, run);
    results.push(result);
    if (order === 'piped') context = pipeInput(job.dialect, context, result);
    if (stopAtBlock && result.decision === 'block') break;
  }
  return results;
}

interface CallBasis {
  readonly evaluationId: string;
  readonly priorityOf: (hook: Hook) => Priority;
}

/** One timer for the whole evaluation, armed before the first hook starts. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #passed: Promise<'passed'>;
  readonly #timer: NodeJS.Timeout;
  readonly #atMs: number;
  readonly #call: CallBasis;

  constructor(atMs: number, call: CallBasis) {
    this.#atMs = atMs;
    this.#call = call;
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
    const { evaluationId, priorityOf } = this.#call;
    const call = { evaluationId, priority: priorityOf(job.hook), budgetMs: Math.max(1, this.#atMs - performance.now()) };
    const running = runSafely(job, signal, (one, abort) => run(one, abort, call));
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
  if (tenantPattern.test(tenant)) return tenant;
  throw new InvalidInputError(
    'INVALID_USAGE',
    `tenant ${JSON.stringify(tenant)} must be 1 to 128 letters, digits, ".", "_" or "-".`,
  );
}

function checkEvaluationId(id: string | undefined): string | undefined {
  if (id === undefined || evaluationIdPattern.test(id)) return id;
  throw new InvalidInputError('INVALID_USAGE', 'evaluationId must be 1 to 200 printable ASCII characters without spaces.');
}

function checkDeadline(deadlineMs: number | undefined): number | undefined {
  if (deadlineMs === undefined || (deadlineMs > 0 && deadlineMs <= maxDeadlineMs)) return deadlineMs;
  throw new InvalidInputError('INVALID_USAGE', `deadlineMs is ${deadlineMs}; it must be above 0 and at most ${maxDeadlineMs}.`);
}
