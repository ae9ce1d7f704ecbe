/**
 * One job on this machine: lease -> run -> decide. What the script does is a value in the result; a
 * sandbox that failed is replaced once, and after that the hook's failMode speaks.
 */
import { HookpoolError, messageOf } from '../errors.ts';
import { decide } from '../protocol/decide.ts';
import { type Durations, type FailureCode, failureCodes, type HookResult } from '../protocol/decision.ts';
import { type Job, promptHookFailure } from '../protocol/job.ts';
import { defaultRunLimits, type RunRequest, type RunResult } from '../protocol/run.ts';
import type { Lease, Pool } from './pool.ts';

export type LeaseSource = Pick<Pool, 'acquire'>;

const attempts = 2;

export async function execute(pool: LeaseSource, job: Job, signal: AbortSignal): Promise<HookResult> {
  const started = performance.now();
  const { dialect, hook } = job;
  const durations = (leaseMs: number, runMs: number): Durations => ({ leaseMs, runMs, totalMs: performance.now() - started });
  if (hook.script === null) return decide(dialect, hook, promptHookFailure, durations(0, 0));
  const request: RunRequest = {
    runtime: hook.script.runtime,
    script: Buffer.from(hook.script.source),
    stdin: job.context,
    transcript: job.transcript,
    limits: { ...defaultRunLimits, timeoutMs: hook.timeoutMs },
  };
  try {
    const { run, leaseMs } = await runOnce(pool, job, request, signal);
    return decide(dialect, hook, run, durations(leaseMs, run.wallMs));
  } catch (error) {
    return decide(dialect, hook, { code: failureCode(error), message: messageOf(error) }, durations(0, 0));
  }
}

/** An infrastructure failure gets a second sandbox; a script's own end never does. */
async function runOnce(
  pool: LeaseSource,
  job: Job,
  request: RunRequest,
  signal: AbortSignal,
): Promise<{ run: RunResult; leaseMs: number }> {
  for (let attempt = 1; ; attempt++) {
    let lease: Lease | undefined;
    try {
      lease = await pool.acquire(job.tenant, job.isolation, signal);
      return { run: await lease.run(request, signal), leaseMs: lease.waitMs };
    } catch (error) {
      const again = error instanceof HookpoolError && error.retryable && attempt < attempts && !signal.aborted;
      if (!again || error.code === 'POOL_EXHAUSTED' || error.code === 'SHUTTING_DOWN') throw error;
    } finally {
      lease?.release();
    }
  }
}

function failureCode(error: unknown): FailureCode {
  const code = error instanceof HookpoolError ? error.code : 'INTERNAL';
  return (failureCodes as readonly string[]).includes(code) ? (code as FailureCode) : 'INTERNAL';
}
