/**
 * The sandboxes of one process, of any kind, under one maximum.
 *
 * A sandbox is blank (never used) -> leased -> either reset and idle for the same tenant, or
 * destroyed. It has no other states, and any doubt about it destroys it. Only #pump() hands out,
 * creates or evicts sandboxes (supply.ts), at once or by #refill() later, after each change of lists.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Isolation } from '../protocol/run.ts';
import { defaultKind, kindKey, type SandboxKind } from '../protocol/sandbox-kind.ts';
import { Creations } from './creations.ts';
import { EndingWork } from './ending-work.ts';
import { FreeSandboxes, type Member } from './free-sandboxes.ts';
import { type Lease, leaseOf, type PooledSandbox } from './lease.ts';
import { exhausted, shuttingDown } from './pool-errors.ts';
import type { DestroyReason, PoolStats } from './pool-events.ts';
import { type AcquireOptions, type PoolOptions, poolDefaults } from './pool-options.ts';
import { RecentKinds } from './recent-kinds.ts';
import { Resets } from './resets.ts';
import { Supply } from './supply.ts';
import { type Waiter, waitInLine } from './waiter.ts';

/** Interval of pings, well below the 15 s without input after which a supervisor exits. */
const tickMs = 4_000;
const ticksPerReap = 15;
/** Delay of creations that no job waits for, while jobs run: one delayed a job by 3 ms. */
const refillDelayMs = 20;

export class Pool {
  readonly #options: PoolOptions & typeof poolDefaults;
  readonly #free = new FreeSandboxes();
  readonly #leased = new Set<Member>();
  /** Leased sandboxes whose job has ended. */
  readonly #resets: Resets;
  readonly #waiting: Waiter<Lease>[] = [];
  readonly #ending = new EndingWork();
  readonly #ticker: NodeJS.Timeout;
  readonly #creations: Creations;
  readonly #recent: RecentKinds;
  readonly #supply: Supply;
  #ticks = 0;
  #refillTimer: NodeJS.Timeout | undefined;
  #draining = false;
  #emptied: (() => void) | undefined;
  #left: Promise<void> | undefined;

  constructor(options: PoolOptions) {
    this.#options = { ...poolDefaults, ...options };
    this.#resets = new Resets(this.#options);
    this.#recent = new RecentKinds(this.#options.idleMs);
    this.#creations = new Creations({
      create: options.create,
      created: (sandbox, kind, durationMs) => this.#created({ sandbox, kind }, durationMs),
      failed: (error, kind) => this.#creationFailed(error, kind),
      changed: () => this.#pump(),
    });
    this.#supply = new Supply({
      ...this.#options,
      free: this.#free,
      creations: this.#creations,
      recent: this.#recent,
      leased: this.#leased,
      evict: (member) => this.#destroy(member, 'evicted'),
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
   * Leases a sandbox of the kind for one job of `tenant`: with isolation `tenant` the one that was
   * last used by the same tenant, else a blank one; with isolation `job` always a blank one.
   * @throws UnavailableError `POOL_EXHAUSTED` after the acquire timeout, `SHUTTING_DOWN` after
   * drain(); the error of a failed creation when no sandbox of the kind can be created.
   */
  acquire(
    tenant: string,
    isolation: Isolation,
    { kind = defaultKind, signal }: AcquireOptions = {},
  ): Promise<Lease> {
    if (this.#draining) return Promise.reject(shuttingDown());
    this.#recent.used(kind);
    const { acquireTimeoutMs, max } = this.#options;
    const lease = waitInLine(this.#waiting, {
      ...{ tenant, isolation, kind, signal },
      timeoutMs: acquireTimeoutMs,
      late: () => exhausted(acquireTimeoutMs, max),
    });
    this.#pump();
    return lease;
  }

  /** Refuses new leases, rejects waiters, waits for running jobs, removes every container. */
  async drain(): Promise<void> {
    await this.leave();
    await this.#ending.settled();
  }

  /**
   * As drain(), without waiting until the engine has removed the containers, which takes 0.1 s. For
   * a process that ends now: a container ends with the connection of its process.
   */
  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    this.#draining = true;
    clearInterval(this.#ticker);
    this.#creations.close();
    clearTimeout(this.#refillTimer);
    for (const waiter of [...this.#waiting]) waiter.reject(shuttingDown());
    for (const member of this.#free.takeAll()) this.#destroy(member, 'closed');
    while (this.#leased.size + this.#creations.running > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
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
    const unserved = this.#serve().filter((waiter) => !this.#isDelayed(waiter));
    if (unserved.length > 0 || this.#leased.size === 0) this.#refill(unserved);
    else if (this.#supply.lacksWarm)
      this.#refillTimer ??= setTimeout(() => this.#refill([]), refillDelayMs);
  }

  /**
   * Whether a waiter has to wait for the next attempt to create one of its kind. After several
   * failures it is rejected instead.
   */
  #isDelayed({ kind, reject }: Waiter<Lease>): boolean {
    if (!this.#creations.isDelayed(kind)) return false;
    const cause = this.#creations.openCause(kind);
    if (cause !== undefined) reject(cause);
    return true;
  }

  #refill(unserved: readonly Waiter<Lease>[]): void {
    clearTimeout(this.#refillTimer);
    this.#refillTimer = undefined;
    this.#supply.create(unserved.map(({ kind }) => kind));
  }

  /**
   * Gives each waiter an idle sandbox of its tenant, else a blank one, unless one of the tenant is
   * being reset (which takes 0.1 ms).
   * @returns the waiters that got none and wait for no reset
   */
  #serve(): Waiter<Lease>[] {
    const claimReset = this.#resets.claims();
    const unserved: Waiter<Lease>[] = [];
    for (const waiter of [...this.#waiting]) {
      const { tenant, isolation, kind } = waiter;
      const mayShare = isolation === 'tenant';
      const own = mayShare ? this.#free.takeIdleOf(tenant, kind) : undefined;
      if (own === undefined && mayShare && claimReset(tenant, kind)) continue;
      const member = own ?? this.#free.takeBlank(kind);
      if (member === undefined) unserved.push(waiter);
      else this.#lease(member, waiter);
    }
    return unserved;
  }

  #lease(member: Member, waiter: Waiter<Lease>): void {
    const { sandbox, kind } = member;
    this.#leased.add(member);
    const waitMs = performance.now() - waiter.since;
    const warm = sandbox.createdAt < waiter.since;
    this.#options.observe?.({ type: 'leased', kind, waitMs, warm });
    const release = () => void this.#release(member, waiter);
    waiter.resolve(leaseOf(sandbox, { kind, waitMs, warm }, release));
  }

  async #release(member: Member, { tenant, isolation }: Waiter<Lease>): Promise<void> {
    // Yields, so that the caller has its result before the engine is asked to remove and create
    // (saves 2 to 5 ms).
    const reason =
      isolation === 'job'
        ? await nextTurn('isolation' as const)
        : await this.#resets.whyNotAgain(member, tenant);
    this.#leased.delete(member);
    if (reason !== undefined || this.#draining) this.#destroy(member, reason ?? 'closed');
    else this.#free.addIdle(member, tenant);
    this.#pump();
  }

  #created(member: Member, durationMs: number): void {
    const { sandbox, kind } = member;
    sandbox.onGone(() => this.#forget(sandbox));
    this.#options.observe?.({ type: 'created', kind, durationMs });
    if (this.#draining) this.#destroy(member, 'closed');
    else this.#free.addBlank(member);
  }

  /** Rejects the longest waiting job of the kind with the cause. */
  #creationFailed(error: Error, kind: SandboxKind): void {
    this.#options.observe?.({ type: 'create-failed', kind, error });
    const key = kindKey(kind);
    this.#waiting.find((waiter) => kindKey(waiter.kind) === key)?.reject(error);
  }

  /** Drops a blank or idle sandbox that ended by itself; the job of a leased one notices it. */
  #forget(sandbox: PooledSandbox): void {
    const member = this.#free.take(sandbox);
    if (member === undefined) return;
    this.#destroy(member, 'lost');
    this.#pump();
  }

  #tick(): void {
    if (++this.#ticks % ticksPerReap === 0) this.#reap();
    this.#recent.forgetOld();
    this.#creations.forgetOld();
    const { worn, unused } = this.#free.takeExpired(this.#options, this.#recent);
    for (const member of worn) this.#destroy(member, 'worn-out');
    for (const member of unused) this.#destroy(member, 'idle');
    for (const sandbox of this.#free.all()) sandbox.ping();
    this.#pump();
  }

  #destroy({ sandbox, kind }: Member, reason: DestroyReason): void {
    this.#options.observe?.({ type: 'destroyed', kind, reason });
    this.#ending.add(sandbox.destroy());
  }

  #reap(): void {
    if (this.#options.reap !== undefined) this.#ending.add(this.#options.reap());
  }
}
