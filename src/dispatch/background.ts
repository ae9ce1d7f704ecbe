/** Hooks that run on after their event was answered: async ones, and shadow hooks. */
import { UnavailableError } from '../errors.ts';
import type { Failure, HookResult } from '../protocol/decision.ts';
import { isHeard } from '../protocol/hook.ts';
import type { Job } from '../protocol/job.ts';
import { timeLimits } from '../protocol/limits.ts';
import { decide } from '../protocol/verdict/decide.ts';
import { type CallBasis, Deadline } from './deadline.ts';
import type { JobRunner } from './runner.ts';

const defaultMaxRunning = 1_000;
const cancelled = 'The hook was cancelled: the process is closing.';

/** The creator must call close(). */
export class BackgroundHooks {
  readonly #running = new Set<Promise<void>>();
  readonly #byTenant = new Map<string, number>();
  readonly #cancel = new AbortController();
  readonly #maxRunning: number;
  readonly #shareOf: (tenant: string, total: number) => number;
  #closing = false;

  /** @param shareOf number of the total that one tenant may have; default: all. */
  constructor(
    maxRunning = defaultMaxRunning,
    shareOf: (tenant: string, total: number) => number = (_, total) => total,
  ) {
    this.#maxRunning = maxRunning;
    this.#shareOf = shareOf;
  }

  /**
   * @param work the run of the hook; it must end soon after the signal.
   * @param part of all places that hooks like this one may fill.
   * @returns why the hook was not started; undefined when it was.
   */
  start(
    tenant: string,
    work: (signal: AbortSignal) => Promise<void>,
    part = 1,
  ): Failure | undefined {
    if (this.#closing)
      return {
        code: 'SHUTTING_DOWN',
        message: 'Async hooks are no longer started: the process is closing.',
      };
    const most = Math.floor(this.#maxRunning * part);
    if (this.#running.size >= most) {
      return {
        code: 'OVERLOADED',
        message: `${most} async hooks are running; no more are started.`,
      };
    }
    const share = this.#shareOf(tenant, most);
    const own = this.#byTenant.get(tenant) ?? 0;
    if (own >= share)
      return {
        code: 'OVERLOADED',
        message: `${share} async hooks of this tenant are running; no more are started.`,
      };
    this.#byTenant.set(tenant, own + 1);
    const running = work(this.#cancel.signal)
      .catch(() => undefined)
      .finally(() => this.#ended(tenant, running));
    this.#running.add(running);
    return undefined;
  }

  #ended(tenant: string, running: Promise<void>): void {
    this.#running.delete(running);
    const left = (this.#byTenant.get(tenant) ?? 1) - 1;
    if (left === 0) this.#byTenant.delete(tenant);
    else this.#byTenant.set(tenant, left);
  }

  /**
   * Starts no more hooks, waits for the running ones, and cancels those that are left after
   * `graceMs`.
   */
  async close(graceMs: number): Promise<void> {
    this.#closing = true;
    const timer = setTimeout(
      () => this.#cancel.abort(new UnavailableError('SHUTTING_DOWN', cancelled)),
      graceMs,
    );
    await Promise.all(this.#running);
    clearTimeout(timer);
  }
}

/**
 * Runs a hook that nobody waits for. Its deadline is its own timeout plus slack; that of the event
 * does not apply.
 * @param onEnd receives the result, also of a hook that could not be started.
 */
export function startInBackground(
  background: BackgroundHooks,
  job: Job,
  call: CallBasis,
  run: JobRunner,
  onEnd: (result: HookResult) => void,
): void {
  const work = async (signal: AbortSignal) => {
    const endsAt = performance.now() + job.hook.timeoutMs + timeLimits.slackMs;
    const deadline = new Deadline(endsAt, call, signal);
    onEnd(await deadline.guard(job, run).finally(() => deadline.end()));
  };
  // Shadow hooks leave half of the places to async ones.
  const failure = background.start(job.tenant, work, isHeard(job.hook) ? 1 : 0.5);
  if (failure !== undefined) onEnd(decide(job.dialect, job.hook, failure));
}
