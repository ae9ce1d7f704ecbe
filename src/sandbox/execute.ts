/**
 * Runs one job on this machine: lease -> run -> decide. What the script does is a value in the
 * result; when no sandbox could run it, the hook's failMode decides.
 */

import { type Durations, failureOf, type HookResult } from '../protocol/decision.ts';
import type { CommandJob } from '../protocol/job.ts';
import { defaultRunLimits, type RunRequest } from '../protocol/run.ts';
import { kindOf } from '../protocol/sandbox-kind.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { type LeaseSource, runScript } from './run-script.ts';

export async function execute(
  pool: LeaseSource,
  job: CommandJob,
  signal: AbortSignal,
): Promise<HookResult> {
  const started = performance.now();
  const { dialect, hook, tenant, isolation } = job;
  const kind = kindOf(hook);
  const { script } = hook.action;
  const durations = (leaseMs: number, runMs: number): Durations => {
    return { queueMs: 0, leaseMs, runMs, totalMs: performance.now() - started };
  };
  const request: RunRequest = {
    runtime: script.runtime,
    script: Buffer.from(script.source),
    stdin: job.context,
    transcript: job.transcript,
    bundle: script.bundle,
    state: job.state,
    limits: { ...defaultRunLimits, timeoutMs: hook.timeoutMs },
  };
  try {
    const { run, leaseMs, ranIn } = await runScript(
      pool,
      { tenant, isolation, kind, request },
      signal,
    );
    const { state } = run;
    const result = decide(dialect, hook, run, durations(leaseMs, run.wallMs));
    return { ...result, ranIn, ...(state === undefined ? {} : { state }) };
  } catch (error) {
    return decide(dialect, hook, failureOf(error), durations(0, 0));
  }
}
