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
  readonly addShadow: (shadow: Shadow) => void;
  /**
   * Makes the context for the next hook of a pipe.
   * @param withinMs default: what is left of the event's time.
   */
  readonly pipe: (content: Content, result: HookResult, withinMs?: number) => Promise<Content>;
  /** Whether the condition of a hook in `unmet` holds for a context that another hook changed. */
  readonly holds: (hook: Hook, content: Content) => boolean;
}

/** A shadow hook at its place in the chain. */
export interface Shadow {
  readonly job: Job;
  /**
   * Makes the job on the context that the heard hooks before it leave, where no heard hook needs
   * that context. Resolves to undefined where the hook's condition does not hold for it; rejects
   * where it cannot be made.
   */
  readonly piped?: (() => Promise<Job | undefined>) | undefined;
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
  for (const hook of matching) if (!isHeard(hook)) chain.addShadow({ job: { ...job, hook } });
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
  const background: string[] = [];
  const context = new PipedContext(job, unmet, chain);
  const last = hooks.findLastIndex(isHeard);
  for (const [at, hook] of hooks.entries()) {
    if (isAside(hook, context, chain, background)) continue;
    const { failure } = context;
    const result =
      failure === undefined
        ? await chain.run(context.jobOf(hook))
        : decide(job.dialect, hook, failure);
    outcomes.push({ hook, result });
    if (isEnd(job.dialect, result)) {
      const rest = hooks.slice(at + 1);
      context.addShadows(rest);
      const skipped = rest.filter((one) => isHeard(one) && !unmet.has(one));
      return { outcomes, background, skipped: skipped.map(({ name }) => name) };
    }
    if (order === 'piped') await context.pass(result, at < last);
  }
  return { outcomes, background, skipped: [] };
}

/** The context of a chain as its hooks change it. */
class PipedContext {
  readonly #job: EventJob;
  readonly #unmet: ReadonlySet<Hook>;
  readonly #chain: Chain;
  #content: Content;
  /** The context of the shadow hooks from here on, where it is not `#content`. */
  #ofShadows: (() => Promise<Content>) | undefined;
  #failure: Failure | undefined;

  constructor(job: EventJob, unmet: ReadonlySet<Hook>, chain: Chain) {
    this.#job = job;
    this.#unmet = unmet;
    this.#chain = chain;
    this.#content = job.content;
  }

  /** Why the context for the next hook could not be made. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  jobOf(hook: Hook, content = this.#content): Job {
    return { ...this.#job, context: content.bytes, content, hook };
  }

  mayRun(hook: Hook, content = this.#content): boolean {
    if (!this.#unmet.has(hook)) return true;
    return content !== this.#job.content && this.#chain.holds(hook, content);
  }

  /** Takes those of the hooks that are shadow hooks. */
  addShadows(hooks: readonly Hook[]): void {
    for (const hook of hooks) if (!isHeard(hook)) this.#addShadow(hook);
  }

  #addShadow(hook: Hook): void {
    const made = this.#ofShadows;
    if (made === undefined) {
      if (this.mayRun(hook)) this.#chain.addShadow({ job: this.jobOf(hook) });
      return;
    }
    const piped = async () => {
      const content = await made();
      return this.mayRun(hook, content) ? this.jobOf(hook, content) : undefined;
    };
    this.#chain.addShadow({ job: this.jobOf(hook), piped });
  }

  /**
   * Makes the context for the next hooks.
   * @param isNeeded a heard hook follows. Without one the event does not wait: the shadow hooks make
   * their context themselves.
   */
  async pass(result: HookResult, isNeeded: boolean): Promise<void> {
    if (!handsOn(this.#job.dialect, result)) return;
    if (!isNeeded) {
      this.#ofShadows = once(() => this.#chain.pipe(this.#content, result, Infinity));
      return;
    }
    const made = this.#chain.pipe(this.#content, result);
    try {
      this.#content = await made;
    } catch (error) {
      this.#failure = failureOf(error);
      this.#ofShadows = () => made;
    }
  }
}

/**
 * Whether the chain does not wait for a hook: a shadow hook, one whose condition does not hold, or an
 * async hook, which is started.
 */
function isAside(hook: Hook, context: PipedContext, chain: Chain, background: string[]): boolean {
  if (!isHeard(hook)) context.addShadows([hook]);
  else if (context.failure === undefined && !context.mayRun(hook)) return true;
  else if (hook.async === true) {
    background.push(hook.name);
    chain.startAsync(context.jobOf(hook));
  } else return false;
  return true;
}

/** Calls `make` when the result is first needed, and gives all callers the same. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function isEnd(dialect: Dialect, { event, decision, stopReason }: HookResult): boolean {
  if (decision === 'block' && eventRules(dialect, event).shortCircuit) return true;
  return dialect.stopEndsChain === true && stopReason !== undefined && stopReason.trim() !== '';
}
