/**
 * Decides how a worker begins a job under suspicion: one whose script is in quarantine, or whose
 * first attempt lost its worker. has() recognizes ordinary jobs without a request to Redis.
 */
import { settlesWithin } from '../deadline.ts';
import { asError } from '../errors.ts';
import type { Failure } from '../protocol/decision.ts';
import type { RedisClient } from '../redis/connection.ts';
import { ApartPlace } from './apart.ts';
import { spareFromLosses } from './losses.ts';
import type { ScriptTask, Task } from './task.ts';
import {
  type Asking,
  clearRetried,
  endTrial,
  type Permission,
  permitTrial,
  provenAt,
} from './trial.ts';

/**
 * Controls the worker during a trial: close() makes it take no more jobs, alone() resolves when
 * only the trial runs.
 */
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

/** How a job begins that may run now. */
export interface Start {
  /** Whether the job runs in a fresh sandbox that no other job uses. */
  readonly fresh: boolean;
  /**
   * @param harmless whether the run ended by itself: it got a sandbox, did not lose it and was not
   * cancelled.
   */
  end(harmless: boolean): Promise<void>;
}

/**
 * What happens to a job next: it begins, it goes back into the queue for `waitMs`, or it is
 * answered without a run.
 */
export type Next = Start | { readonly waitMs: number } | { readonly failure: Failure };

export const ordinaryStart: Start = { fresh: false, end: async () => undefined };

type Waiting = Extract<Permission, { kind: 'wait' }>;

interface Need {
  /** Whether the script is proven harmful, so that its job may be answered without a run. */
  readonly isProven: boolean;
  /** Whether the job must not wait any longer. */
  readonly mustBegin: boolean;
}

/**
 * The cost of a trial for a worker's other jobs: none begins for up to 2 s, up to 1 s of it to let
 * the running ones end.
 */
const closedMs = 2_000;
const drainMs = 1_000;
/** After a closure the worker stays open to other jobs for twice as long as it was closed. */
const openShare = 2;

export class Suspects {
  readonly #options: SuspectsOptions;
  readonly #place = new ApartPlace();
  /** When the worker may next be closed to other jobs, on the monotonic clock. */
  #mayCloseAt = 0;
  #quarantined: ReadonlySet<string> = new Set();

  constructor(options: SuspectsOptions) {
    this.#options = options;
  }

  has(task: Task): task is ScriptTask {
    const { script, apart } = task;
    return script !== undefined && (apart || this.#quarantined.has(script));
  }

  /** Sets the scripts that are in quarantine, as the last heartbeat returned them. */
  replace(scripts: readonly string[]): void {
    this.#quarantined = new Set(scripts);
  }

  /**
   * Adds a script that this worker has just put into quarantine; other workers learn of it with
   * their next heartbeat.
   */
  add(script: string): void {
    this.#quarantined = new Set([...this.#quarantined, script]);
  }

  /**
   * Decides how a suspected job begins. Only a job of a proven script is answered without a run. A
   * job of any other script, which may be innocent, begins once half of its budget has passed,
   * beside other jobs if it cannot be alone: no other tenant can keep a guard from its answer.
   * Never rejects: when Redis does not answer, a script in quarantine counts as one that cost a
   * worker and is not proven, so its job waits for the place at most that long, and its sandbox is
   * fresh.
   * @param id the job's id
   */
  async begin(task: ScriptTask, id: string, leftMs: number): Promise<Next> {
    const now = await this.#permission(task, 'ask');
    if (now.kind === 'sandbox' || (now.kind === 'free' && !task.apart))
      return this.#start(task, now);
    const isProven = 'proofs' in now && now.proofs >= provenAt;
    const mustBegin = !isProven && leftMs < task.budgetMs / 2;
    if (now.kind === 'wait' && !mustBegin) return this.#wait(task, id, now, leftMs);
    return this.#enter(task, id, leftMs, { isProven, mustBegin });
  }

  /** Takes the place for suspected jobs, or puts the job back into the queue. */
  async #enter(
    task: ScriptTask,
    id: string,
    leftMs: number,
    { isProven, mustBegin }: Need,
  ): Promise<Next> {
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

  #start(task: ScriptTask, permission: Permission, leave: () => void = () => undefined): Start {
    return {
      fresh: permission.kind !== 'free',
      end: async (harmless) => {
        leave();
        await this.#judged(task, permission, harmless);
      },
    };
  }

  /**
   * Puts the job back until its trial may begin; answers one of a proven script that cannot wait
   * that long.
   */
  #wait({ tenant }: ScriptTask, id: string, { waitMs, proofs }: Waiting, leftMs: number): Next {
    if (proofs >= provenAt && waitMs >= leftMs)
      return { failure: quarantined(tooLate(waitMs, proofs, leftMs)) };
    if (proofs >= provenAt && this.#place.isFull(tenant, id))
      return { failure: quarantined(tooMany) };
    return this.#putBack(tenant, id, waitMs, leftMs, false);
  }

  /**
   * Puts the job back into the queue for about `wantedMs`: at most a quarter of its remaining time,
   * at least 10 ms.
   */
  #putBack(tenant: string, id: string, wantedMs: number, leftMs: number, forPlace: boolean): Next {
    const spread = 0.75 + Math.random() / 2;
    const waitMs = Math.max(10, Math.min(wantedMs * spread, leftMs / 4));
    this.#place.wait(tenant, id, waitMs, forPlace);
    return { waitMs };
  }

  async #permission(task: ScriptTask, asking: Asking): Promise<Permission> {
    if (!this.#quarantined.has(task.script)) return { kind: 'free' };
    const { redis, queue, onError } = this.#options;
    try {
      return await permitTrial(redis, queue, task, asking);
    } catch (error) {
      onError(asError(error));
      return { kind: 'worker', proofs: 0 };
    }
  }

  /**
   * Closes the worker to other jobs and waits until the job is alone, for at most 1 s or a quarter
   * of `leftMs`.
   * @returns a function that opens the worker again
   */
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
    await settlesWithin(Math.min(drainMs, leftMs / 4), gate.alone());
    return open;
  }

  async #judged(task: ScriptTask, { kind }: Permission, harmless: boolean): Promise<void> {
    const { redis, queue, onError } = this.#options;
    const { script } = task;
    let isFree = harmless;
    try {
      if (kind === 'sandbox' || kind === 'worker')
        isFree = await endTrial(redis, queue, task, kind, harmless);
      else if (harmless && task.apart) isFree = await clearRetried(redis, queue, task);
      if (harmless && (kind === 'worker' || task.apart))
        await spareFromLosses(redis, queue, script);
    } catch (error) {
      onError(asError(error));
    }
    if (isFree) this.replace([...this.#quarantined].filter((one) => one !== script));
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
