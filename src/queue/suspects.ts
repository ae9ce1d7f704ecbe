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
import { endTrial, type Permission, permitTrial } from './trial.ts';

/** What the worker does for a trial: takes no more jobs, and tells when none but the trial runs. */
export interface WorkerGate {
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

  /** Never rejects: where Redis cannot be asked, the job is run apart and in a fresh sandbox. */
  async begin(task: Task, leftMs: number): Promise<Next> {
    const mayClose = performance.now() >= this.#mayCloseAt;
    const leave = mayClose || task.apart ? this.#place.take(task.tenant) : undefined;
    if (leave === undefined) return waitFor(this.#place.againMs(task.tenant), leftMs);
    const permission = await this.#permission(task);
    if (permission.kind === 'wait') {
      leave();
      return permission.waitMs < leftMs ? waitFor(permission.waitMs, leftMs) : { failure: quarantined(permission, leftMs) };
    }
    const isDangerous = permission.kind === 'worker' || task.apart;
    if (!isDangerous) leave();
    const open = isDangerous && mayClose ? await this.#close(leftMs) : () => undefined;
    return {
      fresh: permission.kind !== 'free',
      end: async (harmless) => {
        open();
        leave();
        await this.#judged(task, permission, harmless);
      },
    };
  }

  async #permission(task: Task): Promise<Permission> {
    if (!this.#quarantined.has(task.script)) return { kind: 'free' };
    const { redis, queue, onError } = this.#options;
    try {
      return await permitTrial(redis, queue, task);
    } catch (error) {
      onError(asError(error));
      return { kind: 'worker' };
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
      if (harmless) await spareFromLosses(redis, queue, script);
    } catch (error) {
      onError(asError(error));
    }
    if (harmless) this.replace([...this.#quarantined].filter((one) => one !== script));
  }
}

/** Into the line for `waitMs`, and never for more than a quarter of what the job has left. */
function waitFor(waitMs: number, leftMs: number): { readonly waitMs: number } {
  const spread = 0.75 + Math.random() / 2;
  return { waitMs: Math.max(10, Math.min(waitMs * spread, leftMs / 4)) };
}

function quarantined({ waitMs, proofs }: Extract<Permission, { kind: 'wait' }>, leftMs: number): Failure {
  const why = `${proofs} ${proofs === 1 ? 'worker was' : 'workers were'} lost while it ran`;
  const when = `Its next trial is in ${seconds(waitMs)}; the evaluation has ${seconds(leftMs)} left.`;
  return { code: 'QUARANTINED', message: `This script is in quarantine, since ${why}. ${when}` };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
