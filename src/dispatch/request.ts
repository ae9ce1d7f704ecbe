/** What evaluate() is asked, and the services that it may use. */
import type { Context, ContextInput } from '../protocol/context.ts';
import type { Decision, HookResult } from '../protocol/decision.ts';
import type { Dialect, Tier } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Priority } from '../protocol/job.ts';
import type { Isolation } from '../protocol/run.ts';
import type { TraceContext } from '../protocol/trace-context.ts';
import type { Handed } from '../protocol/verdict/combine-rewrites.ts';
import type { BackgroundHooks } from './background.ts';
import type { Counters } from './counters.ts';
import type { DecisionRecord } from './record.ts';
import type { HttpRunner, JudgeRunner } from './runner.ts';
import type { SelectionObserver } from './select.ts';
import type { StateStore } from './states.ts';

export interface EvaluateRequest {
  readonly dialect: Dialect;
  readonly hooks: readonly Hook[];
  /** The agent's JSON as bytes, passed to the scripts unchanged. */
  readonly context: Uint8Array;
  readonly event?: string | undefined;
  /**
   * Text that the scripts may read; `execution_summary` in the context will point to it, and the
   * dialect's own members that name it.
   */
  readonly transcript?: Uint8Array | undefined;
  /**
   * The caller could give a transcript and has not, to save the time: with a hook of the event that
   * reads it, evaluate() throws `TRANSCRIPT_NEEDED`.
   */
  readonly offersTranscript?: boolean | undefined;
  /** The folder in which the agent works, where the context names none. */
  readonly cwd?: string | undefined;
  readonly tenant?: string | undefined;
  readonly isolation?: Isolation | undefined;
  /** Names of on-demand hooks that are switched on. */
  readonly active?: readonly string[] | undefined;
  /** The session whose counters and states are used. Default: that of the context. */
  readonly session?: string | undefined;
  /** Names the hook set or file of a hook, whose state no hook of another one gets. */
  readonly setOf?: ((hook: Hook) => string) | undefined;
  /** Milliseconds from the call to the answer. Default: the sum of the hooks' timeouts + 2 s. */
  readonly deadlineMs?: number | undefined;
  /**
   * The caller's id of this evaluation: with a decision record, calls with the same id and content
   * get the same decision.
   */
  readonly evaluationId?: string | undefined;
  readonly priority?: Priority | undefined;
  /** The trace of the caller, for the runners. */
  readonly trace?: TraceContext | undefined;
  /** Hooks of these tiers are urgent, whatever `priority` says. */
  readonly urgentTiers?: readonly Tier[] | undefined;
  /** Called before each async hook starts; onAsyncEnd is called for the same hooks. */
  readonly onAsyncStart?: (() => void) | undefined;
  /** Called with the result of each async hook, also of one that could not be started. */
  readonly onAsyncEnd?: ((result: HookResult, hook: Hook) => void) | undefined;
  /** Called before each shadow hook starts; onShadowEnd or onShadowUnmet is called for it. */
  readonly onShadowStart?: (() => void) | undefined;
  /** Called with the result of each shadow hook, and the decision that was made without it. */
  readonly onShadowEnd?: ((result: HookResult, hook: Hook, decision: Decision) => void) | undefined;
  /**
   * Called in the place of onShadowEnd for a shadow hook whose condition does not hold for what the
   * last heard hook made of the context: it did not run.
   */
  readonly onShadowUnmet?: (() => void) | undefined;
  /**
   * Called with the decision that this call made, and the hooks of its results in their order:
   * hooks of several files may have the same name. With a decision record evaluate() may return
   * another decision.
   */
  readonly onDecided?: ((decision: Decision, hooks: readonly Hook[]) => void) | undefined;
  /** Called with the context before any hook runs. */
  readonly onContext?: ((context: Context) => void) | undefined;
  /** Called before each hook that the decision waits for. */
  readonly onStart?: ((hook: Hook) => void) | undefined;
  /** Told why hooks are not for the event; absent: nothing is written down. */
  readonly selection?: SelectionObserver | undefined;
}

/** Optional services of an evaluation. */
export interface EvaluateServices {
  readonly record?: DecisionRecord | undefined;
  readonly counters?: Counters | undefined;
  /** Keeps what hooks with `state: session` leave. Without one their state is always empty. */
  readonly states?: StateStore | undefined;
  /** Makes the requests of http hooks. Without one they count as their failMode. */
  readonly http?: HttpRunner | undefined;
  /** Asks the judges of prompt and agent hooks. Without one they count as their failMode. */
  readonly judge?: JudgeRunner | undefined;
  /**
   * Runs async and shadow hooks after the answer. Without one, evaluate() waits for them before it
   * answers, and the decision has the results of shadow hooks.
   */
  readonly background?: BackgroundHooks | undefined;
  /** Parses contexts, possibly on a worker thread. Default: parseContext on this thread. */
  readonly readContext?: ContextReader | undefined;
  /**
   * Makes the context for the next hook of a pipe, possibly on a worker thread. Default:
   * pipeContext on this thread.
   */
  readonly pipeContext?: ContextPiper | undefined;
}

/** @param withinMs milliseconds after which the result is no longer needed. */
type ContextReader = (dialect: Dialect, input: ContextInput, withinMs: number) => Promise<Context>;

/** @param withinMs as for ContextReader. */
type ContextPiper = (
  dialect: Dialect,
  context: Uint8Array,
  result: Handed,
  withinMs: number,
) => Promise<Uint8Array>;
