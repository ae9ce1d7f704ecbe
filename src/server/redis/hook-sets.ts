/**
 * Hook sets that several servers share. A tenant's sets are one hash in Redis, and each process keeps
 * the last one that it read: while the revision is the same, a read is a few bytes there and back.
 */
import { randomUUID } from 'node:crypto';
import { UnavailableError } from '../../errors.ts';
import { hookSetsKey } from '../../queue/keys.ts';
import { BoundedMap } from '../bounded-map.ts';
import { fieldOf, inOrder, newEtag, resolved } from '../stored-hook-set.ts';
import {
  type Condition,
  type HookSetContent,
  type HookSetKey,
  type HookSetStore,
  type PutOutcome,
  type ResolvedHookSet,
  type StoredHookSet,
  storeLimits,
} from '../stores.ts';
import { ask, inTime } from './ask.ts';
import { deleteScript, putScript } from './hook-set-scripts.ts';
import { emptySnapshot, type HookSetSnapshot, parseSnapshot, readScript, writeTail } from './hook-set-snapshot.ts';
import type { RedisStoreOptions } from './options.ts';
import { SharedReads } from './shared-reads.ts';

const snapshotTenants = 1_000;
const snapshotBytes = 64 << 20;

export class RedisHookSets implements HookSetStore {
  readonly #options: RedisStoreOptions;
  /** Only of tenants that have sets. The least recently used goes first. */
  readonly #snapshots = new BoundedMap<HookSetSnapshot>(snapshotTenants, snapshotBytes);
  readonly #reads = new SharedReads((tenant) => this.#read(tenant));
  #warned = false;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async get(key: HookSetKey): Promise<StoredHookSet | undefined> {
    return (await this.#reads.ask(key.tenant)).sets.get(fieldOf(key));
  }

  async list(tenant: string): Promise<readonly StoredHookSet[]> {
    return inOrder((await this.#reads.ask(tenant)).sets.values());
  }

  /**
   * While Redis is away, by what was read last: the queue is away too, so the failMode of the hooks
   * speaks. A set that was not there then may be there now, so it is not said to be absent.
   */
  async resolve(tenant: string, name: string, withinMs: number): Promise<ResolvedHookSet> {
    try {
      return resolved((await inTime(this.#reads.ask(tenant), withinMs)).sets, name);
    } catch (error) {
      const known = resolved((this.#snapshots.get(tenant) ?? emptySnapshot).sets, name);
      if (!(error instanceof UnavailableError) || known.set === undefined) throw error;
      if (!this.#warned) this.#options.warn(`Evaluations use the hook sets that were read last. ${error.message}`);
      this.#warned = true;
      return known;
    }
  }

  async put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome> {
    const { hookSets, hookSetBytes } = this.#options.limits ?? storeLimits;
    const { text, ...about } = content;
    const facts = { ...about, storedAt: new Date().toISOString() };
    const etag = newEtag(about.sha256);
    const answer = await this.#change(putScript, key, condition, writeTail(etag, facts, text), hookSets, hookSetBytes);
    if (answer === 'sets') return { kind: 'full', limit: 'sets', most: hookSets };
    if (answer === 'bytes') return { kind: 'full', limit: 'bytes', most: hookSetBytes };
    if (answer === 'mismatch') return { kind: 'mismatch' };
    const version = Number(answer);
    return { kind: 'stored', stored: { ...key, ...facts, text, version, etag }, created: version === 1 };
  }

  async delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'> {
    const answer = await this.#change(deleteScript, key, condition);
    return answer as 'deleted' | 'absent' | 'mismatch';
  }

  #change(script: string, key: HookSetKey, condition: Condition, ...change: readonly (string | number)[]): Promise<unknown> {
    const { redis, queue } = this.#options;
    const { ifMatch, ifAbsent } = condition;
    const wanted = JSON.stringify({ ifMatch, ifAbsent });
    const target = hookSetsKey(queue, key.tenant);
    return ask(redis.eval(script, 1, target, fieldOf(key), wanted, randomUUID(), ...change));
  }

  async #read(tenant: string): Promise<HookSetSnapshot> {
    const { redis, queue } = this.#options;
    const known = this.#snapshots.get(tenant);
    const changed = await ask(redis.eval(readScript, 1, hookSetsKey(queue, tenant), known?.revision ?? emptySnapshot.revision));
    const snapshot = known !== undefined && changed === null ? known : parseSnapshot(tenant, changed as string[]);
    if (snapshot.sets.size === 0) this.#snapshots.delete(tenant);
    else this.#snapshots.set(tenant, snapshot, snapshot.bytes);
    this.#warned = false;
    return snapshot;
  }
}
