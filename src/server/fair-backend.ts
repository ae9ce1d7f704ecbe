/**
 * A backend with a share for each tenant: a tenant runs at most its share of the hooks and scripts
 * that run at once, and its other jobs wait for their turn. A request with several hooks takes a
 * place for each of them.
 */
import { orFallback } from '../deadline.ts';
import { abortedError, UnavailableError } from '../errors.ts';
import { type OutboundAction, scriptOf } from '../protocol/action.ts';
import { type Failure, failureOf, type HookResult } from '../protocol/decision.ts';
import type { Job, RunCall } from '../protocol/job.ts';
import type { ScriptRunner } from '../protocol/run.ts';
import type { Script } from '../protocol/script.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { inlineContextBytes } from '../wire/stored-job.ts';
import type { Backend } from './deps.ts';
import { Places, type TenantShares } from './shares.ts';
import { Turns } from './turns.ts';

/**
 * Jobs that may wait, per place to run. A waiting job costs only its memory, and more of them would
 * not run in time.
 */
const waitingPerRunning = 16;
/**
 * A job for a queue is held in memory as a message and sent to Redis, so it takes one place more
 * for each of these.
 */
const placeBytes = 64 << 10;
/**
 * A job takes at most one eighth of all places, so that eight of the largest jobs can run at once.
 */
const mostOfPlaces = 8;
/** The time that a pool of sandboxes lets a job wait. */
const maxWaitMs = 30_000;

/** The tenant that needs a turn, and the number of places that its job takes. */
interface Turn {
  readonly turns: Turns;
  readonly tenant: string;
  readonly places: number;
}

type OutboundRun<A extends OutboundAction> = (
  job: Job<A>,
  signal: AbortSignal,
  call?: RunCall,
) => Promise<HookResult>;

/** @param running number of places: hooks and scripts at once, when all of them are small. */
export function fairBackend(backend: Backend, running: number, shares: TenantShares): Backend {
  const newTurns = () =>
    new Turns(new Places(running, shares), new Places(running * waitingPerRunning, shares));
  const turns = newTurns();
  // Requests wait for targets and judges: in the turns of scripts they would keep guards waiting.
  const outbound = newTurns();
  // A pool in this process runs jobs from the memory of their bodies, which is counted already.
  const most = backend.capacity === undefined ? Math.max(1, Math.floor(running / mostOfPlaces)) : 1;
  const turnOf = (tenant: string, bytes: number): Turn => {
    return { turns, tenant, places: Math.min(most, 1 + Math.floor(bytes / placeBytes)) };
  };
  // Without a queue nothing is held but the body of the request, which is counted already.
  const fairly = <A extends OutboundAction>(runner: OutboundRun<A>): OutboundRun<A> => {
    if (backend.capacity !== undefined) return runner;
    return (job, signal, call) => {
      const run = (waitedMs: number) => runner(job, signal, less(call, waitedMs));
      const turn = { ...turnOf(job.tenant, jobBytes(job)), turns: outbound };
      return runInTurn(turn, job, signal, run);
    };
  };
  const runScript: ScriptRunner = (script, signal) => {
    const { request, tenant } = script;
    const turn = turnOf(tenant, request.script.length + request.stdin.length);
    return inTurn(turn, () => backend.runScript(script, signal), signal);
  };
  return {
    ...backend,
    lines: () => turns.lines(),
    run: (job, signal, call) => {
      const run = (waitedMs: number) => backend.run(job, signal, less(call, waitedMs));
      return runInTurn(turnOf(job.tenant, messageBytes(job)), job, signal, run);
    },
    http: backend.http && fairly(backend.http),
    judge: backend.judgeWith?.(runScript) ?? (backend.judge && fairly(backend.judge)),
    runScript,
    checkScript: (script, tenant, profile) => {
      const turn = turnOf(tenant, scriptBytes(script));
      return inTurn(turn, () => backend.checkScript(script, tenant, profile));
    },
  };
}

/**
 * Approximate size of the message of a job, from lengths that are known: the message need not be
 * built for it.
 */
function jobBytes({ context, transcript, state, hook }: Job): number {
  const script = scriptOf(hook);
  return (
    context.length +
    (transcript?.length ?? 0) +
    (state?.length ?? 0) +
    (script === undefined ? 0 : scriptBytes(script))
  );
}

/**
 * The size of the message of a job for a sandbox: a context that is stored beside the jobs of its
 * event is no part of it, and is in memory once, as a part of the body.
 */
function messageBytes(job: Job): number {
  const { length } = job.context;
  return jobBytes(job) - (length > inlineContextBytes ? length : 0);
}

/** The call as it is after a wait. */
function less(call: RunCall | undefined, waitedMs: number): RunCall | undefined {
  return call && { ...call, budgetMs: Math.max(1, call.budgetMs - waitedMs) };
}

function scriptBytes({ source, bundle }: Script): number {
  return (bundle?.files ?? []).reduce((sum, { content }) => sum + content.length, source.length);
}

async function inTurn<T>(turn: Turn, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const failure = await untilTurn(turn, signal);
  if (failure !== undefined) throw new UnavailableError('OVERLOADED', failure.message);
  return begun(turn, work);
}

async function begun<T>({ turns, tenant, places }: Turn, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    turns.end(tenant, places);
  }
}

type Run = (waitedMs: number) => Promise<HookResult>;

async function runInTurn(turn: Turn, job: Job, signal: AbortSignal, run: Run): Promise<HookResult> {
  const asked = performance.now();
  const failure = await untilTurn(turn, signal);
  if (failure !== undefined) return decide(job.dialect, job.hook, failure);
  const waitedMs = performance.now() - asked;
  const result = await begun(turn, () => run(waitedMs));
  if (waitedMs < 1) return result;
  const { durations } = result;
  return { ...result, durations: { ...durations, queueMs: durations.queueMs + waitedMs } };
}

/**
 * Waits for the turn. @returns why the job must not begin; undefined when it may, and its places
 * are taken.
 */
async function untilTurn(
  { turns, tenant, places }: Turn,
  signal?: AbortSignal,
): Promise<Failure | undefined> {
  if (signal?.aborted === true) return failureOf(abortedError(signal));
  const place = turns.ask(tenant, places);
  if (place === 'begun') return undefined;
  if ('whose' in place) {
    const whose = place.whose === 'tenant' ? ' of this tenant' : '';
    return {
      code: 'OVERLOADED',
      message: `All ${place.most} places${whose} to wait for a run are taken; large hooks take several.`,
    };
  }
  let aborted: (value: Failure) => void = () => undefined;
  const ended = new Promise<Failure>((resolve) => {
    aborted = resolve;
  });
  const onAbort = () => signal !== undefined && aborted(failureOf(abortedError(signal)));
  signal?.addEventListener('abort', onAbort, { once: true });
  const late: Failure = {
    code: 'OVERLOADED',
    message: `There was no place to run for ${maxWaitMs / 1000} s.`,
  };
  const begins = place.turn.then(() => undefined);
  const failure = await orFallback(maxWaitMs, Promise.race([begins, ended]), () => late);
  signal?.removeEventListener('abort', onAbort);
  if (failure === undefined) return undefined;
  if (!place.leave()) turns.end(tenant, places);
  return failure;
}
