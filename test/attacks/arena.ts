/** The sandboxes that are attacked: one run with all that is seen of it from outside. */
import { defaultRunLimits, type Isolation, type RunRequest } from '../../src/protocol/run.ts';
import { defaultKind, type SandboxKind } from '../../src/protocol/sandbox-kind.ts';
import { type BuiltIn, imageFolder, imageName } from '../../src/sandbox/image.ts';
import type { Lease } from '../../src/sandbox/lease.ts';
import type { Pool } from '../../src/sandbox/pool.ts';
import type { DestroyReason } from '../../src/sandbox/pool-events.ts';
import { ownSandboxes } from '../support/own-sandboxes.ts';
import { testPool } from '../support/pool.ts';
import { breach } from './boundary.ts';
import { bystanderNames, watchBystanders } from './bystanders.ts';
import { tasksOf } from './cgroup.ts';
import type { Attempt } from './entry.ts';
import { lasting, mebibyte, WatchedEngine } from './host.ts';
import { judge, type Outcome } from './judge.ts';
import { grownSince, memoryWithoutGarbage } from './memory.ts';
import { diedInstead } from './runtime.ts';
import { Witness, witnessed } from './witness.ts';
import type { AttackedWorkspace } from './workspace.ts';

/**
 * What is looked at for every entry, or for those that name it. Other names are reported as not
 * measured.
 */
export const measured: ReadonlySet<string> = new Set([
  'worker_alive',
  'canary_clean_next',
  'supervisor_alive_or_replaced',
  'no_job_procs_after_500ms',
  'next_control_block_ok',
  ...witnessed,
  ...bystanderNames,
]);

/** What broke in a run, and on which container it was. */
export interface Sighting {
  readonly outcome: Outcome;
  /** What the entry itself says or decides, against what it expects. */
  readonly judged: readonly string[];
  /** All of `judged`, then what was seen from outside. */
  readonly broken: readonly string[];
  /** Why containers were destroyed since `from` and before this run had one. */
  readonly destroyed: readonly DestroyReason[];
}

export interface ArenaOptions {
  readonly isolation: Isolation;
  /** OCI runtime, as the engine calls it. */
  readonly runtime?: string | undefined;
  /** All sandboxes can read it. */
  readonly workspace?: AttackedWorkspace | undefined;
  /** Default: small, with the image of the environment. */
  readonly profile?: BuiltIn | undefined;
}

export interface AttackOptions {
  readonly tenant?: string;
  /** Default: the arena's. */
  readonly isolation?: Isolation;
  /** A moment of now(). */
  readonly from?: number;
  /** No other job of ours runs meanwhile, so a process too many is this one's. */
  readonly alone?: boolean;
}

const maxGrowth = 64 * mebibyte;
const lookAroundMs = 10_000;

export class Arena {
  readonly isolation: Isolation;
  readonly runtime: string;
  /**
   * Why processes on the host are not looked at, undefined when they are: by their user, or by the
   * container's control group.
   */
  blind: string | undefined;
  #seesUsers = true;
  /** Why a number that an entry asks for could not be measured on this machine. */
  readonly unmeasured = new Set<string>();
  readonly #engine = new WatchedEngine();
  readonly #destroyed: DestroyReason[] = [];
  readonly #kind: SandboxKind;
  readonly #pool: Pool;
  readonly #profile: BuiltIn;
  #containersBefore = 0;
  #rssBefore = 0;

  private constructor({ isolation, runtime, profile = 'small', workspace }: ArenaOptions) {
    this.isolation = isolation;
    this.#kind = { ...defaultKind, workspace: workspace?.path };
    this.runtime = runtime ?? 'runc';
    this.#profile = profile;
    this.#pool = testPool({
      engine: this.#engine,
      warm: workspace === undefined ? 1 : 0,
      workspaces: workspace?.workspaces,
      ...(runtime === undefined ? {} : { ociRuntime: runtime }),
      ...(profile === 'full' ? { image: imageName(imageFolder, profile) } : {}),
      observe: (event) => {
        if (event.type === 'destroyed') this.#destroyed.push(event.reason);
      },
    });
  }

  static async open(options: ArenaOptions): Promise<Arena> {
    const containers = (await ownSandboxes(new WatchedEngine(), process.pid)).length;
    const arena = new Arena(options);
    arena.#containersBefore = containers;
    await arena.#lookAround();
    arena.#rssBefore = await memoryWithoutGarbage();
    return arena;
  }

  /** Memory of this process that was not there at the start, in bytes. */
  growth(): Promise<number> {
    return grownSince(this.#rssBefore, maxGrowth);
  }

  /** A moment to count destroyed containers from. */
  now(): number {
    return this.#destroyed.length;
  }

  async attack(attempt: Attempt, options: AttackOptions = {}): Promise<Sighting> {
    const {
      tenant = 'attack',
      isolation = this.isolation,
      from = this.now(),
      alone = true,
    } = options;
    const { entry, stdin } = attempt;
    const limits = { ...defaultRunLimits, timeoutMs: (entry.timeout_s ?? 10) * 1000 };
    const wanted = new Set(entry.expect.host);
    const lease = await this.#pool.acquire(tenant, isolation, { kind: this.#kind });
    const destroyed = this.#destroyed.slice(from);
    const before = this.now();
    const witness = new Witness({
      id: this.#engine.idOf(lease.container),
      wanted,
      runtime: this.runtime,
      profile: this.#profile,
      engine: this.#engine,
    });
    const request = {
      runtime: entry.interpreter,
      script: Buffer.from(entry.script),
      stdin,
      limits,
      state: entry.state === true ? new Uint8Array(0) : undefined,
    };
    const { result, late, seen } = await this.#watch(witness, lease, request, {
      wanted,
      isolation,
    });
    const left = alone ? await lasting(() => this.#strangers(), 500) : [];
    for (const name of witness.unmeasured) this.unmeasured.add(name);
    const costly =
      wanted.has('wipe_ms_lt_250') && this.#destroyed.slice(before).includes('not-clean');
    const judged = diedInstead(entry, result, this.runtime) ? [] : judge(entry, result);
    return {
      outcome: result,
      destroyed,
      judged,
      broken: [
        ...judged,
        ...seen,
        ...(costly ? [breach('reset between jobs', 'the wipe cost the container')] : []),
        ...late.map((text) => breach('host', text)),
        ...left.map((text) => breach('processes of a job', text)),
      ],
    };
  }

  async #watch(
    witness: Witness,
    lease: Lease,
    request: RunRequest,
    { wanted, isolation }: { wanted: ReadonlySet<string>; isolation: Isolation },
  ) {
    try {
      const bystanders = await watchBystanders(wanted, this.#pool, () =>
        witness.watch(lease, request),
      );
      return { ...bystanders, seen: await witness.finish(isolation) };
    } finally {
      lease.release();
    }
  }

  /** Containers that should not be there. */
  async unwanted(): Promise<string[]> {
    return (await this.#engine.unwanted()).map((text) => breach('host', text));
  }

  /** Ends every sandbox. @returns what is left of them, or has grown. */
  async close(): Promise<string[]> {
    const growth = await this.growth();
    await this.#pool.drain();
    const left = await lasting(async () => {
      const own = await ownSandboxes(this.#engine, process.pid);
      return own
        .slice(this.#containersBefore)
        .map(({ id, state }) => `container ${id.slice(0, 12)} is left, ${state}`);
    }, 5_000);
    const processes = await lasting(
      () => [...this.#engine.jobProcesses(), ...this.#engine.undead()],
      500,
    );
    return [
      ...left,
      ...processes.map((one) => `process ${one} of a job is left on the host`),
      ...this.#engine.sharedUids().map((uid) => `two sandboxes had the job user ${uid}`),
      ...(growth > maxGrowth ? [`this process grew by ${Math.round(growth / mebibyte)} MiB`] : []),
    ];
  }

  #strangers(): string[] {
    return [...(this.#seesUsers ? this.#engine.strangers() : []), ...this.#engine.undead()];
  }

  /**
   * Where the engine is on another machine, or maps users, or the runtime has a kernel of its own,
   * /proc shows nothing of a job that certainly runs.
   */
  async #lookAround(): Promise<void> {
    const lease = await this.#pool.acquire('attack', this.isolation, { kind: this.#kind });
    const limits = { ...defaultRunLimits, timeoutMs: lookAroundMs };
    let running = true;
    let seen = false;
    const run = lease.run({
      runtime: 'bash',
      script: Buffer.from('sleep 0.5; true'),
      stdin: Buffer.alloc(0),
      limits,
    });
    const ended = run.finally(() => {
      running = false;
      lease.release();
    });
    while (running && !seen) {
      seen = this.#engine.strangers().length > 0; // bash and its sleep, where one process may be
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#seesUsers = seen;
    if (!seen && tasksOf(this.#engine.idOf(lease.container)) === undefined) {
      this.blind =
        'the host shows neither the processes of a job that runs nor its control group, so the engine is not local';
    }
    await ended;
  }
}
