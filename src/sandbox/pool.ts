/**
 * The sandboxes of one process.
 *
 * A sandbox is blank (never used) -> leased -> either reset and idle for the same tenant, or
 * destroyed. It has no other states, and any doubt about it destroys it. Only #pump() hands out,
 * creates or evicts sandboxes, at once or by #refill() a moment later; everything that changes the
 * lists calls it afterwards.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Isolation } from '../protocol/run.ts';
import { Creations } from './creations.ts';
import { EndingWork } from './ending-work.ts';
import { FreeSandboxes } from './free-sandboxes.ts';
import { type Lease, leaseOf, type PooledSandbox } from './lease.ts';
import { exhausted, shuttingDown } from './pool-errors.ts';
import type { DestroyReason, PoolStats } from './pool-events.ts';
import { type PoolOptions, poolDefaults } from './pool-options.ts';
import { type Waiter, waitInLine } from './waiter.ts';

/** Interval of pings, well below the 15 s without input after which a supervisor exits. */
const tickMs = 4_000;
const ticksPerReap = 15;
/**
 * Sandboxes that no job waits for are created when the running jobs have ended, or after this
 * delay: a creation beside a job delayed the job by 3 ms.
 */
const refillDelayMs = 20;
export class Pool {
  readonly #options: PoolOptions & typeof poolDefaults;
  readonly #free = new FreeSandboxes();
  readonly #leased = new Set<PooledSandbox>();
  /** Tenants of the leased sandboxes whose job has ended, one entry each. */
  readonly #resetting: string[] = [];
  readonly #waiting: Waiter<Lease>[] = [];
  readonly #ending = new EndingWork();
  readonly #ticker: NodeJS.Timeout;
  readonly #creations: Creations;
  #ticks = 0;
  #refillTimer: NodeJS.Timeout | undefined;
  #draining = false;
  #emptied: (() => void) | undefined;
  #drained: Promise<void> | undefined;

  constructor(options: PoolOptions) {
    this.#options = { ...poolDefaults, ...options };
    this.#creations = new Creations({
      create: options.create,
      created: (sandbox, durationMs) => this.#created(sandbox, durationMs),
      failed: (error) => this.#creationFailed(error),
      changed: () => this.#pump(),
    });
    this.#ticker = setInterval(() => this.#tick(), tickMs);
    this.#ticker.unref();
    this.#reap();
    this.#pump();
  }

  stats(): PoolStats {
    return {
      blank: this.#free.blank,
      idle: this.#free.idle,
      leased: this.#leased.size,
      creating: this.#creations.running,
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
    const lease = waitInLine(this.#waiting, {
      tenant,
      isolation,
      signal,
      timeoutMs: acquireTimeoutMs,
      late: () => exhausted(acquireTimeoutMs, max),
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
    this.#creations.close();
    clearTimeout(this.#refillTimer);
    for (const waiter of [...this.#waiting]) waiter.reject(shuttingDown());
    for (const sandbox of this.#free.takeAll()) this.#destroy(sandbox, 'closed');
    while (this.#leased.size + this.#creations.running > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await this.#ending.settled();
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
    if (this.#creations.delayed) {
      const cause = this.#creations.openCause;
      if (cause !== undefined) for (const waiter of unserved) waiter.reject(cause);
      return;
    }
    if (unserved.length > 0 || this.#leased.size === 0) this.#refill(unserved.length);
    else if (this.#free.blank < this.#options.warm)
      this.#refillTimer ??= setTimeout(() => this.#refill(0), refillDelayMs);
  }

  #refill(unserved: number): void {
    clearTimeout(this.#refillTimer);
    this.#refillTimer = undefined;
    if (this.#creations.delayed) return;
    const wanted = this.#options.warm + unserved;
    while (this.#free.blank + this.#creations.running < wanted && this.#makeRoom(unserved > 0))
      void this.#creations.begin();
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
    const own = waiter.isolation === 'tenant' ? this.#free.takeIdleOf(waiter.tenant) : undefined;
    return own ?? (ownIsResetting ? undefined : this.#free.takeBlank());
  }

  #lease(sandbox: PooledSandbox, waiter: Waiter<Lease>): void {
    this.#leased.add(sandbox);
    const waitMs = performance.now() - waiter.since;
    const warm = sandbox.createdAt < waiter.since;
    this.#options.observe?.({ type: 'leased', waitMs, warm });
    const release = () => void this.#release(sandbox, waiter);
    waiter.resolve(leaseOf(sandbox, { waitMs, warm }, release));
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
    else this.#free.addIdle(sandbox, tenant);
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
    const { blank, idle } = this.#free;
    const count = blank + idle + this.#leased.size + this.#creations.running;
    if (count < this.#options.max) return true;
    const oldest = forWaiter ? this.#free.takeLongestIdle() : undefined;
    if (oldest === undefined) return false;
    this.#destroy(oldest, 'evicted');
    return true;
  }

  #created(sandbox: PooledSandbox, durationMs: number): void {
    sandbox.onGone(() => this.#forget(sandbox));
    this.#options.observe?.({ type: 'created', durationMs });
    if (this.#draining) this.#destroy(sandbox, 'closed');
    else this.#free.addBlank(sandbox);
  }

  /** Rejects the longest waiting job with the cause. */
  #creationFailed(error: Error): void {
    this.#options.observe?.({ type: 'create-failed', error });
    this.#waiting[0]?.reject(error);
  }

  /**
   * Drops a blank or idle sandbox that ended by itself; the job of a leased one notices it by
   * itself.
   */
  #forget(sandbox: PooledSandbox): void {
    if (!this.#free.take(sandbox)) return;
    this.#destroy(sandbox, 'lost');
    this.#pump();
  }

  #tick(): void {
    if (++this.#ticks % ticksPerReap === 0) this.#reap();
    const { worn, unused } = this.#free.takeExpired(this.#options);
    for (const sandbox of worn) this.#destroy(sandbox, 'worn-out');
    for (const sandbox of unused) this.#destroy(sandbox, 'idle');
    for (const sandbox of this.#free.all()) sandbox.ping();
    this.#pump();
  }

  #destroy(sandbox: PooledSandbox, reason: DestroyReason): void {
    this.#options.observe?.({ type: 'destroyed', reason });
    this.#ending.add(sandbox.destroy());
  }

  #reap(): void {
    if (this.#options.reap !== undefined) this.#ending.add(this.#options.reap());
  }
}
