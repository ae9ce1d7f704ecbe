/**
 * Hook sets that several servers share. A tenant's sets are one hash in Redis, and each process
 * caches the snapshot that it read last: while the revision is the same, a read transfers only a
 * few bytes.
 */
import { randomUUID } from 'node:crypto';
import { UnavailableError } from '../errors.ts';
import { hookSetsKey } from '../redis/keys.ts';
import { BoundedMap } from '../server/bounded-map.ts';
import { fieldOf, inOrder, newEtag, resolved } from '../server/stored-hook-set.ts';
import {
  type Condition,
  type HookSetContent,
  type HookSetKey,
  type HookSetStore,
  type PutOutcome,
  type ResolvedHookSet,
  type StoredHookSet,
  storeLimits,
} from '../server/stores.ts';
import { CorruptLog } from './corrupt.ts';
import { deleteScript, putScript } from './hook-set-scripts.ts';
import {
  emptySnapshot,
  type HookSetSnapshot,
  parseSnapshot,
  readScript,
  writeTail,
} from './hook-set-snapshot.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask, withTimeout } from './redis-errors.ts';
import { SharedReads } from './shared-reads.ts';

const snapshotTenants = 1_000;
const snapshotBytes = 64 << 20;

export class RedisHookSets implements HookSetStore {
  readonly #options: RedisStoreOptions;
  /** Only of tenants that have sets. The least recently used snapshot is evicted first. */
  readonly #snapshots = new BoundedMap<HookSetSnapshot>(snapshotTenants, snapshotBytes);
  readonly #reads = new SharedReads((tenant) => this.#read(tenant));
  readonly #corrupt: CorruptLog;
  #warned = false;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
    this.#corrupt = new CorruptLog(options);
  }

  async get(key: HookSetKey): Promise<StoredHookSet | undefined> {
    const { sets, corrupt } = await this.#reads.ask(key.tenant);
    if (corrupt.has(fieldOf(key))) throw this.#corrupt.tell(nameOf(key.tenant, fieldOf(key)));
    return sets.get(fieldOf(key));
  }

  async list(tenant: string): Promise<readonly StoredHookSet[]> {
    return inOrder((await this.#reads.ask(tenant)).sets.values());
  }

  /**
   * While Redis is away, resolves from the cached snapshot: the queue is away too, so the hooks'
   * failMode decides. A set that is missing in the cache may have been stored since, so the error
   * of Redis is thrown instead of reporting it as absent.
   */
  async resolve(tenant: string, name: string, withinMs: number): Promise<ResolvedHookSet> {
    try {
      return this.#resolve(await withTimeout(this.#reads.ask(tenant), withinMs), tenant, name);
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      const known = this.#resolve(this.#snapshots.get(tenant) ?? emptySnapshot, tenant, name);
      if (known.set === undefined) throw error;
      if (!this.#warned)
        this.#options.warn(`Evaluations use the hook sets that were read last. ${error.message}`);
      this.#warned = true;
      return known;
    }
  }

  async put(key: HookSetKey, content: HookSetContent, condition: Condition): Promise<PutOutcome> {
    const { hookSets, hookSetBytes } = this.#options.limits ?? storeLimits;
    const { text, ...about } = content;
    const facts = { ...about, storedAt: new Date().toISOString() };
    const etag = newEtag(about.sha256);
    const answer = await this.#change(
      putScript,
      key,
      condition,
      writeTail(etag, facts, text),
      hookSets,
      hookSetBytes,
    );
    if (answer === 'sets') return { kind: 'full', limit: 'sets', most: hookSets };
    if (answer === 'bytes') return { kind: 'full', limit: 'bytes', most: hookSetBytes };
    if (answer === 'mismatch') return { kind: 'mismatch' };
    const version = Number(answer);
    return {
      kind: 'stored',
      stored: { ...key, ...facts, text, version, etag },
      created: version === 1,
    };
  }

  async delete(key: HookSetKey, condition: Condition): Promise<'deleted' | 'absent' | 'mismatch'> {
    const answer = await this.#change(deleteScript, key, condition);
    return answer as 'deleted' | 'absent' | 'mismatch';
  }

  #resolve({ sets, corrupt }: HookSetSnapshot, tenant: string, name: string): ResolvedHookSet {
    const named = fieldOf({ scope: 'named', name });
    if (corrupt.has(named)) throw this.#corrupt.tell(nameOf(tenant, named));
    const found = resolved(sets, name);
    const globals = [...corrupt].filter((field) =>
      field.startsWith(fieldOf({ scope: 'global', name: '' })),
    );
    return globals.length === 0
      ? found
      : { ...found, corruptGlobals: globals.map((field) => nameOf(tenant, field)) };
  }

  #change(
    script: string,
    key: HookSetKey,
    condition: Condition,
    ...change: readonly (string | number)[]
  ): Promise<unknown> {
    const { redis, queue } = this.#options;
    const { ifMatch, ifAbsent } = condition;
    const wanted = JSON.stringify({ ifMatch, ifAbsent });
    const target = hookSetsKey(queue, key.tenant);
    return ask(
      `the hook sets of the tenant ${key.tenant}`,
      redis.eval(script, 1, target, fieldOf(key), wanted, randomUUID(), ...change),
    );
  }

  async #read(tenant: string): Promise<HookSetSnapshot> {
    const { redis, queue } = this.#options;
    const known = this.#snapshots.get(tenant);
    const revision = known?.revision ?? emptySnapshot.revision;
    const read = redis.eval(readScript, 1, hookSetsKey(queue, tenant), revision);
    const changed = await ask(`the hook sets of the tenant ${tenant}`, read);
    const snapshot =
      known !== undefined && changed === null ? known : parseSnapshot(tenant, changed as string[]);
    for (const field of snapshot.corrupt) this.#corrupt.tell(nameOf(tenant, field));
    if (snapshot === emptySnapshot) this.#snapshots.delete(tenant);
    else this.#snapshots.set(tenant, snapshot, snapshot.bytes);
    this.#warned = false;
    return snapshot;
  }
}

function nameOf(tenant: string, field: string): string {
  return `the hook set ${JSON.stringify(field)} of the tenant ${tenant}`;
}
