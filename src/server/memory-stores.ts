/** The stores of one process. All are bounded; what is full refuses, only evaluations are forgotten. */
import { sha256 } from './audit-record.ts';
import { BoundedMap } from './bounded-map.ts';
import { fieldOf, inOrder, newEtag, resolved } from './stored-hook-set.ts';
import {
  type Condition,
  type CounterKey,
  type Counters,
  type EvaluationStore,
  type HookSetContent,
  type HookSetKey,
  type HookSetStore,
  type PutOutcome,
  type ResolvedHookSet,
  type StoredEvaluation,
  type StoredHookSet,
  type StoreLimits,
  type Stores,
  storeLimits,
  type ThreadStore,
} from './stores.ts';

export function memoryStores(): Stores {
  return {
    hookSets: new MemoryHookSets(),
    threads: new MemoryThreads(),
    evaluations: new MemoryEvaluations(),
    counters: new MemoryCounters(),
  };
}

export class MemoryHookSets implements HookSetStore {
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
    const bytes = others.reduce((sum, { text }) => sum + Buffer.byteLength(text), Buffer.byteLength(content.text));
    if (bytes > hookSetBytes) return { kind: 'full', limit: 'bytes', most: hookSetBytes };
    const version = (current?.version ?? 0) + 1;
    const storedAt = new Date().toISOString();
    const stored: StoredHookSet = { ...key, ...content, version, etag: newEtag(content.sha256), storedAt };
    this.#tenants.set(key.tenant, sets.set(fieldOf(key), stored));
    return { kind: 'stored', stored, created: current === undefined };
  }

  async delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'> {
    const sets = this.#of(key.tenant);
    const current = sets.get(fieldOf(key));
    if (current === undefined) return condition.ifMatch === undefined ? 'absent' : 'mismatch';
    if (!holds(condition, current)) return 'mismatch';
    sets.delete(fieldOf(key));
    return 'deleted';
  }

  async list(tenant: string): Promise<readonly StoredHookSet[]> {
    return inOrder(this.#of(tenant).values());
  }

  #of(tenant: string): Map<string, StoredHookSet> {
    return this.#tenants.get(tenant) ?? new Map();
  }
}

export class MemoryThreads implements ThreadStore {
  readonly #threads = new Map<string, Set<string>>();
  readonly #limits: StoreLimits;

  constructor(limits = storeLimits) {
    this.#limits = limits;
  }

  async active(tenant: string, thread: string): Promise<readonly string[]> {
    return [...(this.#threads.get(threadKey(tenant, thread)) ?? [])];
  }

  async switchOn(tenant: string, thread: string, hook: string): Promise<'on' | 'full'> {
    const key = threadKey(tenant, thread);
    const hooks = this.#threads.get(key) ?? new Set();
    const newThread = hooks.size === 0;
    const full = newThread ? this.#threads.size >= this.#limits.threads : hooks.size >= this.#limits.hooksPerThread;
    if (full && !hooks.has(hook)) return 'full';
    this.#threads.set(key, hooks.add(hook));
    return 'on';
  }

  async switchOff(tenant: string, thread: string, hook: string): Promise<void> {
    const key = threadKey(tenant, thread);
    const hooks = this.#threads.get(key);
    hooks?.delete(hook);
    if (hooks?.size === 0) this.#threads.delete(key);
  }
}

export class MemoryEvaluations implements EvaluationStore {
  readonly #evaluations: BoundedMap<StoredEvaluation>;

  constructor(limits = storeLimits) {
    this.#evaluations = new BoundedMap(limits.evaluations, limits.evaluationBytes);
  }

  async get(tenant: string, id: string): Promise<StoredEvaluation | undefined> {
    return this.#evaluations.get(`${tenant}\n${id}`);
  }

  async put(evaluation: StoredEvaluation): Promise<void> {
    const { tenant, id } = evaluation.record;
    this.#evaluations.set(`${tenant}\n${id}`, evaluation, JSON.stringify(evaluation).length);
  }
}

export class MemoryCounters implements Counters {
  readonly #counts: BoundedMap<number>;

  constructor(limits = storeLimits) {
    this.#counts = new BoundedMap(limits.counters, Infinity);
  }

  async get(key: CounterKey): Promise<number> {
    return this.#counts.get(counterName(key)) ?? 0;
  }

  async add(key: CounterKey): Promise<number> {
    const name = counterName(key);
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count, 0);
    return count;
  }

  async clear(key: CounterKey): Promise<void> {
    this.#counts.delete(counterName(key));
  }
}

/** Of one length, however long a session's name is. */
function counterName({ tenant, session, name }: CounterKey): string {
  return sha256(JSON.stringify([tenant, session, name]));
}

function holds({ ifMatch, ifAbsent }: Condition, current: StoredHookSet | undefined): boolean {
  if (ifAbsent === true && current !== undefined) return false;
  if (ifMatch === undefined) return true;
  return current !== undefined && (ifMatch.includes('*') || ifMatch.includes(current.etag));
}

function threadKey(tenant: string, thread: string): string {
  return `${tenant}\n${thread}`;
}
