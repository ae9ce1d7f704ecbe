/**
 * The sandboxes of one process.
 *
 * A sandbox is blank (never used) -> leased -> either reset and idle for the same tenant, or
 * destroyed. It has no other states, and any doubt about it destroys it. Only #pump() hands out,
 * creates or evicts sandboxes, at once or by #refill() a moment later; everything that changes the
 * lists calls it afterwards.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';
import { asError, UnavailableError } from '../errors.ts';
import type { Isolation } from '../protocol/run.ts';
import { BackOff } from './back-off.ts';
import type { Lease, PooledSandbox } from './lease.ts';
import type { DestroyReason, PoolEvent, PoolStats } from './pool-events.ts';
import { type Waiter, waitInLine } from './waiter.ts';

export interface PoolOptions {
  /** Makes one sandbox, ready to run. */
  readonly create: () => Promise<PooledSandbox>;
  /** Blank sandboxes to keep ready. */
  readonly warm: number;
  /** Sandboxes of any state that may exist at once. */
  readonly max: number;
  readonly acquireTimeoutMs?: number;
  /**
   * A sandbox is destroyed after this many jobs or at the age of `maxAgeMs`, which bounds unknown
   * leaks.
   */
  readonly maxJobs?: number;
  readonly maxAgeMs?: number;
  /** A tenant's sandbox that waited this long for its next job is destroyed. */
  readonly idleMs?: number;
  readonly observe?: (event: PoolEvent) => void;
  /** Removes sandboxes that no worker owns; called at the start and once a minute. */
  readonly reap?: () => Promise<unknown>;
}

interface Idle {
  readonly sandbox: PooledSandbox;
  readonly tenant: string;
  readonly since: number;
}

const defaults = { acquireTimeoutMs: 30_000, maxJobs: 1_000, maxAgeMs: 600_000, idleMs: 300_000 };
/**
 * Engines degrade when many containers are created at once; on two cores a higher number gains
 * nothing.
 */
const creationsAtOnce = 4;
/** Interval of pings, well below the 15 s without input after which a supervisor exits. */
const tickMs = 4_000;
const ticksPerReap = 15;
/**
 * Sandboxes that no job waits for are created when the running jobs have ended, or after this
 * delay: a creation beside a job delayed the job by 3 ms.
 */
const refillDelayMs = 20;
/** Length of an id as the engine's own tools show it. */
const shownIdLength = 12;

export class Pool {
  readonly #options: PoolOptions & typeof defaults;
  readonly #limit = pLimit(creationsAtOnce);
  readonly #blank: PooledSandbox[] = [];
  #idle: Idle[] = [];
  readonly #leased = new Set<PooledSandbox>();
  /** Tenants of the leased sandboxes whose job has ended, one entry each. */
  readonly #resetting: string[] = [];
  readonly #waiting: Waiter<Lease>[] = [];
  readonly #ending = new Set<Promise<unknown>>();
  readonly #ticker: NodeJS.Timeout;
  #creating = 0;
  #ticks = 0;
  readonly #backOff = new BackOff();
  #retryTimer: NodeJS.Timeout | undefined;
  #refillTimer: NodeJS.Timeout | undefined;
  #draining = false;
  #emptied: (() => void) | undefined;
  #drained: Promise<void> | undefined;

  constructor(options: PoolOptions) {
    this.#options = { ...defaults, ...options };
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    this.#ticker.unref();
    this.#reap();
    this.#pump();
  }

  stats(): PoolStats {
    return {
      blank: this.#blank.length,
      idle: this.#idle.length,
      leased: this.#leased.size,
      creating: this.#creating,
      waiting: this.#waiting.length,
    };
  }

  /**
   * Leases a sandbox for one job of `tenant`: with isolation `tenant` the one that was last used by
   * the same tenant, else a blank one; with isolation `job` always a blank one.
   * @throws UnavailableError `POOL_EXHAUSTED` after the acquire timeout, `SHUTTING_DOWN` after
   * drain(); the error of a failed creation when no sandbox can be created.
   */
  acquire(tenant: string, isolation: Isolation, signal?: AbortSignal): Promise<Lease> {
    if (this.#draining) return Promise.reject(shuttingDown());
    const { acquireTimeoutMs, max } = this.#options;
    const late = () => exhausted(acquireTimeoutMs, max);
    const lease = waitInLine(this.#waiting, {
      tenant,
      isolation,
      signal,
      timeoutMs: acquireTimeoutMs,
      late,
    });
    this.#pump();
    return lease;
  }

  /** Refuses new leases, rejects waiters, waits for running jobs, removes every container. */
  drain(): Promise<void> {
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    clearInterval(this.#ticker);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#refillTimer);
    for (const waiter of [...this.#waiting]) waiter.reject(shuttingDown());
    for (const sandbox of this.#blank.splice(0)) this.#destroy(sandbox, 'closed');
    for (const { sandbox } of this.#idle.splice(0)) this.#destroy(sandbox, 'closed');
    while (this.#leased.size + this.#creating > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await Promise.allSettled(this.#ending);
  }

  /**
   * Hands out sandboxes, then creates those that are needed; the next change of the lists calls it
   * again.
   */
  #pump(): void {
    if (this.#draining) {
      this.#emptied?.();
      return;
    }
    const unserved = this.#serve();
    if (this.#backOff.waiting) {
      const cause = this.#backOff.openCause;
      if (cause !== undefined) for (const waiter of unserved) waiter.reject(cause);
      return;
    }
    if (unserved.length > 0 || this.#leased.size === 0) this.#refill(unserved.length);
    else if (this.#blank.length < this.#options.warm)
      this.#refillTimer ??= setTimeout(() => this.#refill(0), refillDelayMs);
  }

  #refill(unserved: number): void {
    clearTimeout(this.#refillTimer);
    this.#refillTimer = undefined;
    if (this.#backOff.waiting) return;
    const wanted = this.#options.warm + unserved;
    while (this.#blank.length + this.#creating < wanted && this.#makeRoom(unserved > 0))
      void this.#create();
  }

  /**
   * @returns the waiters that got no sandbox and cannot wait for a reset of a sandbox of their own
   * tenant.
   */
  #serve(): Waiter<Lease>[] {
    const resetting = [...this.#resetting];
    const unserved: Waiter<Lease>[] = [];
    for (const waiter of [...this.#waiting]) {
      const own = waiter.isolation === 'tenant' ? resetting.indexOf(waiter.tenant) : -1;
      const sandbox = this.#take(waiter, own >= 0);
      if (sandbox !== undefined) this.#lease(sandbox, waiter);
      else if (own >= 0) resetting.splice(own, 1);
      else unserved.push(waiter);
    }
    return unserved;
  }

  /**
   * Returns an idle sandbox of the tenant, else a blank one, unless one of the tenant is being
   * reset (which takes 0.1 ms).
   */
  #take(waiter: Waiter<Lease>, ownIsResetting: boolean): PooledSandbox | undefined {
    if (waiter.isolation === 'tenant') {
      const index = this.#idle.findLastIndex((idle) => idle.tenant === waiter.tenant);
      if (index >= 0) return this.#idle.splice(index, 1)[0]?.sandbox;
    }
    return ownIsResetting ? undefined : this.#blank.shift();
  }

  #lease(sandbox: PooledSandbox, waiter: Waiter<Lease>): void {
    this.#leased.add(sandbox);
    const waitMs = performance.now() - waiter.since;
    const warm = sandbox.createdAt < waiter.since;
    this.#options.observe?.({ type: 'leased', waitMs, warm });
    let released = false;
    waiter.resolve({
      waitMs,
      warm,
      container: sandbox.id.slice(0, shownIdLength),
      run: (request, signal) => sandbox.run(request, signal),
      release: () => {
        if (released) return;
        released = true;
        void this.#release(sandbox, waiter);
      },
    });
  }

  async #release(sandbox: PooledSandbox, { tenant, isolation }: Waiter<Lease>): Promise<void> {
    if (isolation === 'tenant') this.#resetting.push(tenant);
    // Yields, so that the caller has its result before the engine is asked to remove and create
    // (saves 2 to 5 ms).
    const reason =
      isolation === 'job' ? await nextTurn('isolation' as const) : await this.#whyNotAgain(sandbox);
    if (isolation === 'tenant') this.#resetting.splice(this.#resetting.indexOf(tenant), 1);
    this.#leased.delete(sandbox);
    if (reason !== undefined || this.#draining) this.#destroy(sandbox, reason ?? 'closed');
    else this.#idle.push({ sandbox, tenant, since: performance.now() });
    this.#pump();
  }

  async #whyNotAgain(sandbox: PooledSandbox): Promise<DestroyReason | undefined> {
    const started = performance.now();
    if (!(await sandbox.ready())) return 'not-clean';
    this.#options.observe?.({ type: 'reset', durationMs: performance.now() - started });
    const worn =
      sandbox.jobs >= this.#options.maxJobs ||
      performance.now() - sandbox.createdAt > this.#options.maxAgeMs;
    return worn ? 'worn-out' : undefined;
  }

  /**
   * Returns whether one more may be created; for a waiter, evicts the longest idle sandbox if
   * necessary.
   */
  #makeRoom(forWaiter: boolean): boolean {
    const count = this.#blank.length + this.#idle.length + this.#leased.size + this.#creating;
    if (count < this.#options.max) return true;
    const oldest = forWaiter ? this.#idle.shift() : undefined;
    if (oldest === undefined) return false;
    this.#destroy(oldest.sandbox, 'evicted');
    return true;
  }

  async #create(): Promise<void> {
    this.#creating++;
    const started = performance.now();
    try {
      const sandbox = await this.#limit(() => this.#options.create());
      this.#backOff.succeeded();
      sandbox.onGone(() => this.#forget(sandbox));
      this.#options.observe?.({ type: 'created', durationMs: performance.now() - started });
      if (this.#draining) this.#destroy(sandbox, 'closed');
      else this.#blank.push(sandbox);
    } catch (error) {
      this.#creationFailed(asError(error));
    } finally {
      this.#creating--;
      this.#pump();
    }
  }

  /**
   * Rejects the longest waiting job with the cause, and delays the next creation by the backoff.
   */
  #creationFailed(error: Error): void {
    this.#options.observe?.({ type: 'create-failed', error });
    const delay = this.#backOff.failed(error);
    clearTimeout(this.#retryTimer);
    if (!this.#draining) this.#retryTimer = setTimeout(() => this.#pump(), delay + 1).unref();
    this.#waiting[0]?.reject(error);
  }

  /**
   * Drops a blank or idle sandbox that ended by itself; the job of a leased one notices it by
   * itself.
   */
  #forget(sandbox: PooledSandbox): void {
    const blank = this.#blank.indexOf(sandbox);
    const idle = this.#idle.findIndex((one) => one.sandbox === sandbox);
    if (blank < 0 && idle < 0) return;
    if (blank >= 0) this.#blank.splice(blank, 1);
    if (idle >= 0) this.#idle.splice(idle, 1);
    this.#destroy(sandbox, 'lost');
    this.#pump();
  }

  #tick(): void {
    const now = performance.now();
    if (++this.#ticks % ticksPerReap === 0) this.#reap();
    const { idleMs, maxAgeMs } = this.#options;
    for (const sandbox of this.#blank.filter((one) => now - one.createdAt > maxAgeMs)) {
      this.#blank.splice(this.#blank.indexOf(sandbox), 1);
      this.#destroy(sandbox, 'worn-out');
    }
    const tooLong = this.#idle.filter(
      (one) => now - one.since > idleMs || now - one.sandbox.createdAt > maxAgeMs,
    );
    this.#idle = this.#idle.filter((one) => !tooLong.includes(one));
    for (const { sandbox } of tooLong) this.#destroy(sandbox, 'idle');
    for (const sandbox of [...this.#blank, ...this.#idle.map((one) => one.sandbox)]) sandbox.ping();
    this.#pump();
  }

  #destroy(sandbox: PooledSandbox, reason: DestroyReason): void {
    this.#options.observe?.({ type: 'destroyed', reason });
    this.#track(sandbox.destroy());
  }

  #reap(): void {
    if (this.#options.reap !== undefined) this.#track(this.#options.reap());
  }

  /**
   * Adds work that drain() waits for. A failure is ignored: it shows in the next call to the
   * engine.
   */
  #track(work: Promise<unknown>): void {
    const ending = work.catch(() => undefined);
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }
}

function shuttingDown(): UnavailableError {
  return new UnavailableError('SHUTTING_DOWN', 'The pool is closing and takes no more jobs.');
}

function exhausted(afterMs: number, max: number): UnavailableError {
  return new UnavailableError(
    'POOL_EXHAUSTED',
    `No sandbox was free within ${afterMs / 1000} s; ${max} may exist at once.`,
  );
}
