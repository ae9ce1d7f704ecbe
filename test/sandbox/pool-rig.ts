/** A pool of sandboxes that only record. */
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Isolation } from '../../src/protocol/run.ts';
import type { SandboxKind } from '../../src/protocol/sandbox-kind.ts';
import { Pool } from '../../src/sandbox/pool.ts';
import type { PoolEvent } from '../../src/sandbox/pool-events.ts';
import type { PoolOptions } from '../../src/sandbox/pool-options.ts';
import { FakeSandbox } from '../support/fake-sandbox.ts';

export class PoolRig {
  made: FakeSandbox[] = [];
  events: PoolEvent[] = [];
  pool!: Pool;

  open(options: Partial<PoolOptions> = {}): Pool {
    this.pool = new Pool({
      warm: 0,
      max: 4,
      observe: (event) => void this.events.push(event),
      create: async () => {
        const sandbox = new FakeSandbox();
        this.made.push(sandbox);
        return sandbox;
      },
      ...options,
    });
    return this.pool;
  }

  async runOnce(
    tenant: string,
    isolation: Isolation = 'tenant',
    kind?: SandboxKind,
  ): Promise<void> {
    const lease = await this.pool.acquire(tenant, isolation, { kind });
    await lease.run({} as never);
    lease.release();
    await vi.advanceTimersByTimeAsync(0);
  }

  /** Why sandboxes were destroyed, in order. */
  destroyed() {
    return this.events.flatMap((event) => (event.type === 'destroyed' ? event.reason : []));
  }
}

/** A rig for each test, under fake timers. After the test nothing of its pool is left. */
export function usePoolRig(): PoolRig {
  const rig = new PoolRig();
  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'],
    });
    rig.made = [];
    rig.events = [];
  });
  afterEach(async () => {
    await rig.pool.drain();
    expect(rig.pool.stats()).toEqual({ blank: 0, idle: 0, leased: 0, creating: 0, waiting: 0 });
    expect(rig.made.every((sandbox) => sandbox.state === 'gone')).toBe(true);
    vi.useRealTimers();
  });
  return rig;
}
