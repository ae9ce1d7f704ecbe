/** The stores of servers, in memory or in a Redis of the test, and test data for them. */

import { connect, type RedisClient, untilReady } from '../../src/redis/connection.ts';
import { redisStores } from '../../src/redis-stores/redis-stores.ts';
import type { AuditRecord } from '../../src/server/audit-record.ts';
import { sha256 } from '../../src/server/audit-record.ts';
import { MemoryCounts } from '../../src/server/count-store.ts';
import { MemoryEvaluations } from '../../src/server/memory-evaluations.ts';
import { MemoryStates } from '../../src/server/memory-states.ts';
import { MemoryCounters, MemoryHookSets, MemoryThreads } from '../../src/server/memory-stores.ts';
import { MemoryVersions } from '../../src/server/memory-versions.ts';
import { MemoryShadows } from '../../src/server/shadow-counts.ts';
import {
  type HookSetKey,
  type PutOutcome,
  type StoredEvaluation,
  type StoredHookSet,
  type StoreLimits,
  type Stores,
  storeLimits,
} from '../../src/server/stores.ts';
import type { TestRedis } from './redis.ts';

function memoryStoresOf(limits: Partial<StoreLimits> = {}): Stores {
  const all = { ...storeLimits, ...limits };
  return {
    hookSets: new MemoryHookSets(all),
    versions: new MemoryVersions(all),
    threads: new MemoryThreads(all),
    evaluations: new MemoryEvaluations(all),
    counters: new MemoryCounters(all),
    states: new MemoryStates(all),
    shadows: new MemoryShadows(all),
    counts: new MemoryCounts(),
  };
}

export interface StoresOfOneServer extends Stores {
  readonly warnings: readonly string[];
}

/** Servers on one Redis, each with a separate connection, like separate processes. */
export class StoreRig {
  readonly redis: TestRedis;
  readonly #clients: RedisClient[] = [];

  constructor(redis: TestRedis) {
    this.redis = redis;
  }

  async server(limits: Partial<StoreLimits> = {}, queue = 'hooks'): Promise<StoresOfOneServer> {
    const client = connect(this.redis.settings, 'producer', () => undefined);
    this.#clients.push(client);
    await untilReady(client, 5_000);
    const warnings: string[] = [];
    const stores = redisStores({
      redis: client,
      queue,
      warn: (text) => void warnings.push(text),
      limits: { ...storeLimits, ...limits },
    });
    return { ...stores, warnings };
  }

  /** Deletes all data and closes the servers. */
  async clear(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.disconnect();
    await this.redis.use((client) => client.flushall());
  }
}

export const setKey = (name: string, more: Partial<HookSetKey> = {}): HookSetKey => ({
  tenant: 'a',
  scope: 'named',
  name,
  ...more,
});

export const setContent = (text = '{"hooks":{}}') => ({
  text,
  sha256: sha256(text),
  contentType: 'application/json',
  format: 'hookpool',
  dialect: 'azure',
  hookCount: 0,
});

/** The hook set that a put has stored. */
export function storedBy(outcome: PutOutcome): StoredHookSet {
  if (outcome.kind !== 'stored') throw new Error(`it was not stored: ${outcome.kind}`);
  return outcome.stored;
}

export function evaluation(
  id: string,
  more: Partial<StoredEvaluation> = {},
  tenant = 'a',
): StoredEvaluation {
  const decision = {
    v: 1,
    event: 'Stop',
    dialect: 'azure',
    decision: 'none',
    results: [],
  } as unknown as StoredEvaluation['decision'];
  const about = { v: 1, id, tenant, dialect: 'azure', event: 'Stop', decision: 'none' } as const;
  const parts = { hooks: [], skipped: [], durationMs: 1, at: new Date().toISOString() };
  const record = { ...about, ...parts } as unknown as AuditRecord;
  return { record, requestSha256: 'x', decision, ...more };
}

export type OpenStores = (limits?: Partial<StoreLimits>) => Promise<Stores>;

/** The kinds of stores, by name, each with a function that opens them for one server. */
export const storeKinds = (rig: () => StoreRig): [string, OpenStores][] => [
  ['memory', async (limits) => memoryStoresOf(limits)],
  ['Redis', (limits) => rig().server(limits)],
];
