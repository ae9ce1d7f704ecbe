/** The sandboxes that no job holds: blank ones, and idle ones with the tenant that used them. */
import type { PooledSandbox } from './lease.ts';

interface Idle {
  readonly sandbox: PooledSandbox;
  readonly tenant: string;
  readonly since: number;
}

export interface Expired {
  /** Above the age limit before their first job. */
  readonly worn: readonly PooledSandbox[];
  /** Unused for too long, or above the age limit. */
  readonly unused: readonly PooledSandbox[];
}

export class FreeSandboxes {
  readonly #blank: PooledSandbox[] = [];
  #idle: Idle[] = [];

  get blank(): number {
    return this.#blank.length;
  }

  get idle(): number {
    return this.#idle.length;
  }

  all(): PooledSandbox[] {
    return [...this.#blank, ...this.#idle.map(({ sandbox }) => sandbox)];
  }

  addBlank(sandbox: PooledSandbox): void {
    this.#blank.push(sandbox);
  }

  addIdle(sandbox: PooledSandbox, tenant: string): void {
    this.#idle.push({ sandbox, tenant, since: performance.now() });
  }

  takeBlank(): PooledSandbox | undefined {
    return this.#blank.shift();
  }

  /** Takes the sandbox that the tenant used last. */
  takeIdleOf(tenant: string): PooledSandbox | undefined {
    const index = this.#idle.findLastIndex((idle) => idle.tenant === tenant);
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0]?.sandbox;
  }

  takeLongestIdle(): PooledSandbox | undefined {
    return this.#idle.shift()?.sandbox;
  }

  /** @returns whether the sandbox was among these. */
  take(sandbox: PooledSandbox): boolean {
    const blank = this.#blank.indexOf(sandbox);
    const idle = this.#idle.findIndex((one) => one.sandbox === sandbox);
    if (blank >= 0) this.#blank.splice(blank, 1);
    if (idle >= 0) this.#idle.splice(idle, 1);
    return blank >= 0 || idle >= 0;
  }

  takeAll(): PooledSandbox[] {
    return [...this.#blank.splice(0), ...this.#idle.splice(0).map(({ sandbox }) => sandbox)];
  }

  takeExpired({ idleMs, maxAgeMs }: { idleMs: number; maxAgeMs: number }): Expired {
    const now = performance.now();
    const isOld = (one: PooledSandbox) => now - one.createdAt > maxAgeMs;
    const worn = this.#blank.filter(isOld);
    const unused = this.#idle
      .filter(({ sandbox, since }) => now - since > idleMs || isOld(sandbox))
      .map(({ sandbox }) => sandbox);
    for (const sandbox of [...worn, ...unused]) this.take(sandbox);
    return { worn, unused };
  }
}
