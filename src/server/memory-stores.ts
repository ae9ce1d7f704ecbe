/** The stores of one process. All are bounded; what is full refuses, only evaluations are forgotten. */
import { randomBytes } from 'node:crypto';
import { sha256 } from './audit-record.ts';
import type {
  Condition,
  EvaluationStore,
  HookSetContent,
  HookSetKey,
  HookSetStore,
  PutOutcome,
  Scope,
  StoredEvaluation,
  StoredHookSet,
  ThreadStore,
} from './stores.ts';

const defaultSetsPerTenant = 1_000;
const defaultThreads = 100_000;
const hooksPerThread = 100;
const defaultEvaluations = 10_000;
const defaultEvaluationBytes = 64 << 20;

export class MemoryHookSets implements HookSetStore {
  readonly #sets = new Map<string, StoredHookSet>();
  readonly #limit: number;
  /** Part of every tag, so that tags of an earlier process or a deleted set do not come back. */
  readonly #nonce = randomBytes(4).toString('hex');
  #puts = 0;

  constructor(setsPerTenant = defaultSetsPerTenant) {
    this.#limit = setsPerTenant;
  }

  async get(key: HookSetKey): Promise<StoredHookSet | undefined> {
    return this.#sets.get(setKey(key));
  }

  async put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome> {
    const current = this.#sets.get(setKey(key));
    if (!holds(condition, current)) return { kind: 'mismatch' };
    const count = [...this.#sets.values()].filter((set) => set.tenant === key.tenant).length;
    if (current === undefined && count >= this.#limit) return { kind: 'full', limit: this.#limit };
    const hash = sha256(content.text).slice(0, 12);
    const stored: StoredHookSet = {
      ...key,
      ...content,
      version: (current?.version ?? 0) + 1,
      etag: `"${hash}-${this.#nonce}${++this.#puts}"`,
      storedAt: new Date().toISOString(),
    };
    this.#sets.set(setKey(key), stored);
    return { kind: 'stored', stored, created: current === undefined };
  }

  async delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'> {
    const current = this.#sets.get(setKey(key));
    if (current === undefined) return condition.ifMatch === undefined ? 'absent' : 'mismatch';
    if (!holds(condition, current)) return 'mismatch';
    this.#sets.delete(setKey(key));
    return 'deleted';
  }

  async list(tenant: string, scope: Scope): Promise<readonly StoredHookSet[]> {
    const own = [...this.#sets.values()].filter((set) => set.tenant === tenant && set.scope === scope);
    return own.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  }
}

export class MemoryThreads implements ThreadStore {
  readonly #threads = new Map<string, Set<string>>();
  readonly #limit: number;

  constructor(threads = defaultThreads) {
    this.#limit = threads;
  }

  async active(tenant: string, thread: string): Promise<readonly string[]> {
    return [...(this.#threads.get(threadKey(tenant, thread)) ?? [])];
  }

  async switchOn(tenant: string, thread: string, hook: string): Promise<'on' | 'full'> {
    const key = threadKey(tenant, thread);
    const hooks = this.#threads.get(key) ?? new Set();
    const newThread = hooks.size === 0;
    if ((newThread && this.#threads.size >= this.#limit) || (!hooks.has(hook) && hooks.size >= hooksPerThread)) return 'full';
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
  /** In the order in which they came: the first is the oldest. */
  readonly #evaluations = new Map<string, { readonly evaluation: StoredEvaluation; readonly bytes: number }>();
  readonly #limit: number;
  readonly #byteLimit: number;
  #bytes = 0;

  constructor(evaluations = defaultEvaluations, bytes = defaultEvaluationBytes) {
    this.#limit = evaluations;
    this.#byteLimit = bytes;
  }

  async get(tenant: string, id: string): Promise<StoredEvaluation | undefined> {
    return this.#evaluations.get(`${tenant}\n${id}`)?.evaluation;
  }

  async put(evaluation: StoredEvaluation): Promise<void> {
    const key = `${evaluation.record.tenant}\n${evaluation.record.id}`;
    this.#forget(key);
    const bytes = JSON.stringify(evaluation).length;
    this.#evaluations.set(key, { evaluation, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#evaluations.keys()) {
      if (this.#evaluations.size <= this.#limit && this.#bytes <= this.#byteLimit) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    this.#bytes -= this.#evaluations.get(key)?.bytes ?? 0;
    this.#evaluations.delete(key);
  }
}

function holds({ ifMatch, ifAbsent }: Condition, current: StoredHookSet | undefined): boolean {
  if (ifAbsent === true && current !== undefined) return false;
  if (ifMatch === undefined) return true;
  return current !== undefined && (ifMatch.includes('*') || ifMatch.includes(current.etag));
}

function setKey({ tenant, scope, name }: HookSetKey): string {
  return `${tenant}\n${scope}\n${name}`;
}

function threadKey(tenant: string, thread: string): string {
  return `${tenant}\n${thread}`;
}
