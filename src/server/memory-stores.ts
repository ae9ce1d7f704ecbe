/**
 * The stores of one process, in memory. All are bounded, per tenant and in sum. Full stores of hook
 * sets and threads refuse new entries; full stores of evaluations and counters evict those of the
 * tenant that has most.
 */
import { sha256 } from './audit-record.ts';
import { MemoryCounts } from './count-store.ts';
import { FairMap } from './fair-map.ts';
import { MemoryEvaluations } from './memory-evaluations.ts';
import { MemoryStates } from './memory-states.ts';
import { MemoryVersions } from './memory-versions.ts';
import { MemoryShadows } from './shadow-counts.ts';
import { fieldOf, inOrder, newEtag, resolved } from './stored-hook-set.ts';
import {
  type Condition,
  type CounterKey,
  type Counters,
  type HookSetContent,
  type HookSetKey,
  type HookSetStore,
  type PutOutcome,
  type ResolvedHookSet,
  type StoredHookSet,
  type StoreLimits,
  type Stores,
  type SwitchOutcome,
  storeLimits,
  type ThreadStore,
} from './stores.ts';

export function memoryStores(): Stores {
  return {
    hookSets: new MemoryHookSets(),
    versions: new MemoryVersions(),
    threads: new MemoryThreads(),
    evaluations: new MemoryEvaluations(),
    counters: new MemoryCounters(),
    states: new MemoryStates(),
    shadows: new MemoryShadows(),
    counts: new MemoryCounts(),
  };
}

/**
 * Limits of all tenants together as multiples of the limit of one tenant. They bound the memory of
 * the process.
 */
const tenantsInMemory = { hookSetBytes: 8, threads: 2, switches: 2 } as const;

export class MemoryHookSets implements HookSetStore {
  #bytes = 0;
  readonly #tenants = new Map<string, Map<string, StoredHookSet>>();
  readonly #limits: StoreLimits;

  constructor(limits = storeLimits) {
    this.#limits = limits;
  }

  async get(key: HookSetKey): Promise<StoredHookSet | undefined> {
    return this.#of(key.tenant).get(fieldOf(key));
  }

  async resolve(tenant: string, name: string): Promise<ResolvedHookSet> {
    return resolved(this.#of(tenant), name);
  }

  async put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome> {
    const sets = this.#of(key.tenant);
    const current = sets.get(fieldOf(key));
    if (!holds(condition, current)) return { kind: 'mismatch' };
    const { hookSets, hookSetBytes } = this.#limits;
    const others = [...sets.values()].filter((set) => set !== current);
    if (others.length >= hookSets) return { kind: 'full', limit: 'sets', most: hookSets };
    const bytes = others.reduce(
      (sum, { text }) => sum + Buffer.byteLength(text),
      Buffer.byteLength(content.text),
    );
    if (bytes > hookSetBytes) return { kind: 'full', limit: 'bytes', most: hookSetBytes };
    const added = Buffer.byteLength(content.text) - bytesOf(current);
    const mostOfAll = hookSetBytes * tenantsInMemory.hookSetBytes;
    if (this.#bytes + added > mostOfAll)
      return { kind: 'full', limit: 'all-bytes', most: mostOfAll };
    this.#bytes += added;
    const version = (current?.version ?? 0) + 1;
    const storedAt = new Date().toISOString();
    const stored: StoredHookSet = {
      ...key,
      ...content,
      version,
      etag: newEtag(content.sha256),
      storedAt,
    };
    this.#tenants.set(key.tenant, sets.set(fieldOf(key), stored));
    return { kind: 'stored', stored, created: current === undefined };
  }

  async delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'> {
    const sets = this.#of(key.tenant);
    const current = sets.get(fieldOf(key));
    if (current === undefined) return condition.ifMatch === undefined ? 'absent' : 'mismatch';
    if (!holds(condition, current)) return 'mismatch';
    sets.delete(fieldOf(key));
    this.#bytes -= bytesOf(current);
    if (sets.size === 0) this.#tenants.delete(key.tenant);
    return 'deleted';
  }

  async list(tenant: string): Promise<readonly StoredHookSet[]> {
    return inOrder(this.#of(tenant).values());
  }

  #of(tenant: string): Map<string, StoredHookSet> {
    return this.#tenants.get(tenant) ?? new Map();
  }
}

/**
 * The switches of a tenant: its threads, each by the hash of its name, and how many switches they
 * have together.
 */
interface TenantThreads {
  readonly threads: Map<string, Set<string>>;
  switches: number;
}

export class MemoryThreads implements ThreadStore {
  readonly #tenants = new Map<string, TenantThreads>();
  #threads = 0;
  #switches = 0;
  readonly #limits: StoreLimits;

  constructor(limits = storeLimits) {
    this.#limits = limits;
  }

  async active(tenant: string, thread: string): Promise<readonly string[]> {
    return [...(this.#tenants.get(tenant)?.threads.get(sha256(thread)) ?? [])];
  }

  async switchOn(tenant: string, thread: string, hook: string): Promise<SwitchOutcome> {
    const own = this.#tenants.get(tenant) ?? { threads: new Map(), switches: 0 };
    const key = sha256(thread);
    const hooks = own.threads.get(key) ?? new Set();
    if (hooks.has(hook)) return 'on';
    const full = this.#full(own, hooks.size);
    if (full !== undefined) return full;
    if (hooks.size === 0) this.#threads++;
    this.#switches++;
    own.switches++;
    own.threads.set(key, hooks.add(hook));
    this.#tenants.set(tenant, own);
    return 'on';
  }

  async switchOff(tenant: string, thread: string, hook: string): Promise<void> {
    const own = this.#tenants.get(tenant);
    const hooks = own?.threads.get(sha256(thread));
    if (own === undefined || hooks?.delete(hook) !== true) return;
    own.switches--;
    this.#switches--;
    if (hooks.size > 0) return;
    this.#threads--;
    own.threads.delete(sha256(thread));
    if (own.threads.size === 0) this.#tenants.delete(tenant);
  }

  #full(own: TenantThreads, hooksOfThread: number): SwitchOutcome | undefined {
    const { threads, switches, hooksPerThread } = this.#limits;
    const isNew = hooksOfThread === 0;
    if (hooksOfThread >= hooksPerThread || own.switches >= switches) return 'full';
    if (isNew && own.threads.size >= threads) return 'full';
    const allThreads = threads * tenantsInMemory.threads;
    const allFull =
      this.#switches >= switches * tenantsInMemory.switches ||
      (isNew && this.#threads >= allThreads);
    return allFull ? 'all-full' : undefined;
  }
}

export class MemoryCounters implements Counters {
  readonly #counts: FairMap<number>;

  constructor(limits = storeLimits) {
    this.#counts = new FairMap(limits.counters, Infinity);
  }

  async get(key: CounterKey): Promise<number> {
    return this.#counts.get(key.tenant, counterName(key)) ?? 0;
  }

  async add(key: CounterKey): Promise<number> {
    const count = (this.#counts.get(key.tenant, counterName(key)) ?? 0) + 1;
    this.#counts.set(key.tenant, counterName(key), count, 0);
    return count;
  }

  async clear(key: CounterKey): Promise<void> {
    this.#counts.delete(key.tenant, counterName(key));
  }
}

/** The key of a counter, of fixed length however long the session's name is. */
function counterName({ session, name }: CounterKey): string {
  return sha256(JSON.stringify([session, name]));
}

function bytesOf(set: StoredHookSet | undefined): number {
  return set === undefined ? 0 : Buffer.byteLength(set.text);
}

function holds({ ifMatch, ifAbsent }: Condition, current: StoredHookSet | undefined): boolean {
  if (ifAbsent === true && current !== undefined) return false;
  if (ifMatch === undefined) return true;
  return current !== undefined && (ifMatch.includes('*') || ifMatch.includes(current.etag));
}
