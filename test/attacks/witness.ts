/** Looks at one run from outside of its container, with the eyes of the host. */

import { existsSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { messageOf } from '../../src/errors.ts';
import type { Isolation, RunRequest } from '../../src/protocol/run.ts';
import type { BuiltIn } from '../../src/sandbox/image.ts';
import type { Lease } from '../../src/sandbox/lease.ts';
import { defaultLimits, pidsLimit } from '../../src/sandbox/spec.ts';
import { type Boundary, breach } from './boundary.ts';
import { highest, idleTasks, memoryOf, memoryPeakOf, tasksOf, zombiesOf } from './cgroup.ts';
import { lasting, mebibyte, type WatchedEngine } from './host.ts';
import type { Outcome } from './judge.ts';
import { grownSince } from './memory.ts';
import { bytesBelow, diskOf, fingerprintOf, layersOf } from './written.ts';

/** The invariants, as the corpus spells them. */
export const witnessed = [
  'stdout_le_cap',
  'stderr_le_cap',
  'worker_rss_delta_lt_32MiB',
  'event_loop_p99_lt_100ms',
  'pids_peak_le_limit',
  'mem_peak_le_limit',
  'pids_current_baseline',
  'host_disk_delta_lt_1MiB',
  'wipe_ms_lt_250',
  'mem_returns_to_baseline',
  'no_zombies_after',
  'rootfs_hash_unchanged',
  'single_terminal_decision',
] as const;

/** Those for which it is not enough to look at the end. */
const countable = ['pids_peak_le_limit', 'mem_peak_le_limit', 'host_disk_delta_lt_1MiB'];
const sampleMs = 25;
const mostGrowth = 32 * mebibyte;
/** The kernel counts in batches and may be some pages over. */
const kernelSlack = mebibyte;
/** What the supervisor lets pass: files of the image count for whoever read them first. */
const baselineSlack = 48 * mebibyte + kernelSlack;
const resetMs = 500;

interface Watched {
  /** The whole id of the container. */
  readonly id: string;
  /** Invariants of the entry. */
  readonly wanted: ReadonlySet<string>;
  /** OCI runtime of the container. */
  readonly runtime: string;
  readonly profile: BuiltIn;
  readonly engine: WatchedEngine;
}

export class Witness {
  /** Invariants that were asked for and cannot be seen on this machine. */
  readonly unmeasured: string[] = [];
  readonly #id: string;
  readonly #wanted: ReadonlySet<string>;
  readonly #pidsLimit: number;
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: 5 });
  readonly #rssBefore = process.memoryUsage.rss();
  readonly #idleTasks: number;
  readonly #tasksBefore: number | undefined;
  readonly #memoryBefore: number | undefined;
  readonly #engine: WatchedEngine;
  readonly #endsBefore: number;
  #outcome: Outcome | undefined;
  #layers: readonly (readonly [folder: string, fingerprint: string])[] | undefined;
  #tasksPeak: number | undefined;
  #memoryPeak: number | undefined;
  #diskBefore: number | undefined;
  #diskPeak: number | undefined;
  #disk: readonly string[] | undefined;
  #keptBeyond: string[] = [];

  constructor({ id, wanted, runtime, profile, engine }: Watched) {
    this.#id = id;
    this.#idleTasks = idleTasks[profile];
    this.#wanted = wanted;
    this.#engine = engine;
    this.#pidsLimit = pidsLimit(defaultLimits, runtime);
    this.#tasksBefore = tasksOf(id);
    this.#memoryBefore = memoryOf(id);
    this.#endsBefore = engine.endsOf(id);
  }

  async watch(lease: Lease, request: RunRequest): Promise<Outcome> {
    if (this.#wanted.has('host_disk_delta_lt_1MiB')) this.#disk = await diskOf(this.#id);
    this.#diskBefore = this.#disk && bytesBelow(this.#disk);
    if (this.#wanted.has('rootfs_hash_unchanged')) {
      this.#layers = (await layersOf(this.#id))?.map((folder) => [folder, fingerprintOf(folder)]);
    }
    const counting = countable.some((name) => this.#wanted.has(name))
      ? setInterval(() => this.#count(), sampleMs)
      : undefined;
    const started = performance.now();
    this.#delay.enable();
    try {
      const run = await lease
        .run(request)
        .catch((error: unknown) => ({ code: 'SANDBOX_LOST', message: messageOf(error) }) as const);
      if ('status' in run) {
        if (run.stdout.length > request.limits.stdoutBytes)
          this.#keptBeyond.push(`${run.stdout.length} bytes of stdout were kept`);
        if (run.stderr.length > request.limits.stderrBytes)
          this.#keptBeyond.push(`${run.stderr.length} bytes of stderr were kept`);
      }
      this.#outcome = { run, wallMs: performance.now() - started };
      return this.#outcome;
    } finally {
      this.#delay.disable();
      clearInterval(counting);
      this.#count();
    }
  }

  /** @returns what broke. Call it before the container is given back. */
  async finish(isolation: Isolation): Promise<string[]> {
    const grown = await grownSince(this.#rssBefore, mostGrowth);
    const late = this.#delay.percentile(99) / 1e6;
    const written =
      this.#diskPeak === undefined ? undefined : this.#diskPeak - (this.#diskBefore ?? 0);
    return [
      ...this.#keptBeyond.map((text) => breach('output limits', text)),
      ...this.#over(
        'worker_rss_delta_lt_32MiB',
        'worker',
        grown / mebibyte,
        mostGrowth / mebibyte,
        'MiB more memory in the worker',
      ),
      ...this.#over(
        'event_loop_p99_lt_100ms',
        'worker',
        late,
        100,
        'ms (p99) that the event loop of the worker was late',
      ),
      ...this.#over(
        'pids_peak_le_limit',
        'resource limits',
        this.#tasksPeak,
        this.#pidsLimit,
        'tasks',
      ),
      ...this.#over(
        'mem_peak_le_limit',
        'resource limits',
        this.#memoryPeak,
        defaultLimits.memoryBytes + kernelSlack,
        'bytes of memory',
      ),
      ...this.#over(
        'host_disk_delta_lt_1MiB',
        'host',
        written,
        mebibyte,
        'bytes on the disk of the host',
      ),
      ...(isolation === 'tenant'
        ? [...(await this.#tasksAfter()), ...(await this.#memoryAfter())]
        : []),
      ...(await this.#zombiesAfter()),
      ...this.#changedLayers(),
      ...this.#ends(),
    ];
  }

  #count(): void {
    this.#tasksPeak = highest(this.#tasksPeak, tasksOf(this.#id));
    this.#memoryPeak = highest(this.#memoryPeak, memoryPeakOf(this.#id));
    this.#diskPeak = highest(this.#diskPeak, this.#disk && bytesBelow(this.#disk));
  }

  #over(
    name: string,
    boundary: Boundary,
    value: number | undefined,
    limit: number,
    unit: string,
  ): string[] {
    if (!this.#wanted.has(name)) return [];
    if (value === undefined) this.unmeasured.push(name);
    return value !== undefined && value > limit
      ? [breach(boundary, `${Math.round(value)} ${unit}, the limit is ${limit}`)]
      : [];
  }

  /** Back to what it was, or the container is gone. */
  async #tasksAfter(): Promise<string[]> {
    if (!this.#wanted.has('pids_current_baseline')) return [];
    const before =
      this.#tasksBefore === undefined ? undefined : Math.max(this.#tasksBefore, this.#idleTasks);
    if (before === undefined) this.unmeasured.push('pids_current_baseline');
    const more = () => {
      const now = tasksOf(this.#id) ?? 0;
      return before !== undefined && now > before
        ? [`${now} tasks after the reset, ${before} before the job`]
        : [];
    };
    return (await lasting(more, resetMs)).map((text) => breach('processes of a job', text));
  }

  async #memoryAfter(): Promise<string[]> {
    if (!this.#wanted.has('mem_returns_to_baseline')) return [];
    const before = this.#memoryBefore;
    if (before === undefined) this.unmeasured.push('mem_returns_to_baseline');
    const more = () => {
      const now = memoryOf(this.#id) ?? 0;
      return before !== undefined && now > before + baselineSlack
        ? [`${now} bytes of memory after the reset, ${before} before the job`]
        : [];
    };
    return (await lasting(more, resetMs)).map((text) => breach('reset between jobs', text));
  }

  async #zombiesAfter(): Promise<string[]> {
    if (!this.#wanted.has('no_zombies_after')) return [];
    if (this.#tasksBefore === undefined) this.unmeasured.push('no_zombies_after');
    const left = await lasting(() => zombiesOf(this.#id), resetMs);
    return left.map((pid) =>
      breach('processes of a job', `process ${pid} has ended and nobody waits for it`),
    );
  }

  /** The container's own layer goes with it. */
  #changedLayers(): string[] {
    if (!this.#wanted.has('rootfs_hash_unchanged')) return [];
    if (this.#layers === undefined) this.unmeasured.push('rootfs_hash_unchanged');
    const changed = (this.#layers ?? []).filter(
      ([folder, before]) => existsSync(folder) && fingerprintOf(folder) !== before,
    );
    return changed.map(([folder]) =>
      breach('file system', `${folder} of the root file system is not what it was`),
    );
  }

  /** The supervisor tells one end of a run, and none where the host had to end it. */
  #ends(): string[] {
    if (!this.#wanted.has('single_terminal_decision')) return [];
    const told = this.#engine.endsOf(this.#id) - this.#endsBefore;
    const run = this.#outcome?.run;
    const least = run !== undefined && 'status' in run && run.status === 'exited' ? 1 : 0;
    return told < least || told > 1
      ? [breach('decision', `${told} ends of one run were told`)]
      : [];
  }
}
