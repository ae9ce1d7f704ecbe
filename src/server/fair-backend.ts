/**
 * A backend that no tenant can have for itself: each has at most its share of the hooks and scripts that
 * run at once, and waits for its turn with the rest. A request with many hooks holds as many places.
 */
import { orLate } from '../deadline.ts';
import { abortedError, UnavailableError } from '../errors.ts';
import { type Failure, failureOf, type HookResult } from '../protocol/decision.ts';
import type { Job } from '../protocol/job.ts';
import { decide } from '../protocol/verdict/decide.ts';
import type { Backend } from './deps.ts';
import { Places, type TenantShares } from './shares.ts';
import { Turns } from './turns.ts';

/** Of what runs. What waits costs the memory of its job only; more than this is not done in time anyway. */
const waitingPerRunning = 16;
/** As long as a pool of sandboxes lets a job wait. */
const maxWaitMs = 30_000;

/** @param running hooks and scripts at once. */
export function fairBackend(backend: Backend, running: number, shares: TenantShares): Backend {
  const turns = new Turns(new Places(running, shares), new Places(running * waitingPerRunning, shares));
  return {
    ...backend,
    run: (job, signal, call) => runInTurn(turns, job, signal, () => backend.run(job, signal, call)),
    runScript: (script, signal) => inTurn(turns, script.tenant, () => backend.runScript(script, signal), signal),
    checkScript: (script, tenant) => inTurn(turns, tenant, () => backend.checkScript(script, tenant)),
  };
}

async function inTurn<T>(turns: Turns, tenant: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const failure = await untilTurn(turns, tenant, signal);
  if (failure !== undefined) throw new UnavailableError('OVERLOADED', failure.message);
  return begun(turns, tenant, work);
}

async function begun<T>(turns: Turns, tenant: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    turns.end(tenant);
  }
}

async function runInTurn(turns: Turns, job: Job, signal: AbortSignal, run: () => Promise<HookResult>): Promise<HookResult> {
  const asked = performance.now();
  const failure = await untilTurn(turns, job.tenant, signal);
  if (failure !== undefined) return decide(job.dialect, job.hook, failure);
  const waitedMs = performance.now() - asked;
  const result = await begun(turns, job.tenant, run);
  if (waitedMs < 1) return result;
  const { durations } = result;
  return { ...result, durations: { ...durations, queueMs: durations.queueMs + waitedMs } };
}

/** @returns why it must not begin; undefined when it has begun. */
async function untilTurn(turns: Turns, tenant: string, signal?: AbortSignal): Promise<Failure | undefined> {
  if (signal?.aborted === true) return failureOf(abortedError(signal));
  const place = turns.ask(tenant);
  if (place === 'begun') return undefined;
  if ('whose' in place) {
    const whose = place.whose === 'tenant' ? ' of this tenant' : '';
    return { code: 'OVERLOADED', message: `${place.most} hooks${whose} wait already for a place to run.` };
  }
  let aborted: (value: Failure) => void = () => undefined;
  const ended = new Promise<Failure>((resolve) => {
    aborted = resolve;
  });
  const onAbort = () => signal !== undefined && aborted(failureOf(abortedError(signal)));
  signal?.addEventListener('abort', onAbort, { once: true });
  const late: Failure = { code: 'OVERLOADED', message: `There was no place to run for ${maxWaitMs / 1000} s.` };
  const turn = place.turn.then(() => undefined);
  const failure = await orLate(maxWaitMs, Promise.race([turn, ended]), () => late);
  signal?.removeEventListener('abort', onAbort);
  if (failure === undefined) return undefined;
  if (!place.leave()) turns.end(tenant);
  return failure;
}
