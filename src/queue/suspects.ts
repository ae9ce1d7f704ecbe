/**
 * Decides how a worker begins a job under suspicion: one whose script is in quarantine, or whose first attempt lost
 * its worker. Ordinary jobs are told by has() alone, without asking Redis.
 */
import { within } from '../deadline.ts';
import { asError } from '../errors.ts';
import type { Failure } from '../protocol/decision.ts';
import type { RedisClient } from '../redis/connection.ts';
import { ApartPlace } from './apart.ts';
import { spareFromLosses } from './losses.ts';
import type { Task } from './task.ts';
import { type Asking, clearRetried, endTrial, type Permission, permitTrial, provenAt } from './trial.ts';

/** What the worker does for a trial: takes no more jobs, and tells when none but the trial runs. */
interface WorkerGate {
  close(): void;
  open(): void;
  alone(): Promise<void>;
}

export interface SuspectsOptions {
  readonly redis: RedisClient;
  readonly queue: string;
  readonly gate: WorkerGate;
  readonly onError: (error: Error) => void;
}

/** A job may begin. */
export interface Start {
  /** In a sandbox of its own. */
  readonly fresh: boolean;
  /** @param harmless whether the run ended by itself: not cut off, no sandbox lost, not left without one. */
  end(harmless: boolean): Promise<void>;
}

/** How a job goes on: it begins, goes back into the line for a while, or is answered without a run. */
export type Next = Start | { readonly waitMs: number } | { readonly failure: Failure };

export const ordinaryStart: Start = { fresh: false, end: async () => undefined };

type Waiting = Extract<Permission, { kind: 'wait' }>;

interface Need {
  /** It may be answered without a run. */
  readonly isProven: boolean;
  /** It must not wait any longer. */
  readonly mustBegin: boolean;
}

/** What the other jobs of a worker pay: so long none begins, half of it at most to let the running ones end. */
const closedMs = 2_000;
const drainMs = 1_000;
/** After a time without them the others have twice as long. */
const openShare = 2;

export class Suspects {
  readonly #options: SuspectsOptions;
  readonly #place = new ApartPlace();
  /** When the worker may next be closed to others, on the monotonic clock. */
  #mayCloseAt = 0;
  #quarantined: ReadonlySet<string> = new Set();

  constructor(options: SuspectsOptions) {
    this.#options = options;
  }

  has({ script, apart }: Pick<Task, 'script' | 'apart'>): boolean {
    return apart || this.#quarantined.has(script);
  }

  /** All scripts that are in quarantine now, as the last beat told. */
  replace(scripts: readonly string[]): void {
    this.#quarantined = new Set(scripts);
  }

  /** One that this worker has just brought there: the next beat tells the others. */
  add(script: string): void {
    this.#quarantined = new Set([...this.#quarantined, script]);
  }

  /**
   * Never rejects: where Redis cannot be asked, the job is run apart and in a fresh sandbox. Only a proven script is
   * answered without a run. Any other, which may be innocent, begins once half of its budget has passed, beside others
   * where it cannot be alone: no other tenant can keep a guard from its answer.
   * @param id of the job
   */
  async begin(task: Task, id: string, leftMs: number): Promise<Next> {
    const now = await this.#permission(task, 'ask');
    if (now.kind === 'sandbox' || (now.kind === 'free' && !task.apart)) return this.#start(task, now);
    const isProven = 'proofs' in now && now.proofs >= provenAt;
    const mustBegin = !isProven && leftMs < task.budgetMs / 2;
    if (now.kind === 'wait' && !mustBegin) return this.#wait(task, id, now, leftMs);
    return this.#enter(task, id, leftMs, { isProven, mustBegin });
  }

  /** Into the place for such jobs, or back into the line. */
  async #enter(task: Task, id: string, leftMs: number, { isProven, mustBegin }: Need): Promise<Next> {
    const { tenant } = task;
    const mayClose = performance.now() >= this.#mayCloseAt;
    const forPlace = mayClose || task.apart || mustBegin;
    const leave = forPlace ? this.#place.take(tenant, id) : undefined;
    if (leave === undefined && !mustBegin) {
      if (isProven && this.#place.isFull(tenant, id)) return { failure: quarantined(tooMany) };
      return this.#putBack(tenant, id, this.#place.againMs(tenant), leftMs, forPlace);
    }
    const permission = await this.#permission(task, mustBegin ? 'insist' : 'try');
    if (permission.kind === 'wait') {
      leave?.();
      return this.#wait(task, id, permission, leftMs);
    }
    const open = leave !== undefined && mayClose ? await this.#close(leftMs) : undefined;
    return this.#start(task, permission, () => {
      open?.();
      leave?.();
    });
  }

  #start(task: Task, permission: Permission, leave: () => void = () => undefined): Start {
    return {
      fresh: permission.kind !== 'free',
      end: async (harmless) => {
        leave();
        await this.#judged(task, permission, harmless);
      },
    };
  }

  /** Until its trial may begin. */
  #wait({ tenant }: Task, id: string, { waitMs, proofs }: Waiting, leftMs: number): Next {
    if (proofs >= provenAt && waitMs >= leftMs) return { failure: quarantined(tooLate(waitMs, proofs, leftMs)) };
    if (proofs >= provenAt && this.#place.isFull(tenant, id)) return { failure: quarantined(tooMany) };
    return this.#putBack(tenant, id, waitMs, leftMs, false);
  }

  /** Into the line for about `wantedMs`, and never for more than a quarter of what the job has left. */
  #putBack(tenant: string, id: string, wantedMs: number, leftMs: number, forPlace: boolean): Next {
    const spread = 0.75 + Math.random() / 2;
    const waitMs = Math.max(10, Math.min(wantedMs * spread, leftMs / 4));
    this.#place.wait(tenant, id, waitMs, forPlace);
    return { waitMs };
  }

  async #permission(task: Task, asking: Asking): Promise<Permission> {
    if (!this.#quarantined.has(task.script)) return { kind: 'free' };
    const { redis, queue, onError } = this.#options;
    try {
      return await permitTrial(redis, queue, task, asking);
    } catch (error) {
      onError(asError(error));
      return { kind: 'worker', proofs: 0 };
    }
  }

  /** Waits until the job is alone on the worker, and no longer than the others can bear. @returns the end of that */
  async #close(leftMs: number): Promise<() => void> {
    const { gate } = this.#options;
    const since = performance.now();
    let isClosed = true;
    this.#mayCloseAt = Number.POSITIVE_INFINITY;
    gate.close();
    const open = () => {
      clearTimeout(timer);
      if (!isClosed) return;
      isClosed = false;
      const now = performance.now();
      this.#mayCloseAt = now + openShare * (now - since);
      gate.open();
    };
    const timer = setTimeout(open, closedMs);
    await within(Math.min(drainMs, leftMs / 4), gate.alone());
    return open;
  }

  async #judged(task: Task, { kind }: Permission, harmless: boolean): Promise<void> {
    const { redis, queue, onError } = this.#options;
    const { script } = task;
    try {
      if (kind !== 'free') await endTrial(redis, queue, task, harmless);
      else if (harmless && task.apart) await clearRetried(redis, queue, task);
      if (harmless && (kind === 'worker' || task.apart)) await spareFromLosses(redis, queue, script);
    } catch (error) {
      onError(asError(error));
    }
    if (harmless) this.replace([...this.#quarantined].filter((one) => one !== script));
  }
}

const tooMany = 'The tenant has too many jobs that wait for their trial.';

function tooLate(waitMs: number, proofs: number, leftMs: number): string {
  const why = `since ${proofs} workers were lost while it ran alone`;
  return `It is in quarantine, ${why}. Its next trial is in ${seconds(waitMs)}; the evaluation has ${seconds(leftMs)} left.`;
}

function quarantined(why: string): Failure {
  return { code: 'QUARANTINED', message: `This script is not run now. ${why}` };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
