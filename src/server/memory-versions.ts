/** Versions of hook sets of one process, in memory. */
import { FairMap } from './fair-map.ts';
import { fieldOf } from './stored-hook-set.ts';
import {
  type HookSetKey,
  keptVersions,
  type ListedVersion,
  type StoredHookSet,
  storeLimits,
  type VersionStore,
} from './stores.ts';

export class MemoryVersions implements VersionStore {
  readonly #versions: FairMap<StoredHookSet>;

  constructor(limits = storeLimits) {
    this.#versions = new FairMap(limits.versions, limits.versionBytes);
  }

  async keep(set: StoredHookSet): Promise<void> {
    const { tenant, version, text } = set;
    this.#versions.set(tenant, nameOf(set, version), set, Buffer.byteLength(text));
    this.#versions.delete(tenant, nameOf(set, version - keptVersions));
  }

  async list(key: HookSetKey, newest: number): Promise<readonly ListedVersion[]> {
    return lastVersions(newest).flatMap((version) => {
      const found = this.#versions.get(key.tenant, nameOf(key, version));
      if (found === undefined) return [];
      const { text, ...rest } = found;
      return [{ ...rest, bytes: Buffer.byteLength(text) }];
    });
  }

  async get(key: HookSetKey, version: number): Promise<StoredHookSet | undefined> {
    return this.#versions.get(key.tenant, nameOf(key, version));
  }

  async forget(key: HookSetKey, newest: number): Promise<void> {
    for (const version of lastVersions(newest))
      this.#versions.delete(key.tenant, nameOf(key, version));
  }
}

/** The numbers of the versions that may be kept, the newest first. */
export function lastVersions(newest: number): number[] {
  return Array.from({ length: Math.min(keptVersions, newest) }, (_, at) => newest - at);
}

function nameOf(key: Pick<HookSetKey, 'scope' | 'name'>, version: number): string {
  return `${fieldOf(key)}\n${version}`;
}
