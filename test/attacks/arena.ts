/** The sandboxes that are attacked: one run with all that is seen of it from outside. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { messageOf } from '../../src/errors.ts';
import { defaultRunLimits, type Isolation } from '../../src/protocol/run.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { DestroyReason } from '../../src/sandbox/pool-events.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import type { Attempt } from './entry.ts';
import { lasting, mebibyte, WatchedEngine } from './host.ts';
import { judge, type Outcome } from './judge.ts';

/** What is looked at for every entry, or for those that name it. Other names are reported as not measured. */
export const measured: ReadonlySet<string> = new Set([
  'worker_alive',
  'canary_clean_next',
  'supervisor_alive_or_replaced',
  'no_job_procs_after_500ms',
  'stdout_le_cap',
  'worker_rss_delta_lt_32MiB',
  'event_loop_p99_lt_100ms',
  'wipe_ms_lt_250',
]);

/** What broke in a run, and on which container it was. */
export interface Sighting {
  readonly outcome: Outcome;
  readonly broken: readonly string[];
  /** Why containers were destroyed since `from` and before this run had one. */
  readonly destroyed: readonly DestroyReason[];
}

const maxGrowth = 64 * mebibyte;

export class Arena {
  readonly isolation: Isolation;
  /** Why processes on the host are not looked at, undefined when they are. */
  blind: string | undefined;
  readonly #engine = new WatchedEngine();
  readonly #destroyed: DestroyReason[] = [];
  readonly #pool: Pool;
  #containersBefore = 0;
  #rssBefore = 0;

  private constructor(isolation: Isolation) {
    this.isolation = isolation;
    this.#pool = testPool({
      engine: this.#engine,
      warm: 1,
      observe: (event) => {
        if (event.type === 'destroyed') this.#destroyed.push(event.reason);
      },
    });
  }

  static async open(isolation: Isolation): Promise<Arena> {
    const containers = (await ownSandboxes(new WatchedEngine(), process.pid)).length;
    const arena = new Arena(isolation);
    arena.#containersBefore = containers;
    await arena.#lookAround();
    arena.#rssBefore = process.memoryUsage.rss();
    return arena;
  }

  /** Memory of this process that was not there at the start, in bytes. */
  get growth(): number {
    return process.memoryUsage.rss() - this.#rssBefore;
  }

  /** A moment to count destroyed containers from. */
  now(): number {
    return this.#destroyed.length;
  }

  /** @param alone no other job of ours runs meanwhile, so a process too many is this one's. */
  async attack({ entry, stdin }: Attempt, { tenant = 'attack', from = this.now(), alone = true } = {}): Promise<Sighting> {
    const limits = { ...defaultRunLimits, timeoutMs: (entry.timeout_s ?? 10) * 1000 };
    const lease = await this.#pool.acquire(tenant, this.isolation);
    const destroyed = this.#destroyed.slice(from);
    const started = performance.now();
    const since = { rss: process.memoryUsage.rss(), destroyed: this.now(), delay: monitorEventLoopDelay({ resolution: 5 }) };
    since.delay.enable();
    const run = await lease
      .run({ runtime: entry.interpreter, script: Buffer.from(entry.script), stdin, limits })
      .catch((error: unknown) => ({ code: 'SANDBOX_LOST', message: messageOf(error) }) as const);
    const outcome = { run, wallMs: performance.now() - started };
    since.delay.disable();
    lease.release();
    const strangers = alone && this.blind === undefined ? await lasting(() => this.#engine.strangers(), 500) : [];
    const bounds: readonly [name: string, broken: boolean, message: string][] = [
      ['worker_rss_delta_lt_32MiB', process.memoryUsage.rss() - since.rss > 32 * mebibyte, 'the worker grew by over 32 MiB'],
      ['event_loop_p99_lt_100ms', since.delay.percentile(99) > 100e6, 'the event loop of the worker was late by over 100 ms'],
      ['wipe_ms_lt_250', this.#destroyed.slice(since.destroyed).includes('not-clean'), 'the wipe cost the container'],
    ];
    const wanted = new Set(entry.expect.host);
    const crossed = bounds.flatMap(([name, broken, message]) => (broken && wanted.has(name) ? [message] : []));
    if ('status' in run && run.stdout.length > limits.stdoutBytes) crossed.push(`${run.stdout.length} bytes of stdout were kept`);
    return { outcome, broken: [...judge(entry, outcome), ...crossed, ...strangers], destroyed };
  }

  /** Ends every sandbox. @returns what is left of them, or has grown. */
  async close(): Promise<string[]> {
    const { growth } = this;
    await this.#pool.drain();
    const left = await lasting(async () => {
      const own = await ownSandboxes(this.#engine, process.pid);
      return own.slice(this.#containersBefore).map(({ id, state }) => `container ${id.slice(0, 12)} is left, ${state}`);
    }, 5_000);
    const processes = this.blind === undefined ? await lasting(() => this.#engine.jobProcesses(), 500) : [];
    return [
      ...left,
      ...processes.map((pid) => `process ${pid} of a job user is left on the host`),
      ...this.#engine.sharedUids().map((uid) => `two sandboxes had the job user ${uid}`),
      ...(growth > maxGrowth ? [`this process grew by ${Math.round(growth / mebibyte)} MiB`] : []),
    ];
  }

  /** Where the engine is on another machine, or maps users, /proc shows nothing of a job that certainly runs. */
  async #lookAround(): Promise<void> {
    const lease = await this.#pool.acquire('attack', this.isolation);
    const limits = { ...defaultRunLimits, timeoutMs: 5_000 };
    let running = true;
    let seen = false;
    const run = lease.run({ runtime: 'bash', script: Buffer.from('sleep 0.5; true'), stdin: Buffer.alloc(0), limits });
    const ended = run.finally(() => {
      running = false;
      lease.release();
    });
    while (running && !seen) {
      seen = this.#engine.strangers().length > 0; // bash and its sleep, where one process may be
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    if (!seen) this.blind = 'the host shows no process of a job that runs, so the engine is not local';
    await ended;
  }
}
