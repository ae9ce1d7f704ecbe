/** The hooks of one event, in the order that its dialect says. */

import type { Content } from '../protocol/content.ts';
import { type Failure, failureOf, type HookResult } from '../protocol/decision.ts';
import { type Dialect, eventRules, type Order } from '../protocol/dialect.ts';
import type { Hook } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import { handsOn } from '../protocol/verdict/combine-rewrites.ts';
import { decide } from '../protocol/verdict/decide.ts';

export interface Chain {
  /** Runs a hook whose answer counts. Never rejects. */
  readonly run: (job: Job) => Promise<HookResult>;
  /** Starts a hook that nobody waits for. */
  readonly startAsync: (job: Job) => void;
  /** The context for the next hook of a pipe. */
  readonly pipe: (content: Content, result: HookResult) => Promise<Content>;
}

export interface ChainEnd {
  /** Of the hooks that were waited for, in their order. */
  readonly results: readonly HookResult[];
  /** Async hooks that were started. */
  readonly background: readonly string[];
  /** Hooks behind the end of the chain. */
  readonly skipped: readonly string[];
}

/** A job without its hook. */
export type EventJob = Omit<Job, 'hook'> & { readonly content: Content };

/** A block, or the end of the turn, ends a chain where the dialect says so; nothing ends hooks that run at once. */
export async function runChain(hooks: readonly Hook[], job: EventJob, chain: Chain): Promise<ChainEnd> {
  const order = orderOf(job.dialect, hooks);
  if (order === 'parallel') {
    for (const hook of hooks) if (hook.async === true) chain.startAsync({ ...job, hook });
    const waited = hooks.filter((hook) => hook.async !== true);
    return ended(hooks, hooks.length, await Promise.all(waited.map((hook) => chain.run({ ...job, hook }))));
  }
  return runInOrder(hooks, job, chain, order);
}

/**
 * A hook that cannot have the context as the ones before made it is not run with another one, which it might let
 * pass: its failMode speaks.
 */
async function runInOrder(hooks: readonly Hook[], job: EventJob, chain: Chain, order: Order): Promise<ChainEnd> {
  const results: HookResult[] = [];
  let { content } = job;
  const jobOf = (hook: Hook): Job => ({ ...job, context: content.bytes, content, hook });
  let failure: Failure | undefined;
  for (const [at, hook] of hooks.entries()) {
    if (hook.async === true) {
      chain.startAsync(jobOf(hook));
      continue;
    }
    const result = failure === undefined ? await chain.run(jobOf(hook)) : decide(job.dialect, hook, failure);
    results.push(result);
    if (isEnd(job.dialect, result)) return ended(hooks, at + 1, results);
    if (order !== 'piped' || at === hooks.length - 1 || !handsOn(job.dialect, result)) continue;
    try {
      content = await chain.pipe(content, result);
    } catch (error) {
      failure = failureOf(error);
    }
  }
  return ended(hooks, hooks.length, results);
}

function ended(hooks: readonly Hook[], reached: number, results: readonly HookResult[]): ChainEnd {
  const names = (some: readonly Hook[]) => some.map((hook) => hook.name);
  const background = names(hooks.slice(0, reached).filter((hook) => hook.async === true));
  return { results, background, skipped: names(hooks.slice(reached)) };
}

function orderOf(dialect: Dialect, hooks: readonly Hook[]): Order {
  if (hooks.some((hook) => hook.sequential === true)) return 'piped';
  const event = hooks[0]?.event;
  return (event === undefined ? undefined : eventRules(dialect, event).order) ?? dialect.order;
}

function isEnd(dialect: Dialect, { event, decision, stopReason }: HookResult): boolean {
  if (decision === 'block' && eventRules(dialect, event).shortCircuit) return true;
  return dialect.stopEndsChain === true && stopReason !== undefined && stopReason.trim() !== '';
}
