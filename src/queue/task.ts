/** Converts one message of the queue into a task of the worker: a hook's job or a bare script. */
import { UnrecoverableError } from 'bullmq';
import { HookpoolError, messageOf } from '../errors.ts';
import type { Failure, HookResult } from '../protocol/decision.ts';
import type { CommandJob } from '../protocol/job.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import { defaultProfile } from '../protocol/sandbox-kind.ts';
import type { Script } from '../protocol/script.ts';
import type { TraceContext } from '../protocol/trace-context.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { scriptNameOf } from '../redis/keys.ts';
import { type JobMessage, parseJobMessage } from '../wire/job-message.ts';
import { type ResultMessage, toResultMessage } from '../wire/result-message.ts';
import {
  isRunMessage,
  parseRunMessage,
  type RunMessage,
  type RunResultMessage,
  toRunResultMessage,
} from '../wire/run-message.ts';
import { isStoredJob, parseStoredJobMessage, type StoredJobMessage } from '../wire/stored-job.ts';
import type { Fetched, FetchedContexts } from './fetched-contexts.ts';
import { failedReason } from './outcome.ts';

/** The functions that run a worker's hooks and scripts, and where their contexts are. */
export interface Executors {
  readonly worker: string;
  readonly contexts: Pick<FetchedContexts, 'use'>;
  readonly execute: (job: CommandJob, signal: AbortSignal, how: Running) => Promise<HookResult>;
  /** Absent: this worker takes hooks only. */
  readonly runScript?: ScriptRunner | undefined;
}

export interface Task {
  readonly tenant: string;
  readonly budgetMs: number;
  /** scriptNameOf() of the tenant's script; undefined: no script, so no quarantine applies. */
  readonly script: string | undefined;
  /** Whether the worker of an earlier attempt was lost while it ran the script. */
  readonly apart: boolean;
  /** The caller's trace, which comes beside the message. */
  readonly trace?: TraceContext | undefined;
  run(signal: AbortSignal, how: Running): Promise<Done>;
  /**
   * Returns the answer of a task that is not run. @throws UnrecoverableError for a bare script,
   * which has no such answer
   */
  refuse(failure: Failure, queueMs: number): ResultMessage;
}

export interface Running {
  /** Milliseconds that the job waited in the queue. */
  readonly queueMs: number;
  /**
   * Whether it runs in a sandbox that no other job has used or will use, whatever isolation the job
   * asks for.
   */
  readonly fresh: boolean;
  /** The trace of the one who added the job. */
  readonly trace?: TraceContext | undefined;
}

/** A task that runs a script. */
export type ScriptTask = Task & { readonly script: string };

interface Done {
  readonly returned: ResultMessage | RunResultMessage;
  /** The failure code of a run that gave no answer; undefined when it gave one. */
  readonly code: string | undefined;
  /** Whether the run was cancelled before it ended by itself. */
  readonly cancelled: boolean;
}

/**
 * The code by which a worker judges its engine: the image of one profile says nothing about jobs of
 * the others.
 */
function codeFor(profile: string | undefined, code: string): string {
  const isOfImage = code === 'IMAGE_MISSING' || code === 'IMAGE_MISMATCH';
  return isOfImage && (profile ?? defaultProfile) !== defaultProfile ? 'PROFILE_MISSING' : code;
}

/**
 * No sandbox could run a bare script: reported as a failed BullMQ job, since its result message has
 * no field for that.
 */
export class TaskFailedError extends UnrecoverableError {
  readonly code: string;

  constructor({ code, message }: HookpoolError, profile?: string) {
    super(failedReason(code, message));
    this.code = codeFor(profile, code);
  }
}

/** @throws UnrecoverableError `INVALID_JOB` */
export function readTask(data: unknown, hands: Executors): ScriptTask {
  try {
    if (isRunMessage(data)) return scriptTask(data, hands);
    return isStoredJob(data) ? storedHookTask(data, hands) : wholeHookTask(data, hands);
  } catch (error) {
    throw new UnrecoverableError(failedReason('INVALID_JOB', messageOf(error)));
  }
}

function wholeHookTask(data: unknown, hands: Executors): ScriptTask {
  const { job, message } = parseJobMessage(data);
  return hookTask(message, job, hands, (run) => run({ context: job.context }));
}

/** The context is read when the job begins: a job that is put back has no use for it. */
function storedHookTask(data: unknown, hands: Executors): ScriptTask {
  const { job, message } = parseStoredJobMessage(data);
  const { tenant, storedContext } = message;
  return hookTask(message, job, hands, (run) => hands.contexts.use(tenant, storedContext, run));
}

/** Calls its argument with the context of the job. */
type WithContext = (run: (fetched: Fetched) => Promise<Done>) => Promise<Done>;

function hookTask(
  message: JobMessage | StoredJobMessage,
  job: Omit<CommandJob, 'context'>,
  { worker, execute }: Executors,
  withContext: WithContext,
): ScriptTask {
  const { dialect, hook } = job;
  const waited = (result: HookResult, queueMs: number) => ({
    ...result,
    durations: { ...result.durations, queueMs },
  });
  const refuse = (failure: Failure, queueMs: number) =>
    toResultMessage(job, waited(decide(dialect, hook, failure), queueMs));
  return {
    ...common(message, hook.action.script),
    run: (signal, how) =>
      withContext(async (fetched) => {
        const { queueMs, fresh } = how;
        if ('failure' in fetched) {
          const { failure } = fetched;
          return { returned: refuse(failure, queueMs), code: failure.code, cancelled: false };
        }
        const whole = { ...job, context: fetched.context };
        const placedJob: CommandJob = fresh ? { ...whole, isolation: 'job' } : whole;
        const result = await execute(placedJob, signal, how);
        const { cause, ranIn } = result;
        const placed = ranIn === undefined ? result : { ...result, ranIn: { ...ranIn, worker } };
        const code = cause.kind === 'fail-mode' ? codeFor(hook.profile, cause.code) : undefined;
        const cancelled = result.facts?.status === 'cancelled';
        return { returned: toResultMessage(job, waited(placed, queueMs)), code, cancelled };
      }),
    refuse,
  };
}

function scriptTask(data: unknown, { worker, runScript }: Executors): ScriptTask {
  const { script, message } = parseRunMessage(data);
  if (runScript === undefined) throw new Error('This worker takes hooks only.');
  return {
    ...common(message, message),
    async run(signal, { fresh }) {
      try {
        const facts = await runScript(fresh ? { ...script, isolation: 'job' } : script, signal);
        const returned = toRunResultMessage({ ...facts, ranIn: { ...facts.ranIn, worker } });
        return { returned, code: undefined, cancelled: facts.run.status === 'cancelled' };
      } catch (error) {
        throw error instanceof HookpoolError
          ? new TaskFailedError(error, script.kind?.profile)
          : error;
      }
    },
    refuse: ({ code, message }) => {
      throw new UnrecoverableError(failedReason(code, message));
    },
  };
}

function common(
  { tenant, budgetMs, apart = false }: Pick<RunMessage, 'tenant' | 'budgetMs' | 'apart'>,
  script: Script,
) {
  return { tenant, budgetMs, apart, script: scriptNameOf(tenant, script) };
}
