/** Runs a case: from its recorded facts through the pure functions, or for real in sandboxes. */
import { BackgroundHooks } from '../../src/dispatch/background.ts';
import { evaluate } from '../../src/dispatch/dispatcher.ts';
import type { Runner } from '../../src/dispatch/runner.ts';
import { HookpoolError } from '../../src/errors.ts';
import { decide } from '../../src/protocol/verdict/decide.ts';
import { execute } from '../../src/sandbox/execute.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import { type Case, caseContext, caseHooks, observedRun } from './case.ts';
import { differences, isStricter } from './judge.ts';

/** For an async hook to be seen running; what it says decides nothing. */
const backgroundGraceMs = 1_000;

export interface Verdict {
  /** What does not hold in the first run that fails. */
  readonly wrong: readonly string[];
  /** Why hookpool is stricter here than the system, where it is. */
  readonly stricter?: string;
}

export async function replay(one: Case, pool?: Pool): Promise<Verdict> {
  let verdict: Verdict = { wrong: [] };
  for (let run = 1; run <= (one.repeat ?? 1) && verdict.wrong.length === 0; run++) {
    verdict = await replayOnce(one, pool).catch((error: unknown) => refused(one, error));
  }
  return verdict;
}

/**
 * What registration or the dispatcher would refuse is a difference with its reason, not the end of
 * the harness. A matcher or condition that cannot be used is refused where upstream drops the
 * guard.
 */
function refused(one: Case, error: unknown): Verdict {
  if (!(error instanceof HookpoolError)) throw error;
  const reason = `refused: ${error.code}: ${error.message}`;
  const drops =
    error.code === 'INVALID_HOOKS' &&
    (JSON.stringify(one.expect['ran']) === '[]' || one.expect['blocked'] === false);
  return drops ? { wrong: [], stricter: reason } : { wrong: [reason] };
}

async function replayOnce(one: Case, pool: Pool | undefined): Promise<Verdict> {
  const { dialect, hooks } = caseHooks(one);
  const ran: number[] = [];
  const run: Runner = async (job, signal) => {
    const index = hooks.indexOf(job.hook);
    ran.push(index);
    if (pool !== undefined) return execute(pool, job, signal);
    const observed = one.observed[index];
    if (observed === undefined) throw new Error(`no observed run for ${job.hook.name}`);
    return decide(job.dialect, job.hook, observedRun(observed));
  };
  const background = new BackgroundHooks();
  const started = performance.now();
  const request = {
    dialect,
    hooks,
    event: one.event,
    context: caseContext(one),
    transcript: one.transcript === undefined ? undefined : Buffer.from(one.transcript),
  };
  const decision = await evaluate(request, run, { background });
  const seconds = (performance.now() - started) / 1000;
  await background.close(backgroundGraceMs);
  const judged = { decision, dialect, ran: ran.toSorted((a, b) => a - b), seconds };
  const wrong = differences(one, judged);
  if (wrong.length === 0 || !isStricter(one, judged)) return { wrong };
  return {
    wrong: [],
    stricter: decision.diagnostics.map(({ code, message }) => `${code}: ${message}`).join(' '),
  };
}
