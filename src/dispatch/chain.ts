/** Runs the hooks of one event in the order that its dialect defines. */

import type { Content } from '../protocol/content.ts';
import { type Failure, failureOf, type HookResult } from '../protocol/decision.ts';
import type { Dialect, Order } from '../protocol/dialect.ts';
import { eventRules } from '../protocol/dialect-lookup.ts';
import { type Hook, isHeard } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import { orderOf } from '../protocol/matching/order.ts';
import { handsOn } from '../protocol/verdict/combine-rewrites.ts';
import { decide } from '../protocol/verdict/decide.ts';

export interface Chain {
  /** Runs a hook whose result counts. Never rejects. */
  readonly run: (job: Job) => Promise<HookResult>;
  /** Starts an async hook; the chain does not wait for it. */
  readonly startAsync: (job: Job) => void;
  /** Takes a shadow hook, which runs when the event is decided, on the context of its place. */
  readonly addShadow: (job: Job) => void;
  /** Makes the context for the next hook of a pipe. */
  readonly pipe: (content: Content, result: HookResult) => Promise<Content>;
  /** Whether the condition of a hook in `unmet` holds for a context that another hook changed. */
  readonly holds: (hook: Hook, content: Content) => boolean;
}

/**
 * A hook with its own result: hooks of several files may have the same name, so a name does not
 * identify one.
 */
export interface Outcome {
  readonly hook: Hook;
  readonly result: HookResult;
}

export interface ChainEnd {
  /** The hooks that are neither async nor shadows with their results, in their order. */
  readonly outcomes: readonly Outcome[];
  /** Names of the async hooks that were started. */
  readonly background: readonly string[];
  /** Names of the hooks after the end of the chain. */
  readonly skipped: readonly string[];
}

/** A job without its hook. */
export type EventJob = Omit<Job, 'hook'> & { readonly content: Content };

/**
 * The hooks of an event, and those of them whose condition does not hold for the event's own
 * context.
 */
export interface Selected {
  readonly hooks: readonly Hook[];
  readonly unmet: ReadonlySet<Hook>;
}

/**
 * A block or a stop reason ends a chain where the dialect says so; hooks that run in parallel all
 * run.
 */
export async function runChain(all: Selected, job: EventJob, chain: Chain): Promise<ChainEnd> {
  const matching = all.hooks.filter((hook) => !all.unmet.has(hook));
  const order = orderOf(job.dialect, matching);
  if (order !== 'parallel') return runInOrder(all, job, chain, order);
  addShadows(
    matching.map((hook) => ({ ...job, hook })),
    chain,
  );
  const hooks = matching.filter(isHeard);
  const started = hooks.filter((hook) => hook.async === true);
  for (const hook of started) chain.startAsync({ ...job, hook });
  const waited = hooks.filter((hook) => hook.async !== true);
  const outcomes = waited.map(async (hook) => ({
    hook,
    result: await chain.run({ ...job, hook }),
  }));
  return {
    outcomes: await Promise.all(outcomes),
    background: started.map(({ name }) => name),
    skipped: [],
  };
}

/**
 * When the context for the next hook cannot be made, the remaining hooks do not run: with an older
 * context they might allow what they should block. Each of them counts as its failMode; async
 * hooks, which decide nothing, still start.
 */
async function runInOrder(
  { hooks, unmet }: Selected,
  job: EventJob,
  chain: Chain,
  order: Order,
): Promise<ChainEnd> {
  const outcomes: Outcome[] = [];
  let { content } = job;
  const jobOf = (hook: Hook): Job => ({ ...job, context: content.bytes, content, hook });
  let failure: Failure | undefined;
  const mayRun = (hook: Hook) =>
    !unmet.has(hook) || (content !== job.content && chain.holds(hook, content));
  const background: string[] = [];
  // Nobody waits for a context that only a shadow hook would read.
  const last = hooks.findLastIndex(isHeard);
  for (const [at, hook] of hooks.entries()) {
    const isMet = failure !== undefined || mayRun(hook);
    if (!isMet || startAside(jobOf(hook), chain, background)) continue;
    const result =
      failure === undefined ? await chain.run(jobOf(hook)) : decide(job.dialect, hook, failure);
    outcomes.push({ hook, result });
    if (isEnd(job.dialect, result)) {
      const rest = hooks.slice(at + 1);
      const met = rest.filter(mayRun);
      addShadows(met.map(jobOf), chain);
      const skipped = rest.filter((one) => isHeard(one) && !unmet.has(one));
      return { outcomes, background, skipped: skipped.map(({ name }) => name) };
    }
    if (order !== 'piped' || at === last || !handsOn(job.dialect, result)) continue;
    try {
      content = await chain.pipe(content, result);
    } catch (error) {
      failure = failureOf(error);
    }
  }
  return { outcomes, background, skipped: [] };
}

function addShadows(jobs: readonly Job[], chain: Chain): void {
  for (const job of jobs) if (!isHeard(job.hook)) chain.addShadow(job);
}

/** Starts a hook that the chain does not wait for. @returns whether it is one */
function startAside(job: Job, chain: Chain, background: string[]): boolean {
  if (!isHeard(job.hook)) chain.addShadow(job);
  else if (job.hook.async === true) {
    background.push(job.hook.name);
    chain.startAsync(job);
  } else return false;
  return true;
}

function isEnd(dialect: Dialect, { event, decision, stopReason }: HookResult): boolean {
  if (decision === 'block' && eventRules(dialect, event).shortCircuit) return true;
  return dialect.stopEndsChain === true && stopReason !== undefined && stopReason.trim() !== '';
}
