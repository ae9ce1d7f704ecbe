/**
 * Gives a hook with `state: session` what it left in its last run of the session, and keeps what it
 * leaves. A store that fails or hangs costs a hook its state and never an evaluation its answer.
 */
import { orFallback } from '../deadline.ts';
import { messageOf } from '../errors.ts';
import type { Diagnostic, Failure, HookResult } from '../protocol/decision.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job, RunCall } from '../protocol/job.ts';
import { type LeftState, type StateRefusal, stateLimits } from '../protocol/state.ts';
import { decide } from '../protocol/verdict/decide.ts';
import type { JobRunner } from './runner.ts';
import type { StateKey, StateStore } from './states.ts';

export interface StatePlace {
  readonly states: StateStore | undefined;
  readonly session: string | undefined;
  /** Names the hook set or file of a hook: hooks of two sets may have the same name. */
  readonly setOf: ((hook: Hook) => string) | undefined;
}

/** The state before a run. */
interface Before {
  /** Undefined: this run's state is not kept. */
  readonly key?: StateKey;
  readonly pack: Uint8Array;
  readonly note?: Diagnostic;
  /** The store did not answer. */
  readonly failure?: Failure;
}

const nothing = new Uint8Array(0);
/** Upper limit in milliseconds for one request to the store, and its share of the budget. */
const maxAskMs = 100;
const askShare = 0.1;

const refusals: Readonly<Record<StateRefusal, string>> = {
  'too-large': `${stateLimits.bytes} bytes are the most`,
  'too-many': `${stateLimits.entries} files and folders are the most`,
  'too-deep': `${stateLimits.depth} folders inside each other, and paths of ${stateLimits.pathBytes} bytes, are the most`,
  unreadable: 'it could not be read',
};

/** A runner for hooks of any kind. Those without a state cost nothing. */
export function withStates(run: JobRunner, place: StatePlace): JobRunner {
  return (job, signal, call) =>
    job.hook.state === 'session' && job.hook.action.kind === 'command'
      ? runWithState(run, place, job, signal, call)
      : run(job, signal, call);
}

/**
 * Where the store does not answer, a hook with failMode block or ask counts as its failMode: with
 * an empty state it might allow what it should block. Any other runs with an empty state, and what
 * it leaves is not kept, so that a moment without a store does not erase a session's state.
 */
async function runWithState(
  run: JobRunner,
  place: StatePlace,
  job: Job,
  signal: AbortSignal,
  call: RunCall | undefined,
): Promise<HookResult> {
  const budgetMs = call?.budgetMs ?? Number.POSITIVE_INFINITY;
  const endsAt = performance.now() + budgetMs;
  const askMs = Math.min(maxAskMs, budgetMs * askShare);
  const before = await stateBefore(place, job, askMs);
  if (before.failure !== undefined && job.hook.failMode !== 'allow')
    return decide(job.dialect, job.hook, before.failure);
  const leftMs = Math.max(1, endsAt - performance.now());
  const rest = call === undefined ? undefined : { ...call, budgetMs: leftMs };
  const { state, ...result } = await run({ ...job, state: before.pack }, signal, rest);
  const notes = before.note === undefined ? [] : [before.note];
  // After the deadline nobody hears the result, and the event counts as if it had not run.
  if (state !== undefined && before.key !== undefined && !signal.aborted) {
    const keepMs = Math.min(askMs, Math.max(0, endsAt - performance.now()) / 2);
    notes.push(...(await keep(place.states, before.key, before.pack, state, keepMs)));
  }
  return notes.length === 0
    ? result
    : { ...result, diagnostics: [...result.diagnostics, ...notes] };
}

async function stateBefore(
  { states, session, setOf }: StatePlace,
  { hook, tenant }: Job,
  askMs: number,
): Promise<Before> {
  if (states === undefined)
    return { pack: nothing, note: note('state-none', 'No state is kept here: it was empty.') };
  if (session === undefined) {
    const why = 'The context names no session, so the state was empty and is not kept.';
    return { pack: nothing, note: note('state-none', why) };
  }
  // What a shadow hook leaves must not be there for the hook that it may become.
  const kind = hook.shadow === true ? ['shadow'] : [];
  const place = [setOf?.(hook) ?? '', hook.event, hook.tier, hook.name, ...kind];
  const name = JSON.stringify(place);
  const key = { tenant, session, name };
  try {
    return { key, pack: (await within(askMs, states.get(key))) ?? nothing };
  } catch (error) {
    const why = `The state of the session could not be read: ${messageOf(error)}`;
    return {
      pack: nothing,
      note: note('state-unavailable', `${why} It was empty, and is not kept.`),
      failure: { code: 'QUEUE_UNAVAILABLE', message: why },
    };
  }
}

async function keep(
  states: StateStore | undefined,
  key: StateKey,
  before: Uint8Array,
  { pack, refusal, leftOut }: LeftState,
  askMs: number,
): Promise<Diagnostic[]> {
  if (pack === undefined) {
    const why = refusals[refusal ?? 'unreadable'];
    return [
      note('state-refused', `What it left in /tmp is not kept: ${why}. The state is as before.`),
    ];
  }
  const notes =
    leftOut === 0
      ? []
      : [
          note(
            'state-left-out',
            `Links, sockets and unreadable files in /tmp are not kept: ${leftOut}.`,
          ),
        ];
  if (pack.length === 0 && before.length === 0) return notes;
  try {
    await within(askMs, states?.put(key, pack) ?? Promise.resolve());
    return notes;
  } catch (error) {
    const why = `What it left in /tmp may not be kept: ${messageOf(error)}`;
    return [...notes, note('state-unavailable', why)];
  }
}

function within<T>(ms: number, asking: Promise<T>): Promise<T> {
  return orFallback(ms, asking, () => {
    throw new Error(`no answer within ${Math.round(ms)} ms.`);
  });
}

function note(code: string, message: string): Diagnostic {
  return { code, message };
}
