/** Runs a case: from its recorded facts through the pure functions, or for real in sandboxes. */
import { evaluate, type Runner } from '../../src/dispatch/dispatcher.ts';
import { HookpoolError } from '../../src/errors.ts';
import { decide } from '../../src/protocol/decide.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { type Case, caseContext, caseHooks, observedRun } from './case.ts';
import { differences } from './judge.ts';

/** @returns what does not hold in the first run that fails; empty when the case passes. */
export async function replay(one: Case, pool?: Pool): Promise<string[]> {
  for (let run = 1; run <= (one.repeat ?? 1); run++) {
    const wrong = await replayOnce(one, pool).catch(refused);
    if (wrong.length > 0) return wrong;
  }
  return [];
}

/** What registration or the dispatcher would refuse is a difference with its reason, not the end of the harness. */
function refused(error: unknown): string[] {
  if (error instanceof HookpoolError) return [`refused: ${error.code}: ${error.message}`];
  throw error;
}

async function replayOnce(one: Case, pool: Pool | undefined): Promise<string[]> {
  const { dialect, hooks } = caseHooks(one);
  const run: Runner = async (job, signal) => {
    if (pool !== undefined) return execute(pool, job, signal);
    const observed = one.observed[Number(job.hook.name.replace('hook-', ''))];
    if (observed === undefined) throw new Error(`no observed run for ${job.hook.name}`);
    return decide(job.dialect, job.hook, observedRun(observed));
  };
  const started = performance.now();
  const request = {
    dialect,
    hooks,
    event: one.event,
    context: caseContext(one),
    transcript: one.transcript === undefined ? undefined : Buffer.from(one.transcript),
  };
  const decision = await evaluate(request, run);
  return differences(one, { decision, seconds: (performance.now() - started) / 1000 });
}
