/** Resets of sandboxes after their jobs, for the tenants that used them. */
import type { SandboxKind } from '../protocol/sandbox-kind.ts';
import { type Member, tenantKey } from './free-sandboxes.ts';
import type { DestroyReason } from './pool-events.ts';
import type { PoolOptions } from './pool-options.ts';

export type ResetOptions = Required<Pick<PoolOptions, 'maxJobs' | 'maxAgeMs'>> &
  Pick<PoolOptions, 'observe'>;

export class Resets {
  readonly #options: ResetOptions;
  /** tenantKey() of the sandboxes that are being reset, one entry each. */
  readonly #running: string[] = [];

  constructor(options: ResetOptions) {
    this.#options = options;
  }

  /** Resolves with the reason why the sandbox takes no further job; undefined when it may. */
  async whyNotAgain(member: Member, tenant: string): Promise<DestroyReason | undefined> {
    const key = tenantKey(tenant, member.kind);
    this.#running.push(key);
    const reason = await this.#reset(member);
    this.#running.splice(this.#running.indexOf(key), 1);
    return reason;
  }

  /**
   * Returns a function that promises a running reset to a waiter, each reset once, and tells
   * whether one was left.
   */
  claims(): (tenant: string, kind: SandboxKind) => boolean {
    const left = [...this.#running];
    return (tenant, kind) => {
      const index = left.indexOf(tenantKey(tenant, kind));
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    };
  }

  async #reset({ sandbox, kind }: Member): Promise<DestroyReason | undefined> {
    const { observe, maxJobs, maxAgeMs } = this.#options;
    const started = performance.now();
    if (!(await sandbox.ready())) return 'not-clean';
    observe?.({ type: 'reset', kind, durationMs: performance.now() - started });
    const worn = sandbox.jobs >= maxJobs || performance.now() - sandbox.createdAt > maxAgeMs;
    return worn ? 'worn-out' : undefined;
  }
}
