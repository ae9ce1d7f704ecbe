/**
 * The last versions of hook sets in Redis, bounded as the states of hooks are: per tenant, the oldest
 * are removed first, and those that are a year old.
 */
import { versionBytesKey, versionsKey, versionTimesKey } from '../redis/keys.ts';
import { lastVersions } from '../server/memory-versions.ts';
import { fieldOf } from '../server/stored-hook-set.ts';
import {
  type HookSetKey,
  keptVersions,
  type ListedVersion,
  type StoredHookSet,
  storeLimits,
  type VersionStore,
} from '../server/stores.ts';
import { parseSet, writeTail } from './hook-set-snapshot.ts';
import type { RedisStoreOptions } from './options.ts';
import { ask } from './redis-errors.ts';
import { boundedPutScript } from './states.ts';

const lifeMs = 366 * 86_400_000;

/**
 * KEYS: versions. ARGV: fields. Returns of each what stands in front of its text, and the bytes of
 * the text; empty and 0 where it is not kept.
 */
const listScript = `
local found = {}
for _, field in ipairs(ARGV) do
  local value = redis.call('HGET', KEYS[1], field) or ''
  local facts = string.match(value, '^([^\\n]*)\\n') or ''
  found[#found + 1] = facts
  found[#found + 1] = #value - #facts - 1
end
return found`;

export class RedisVersions implements VersionStore {
  readonly #options: RedisStoreOptions;

  constructor(options: RedisStoreOptions) {
    this.#options = options;
  }

  async keep(set: StoredHookSet): Promise<void> {
    const { tenant, scope: _, name: __, version, etag, text, ...facts } = set;
    const field = fieldOf(set);
    await this.#put(tenant, `${field}\n${version}`, `${version} ${writeTail(etag, facts, text)}`);
    await this.#put(tenant, `${field}\n${version - keptVersions}`, '');
  }

  async list(key: HookSetKey, newest: number): Promise<readonly ListedVersion[]> {
    const { redis, queue } = this.#options;
    const field = fieldOf(key);
    const fields = lastVersions(newest).map((version) => `${field}\n${version}`);
    const versions = versionsKey(queue, key.tenant);
    const found = await ask(nameOf(key), redis.eval(listScript, 1, versions, ...fields));
    const flat = found as unknown[];
    return fields.flatMap((_, at) => {
      const set = parseSet(key.tenant, field, `${flat[2 * at]}\n`);
      if (set === undefined) return [];
      const { text: __, ...rest } = set;
      return [{ ...rest, bytes: Number(flat[2 * at + 1]) }];
    });
  }

  async get(key: HookSetKey, version: number): Promise<StoredHookSet | undefined> {
    const { redis, queue } = this.#options;
    const field = fieldOf(key);
    const versions = versionsKey(queue, key.tenant);
    const value = await ask(nameOf(key), redis.hget(versions, `${field}\n${version}`));
    return value === null ? undefined : parseSet(key.tenant, field, value);
  }

  async forget(key: HookSetKey, newest: number): Promise<void> {
    const field = fieldOf(key);
    for (const version of lastVersions(newest))
      await this.#put(key.tenant, `${field}\n${version}`, '');
  }

  async #put(tenant: string, field: string, value: string): Promise<void> {
    const { redis, queue, limits = storeLimits } = this.#options;
    const keys = [versionsKey, versionTimesKey, versionBytesKey].map((key) => key(queue, tenant));
    const values = [field, lifeMs, value, limits.versions, limits.versionBytes];
    await ask(
      `the versions of hook sets of the tenant ${tenant}`,
      redis.eval(boundedPutScript, keys.length, ...keys, ...values),
    );
  }
}

function nameOf({ tenant, name }: HookSetKey): string {
  return `the versions of the hook set ${JSON.stringify(name)} of the tenant ${tenant}`;
}
