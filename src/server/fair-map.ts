/**
 * A bounded map that tenants share. When it is full, the oldest entry of the tenant that has most
 * is evicted: a flood of one tenant costs no other tenant an entry, and a tenant that is alone may
 * fill the map.
 */
interface Entry<T> {
  readonly value: T;
  readonly bytes: number;
}

class Shelf<T> {
  /** The entries in insertion order: the first is the oldest. */
  readonly entries = new Map<string, Entry<T>>();
  bytes = 0;
}

export class FairMap<T> {
  readonly #shelves = new Map<string, Shelf<T>>();
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #entries = 0;
  #bytes = 0;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get(tenant: string, key: string): T | undefined {
    return this.#shelves.get(tenant)?.entries.get(key)?.value;
  }

  /** The values of a tenant, the oldest first. */
  values(tenant: string): T[] {
    return [...(this.#shelves.get(tenant)?.entries.values() ?? [])].map(({ value }) => value);
  }

  /**
   * @param bytes the approximate size of the value.
   * @returns false when the entry was not kept: it alone has more than half of the bytes, and other
   * tenants have
   *   entries.
   */
  set(tenant: string, key: string, value: T, bytes: number): boolean {
    this.delete(tenant, key);
    const shelf = this.#shelves.get(tenant) ?? new Shelf<T>();
    if (bytes > this.#maxBytes / 2 && this.#entries > shelf.entries.size) return false;
    this.#shelves.set(tenant, shelf);
    shelf.entries.set(key, { value, bytes });
    this.#count(shelf, 1, bytes);
    while (
      this.#entries > 1 &&
      (this.#entries > this.#maxEntries || this.#bytes > this.#maxBytes)
    ) {
      const loser = this.#largest(tenant, shelf);
      const [oldest = key] = this.#shelves.get(loser)?.entries.keys() ?? [];
      this.delete(loser, oldest);
    }
    return true;
  }

  delete(tenant: string, key: string): void {
    const shelf = this.#shelves.get(tenant);
    const entry = shelf?.entries.get(key);
    if (shelf === undefined || entry === undefined) return;
    shelf.entries.delete(key);
    this.#count(shelf, -1, -entry.bytes);
    if (shelf.entries.size === 0) this.#shelves.delete(tenant);
  }

  /**
   * The tenant that has most of what exceeds its limit, entries or bytes. Among equals it is the
   * tenant that adds an entry, provided that it has older ones.
   */
  #largest(asking: string, own: Shelf<T>): string {
    const tooMany = this.#entries > this.#maxEntries;
    const weight = (shelf: Shelf<T>) => (tooMany ? shelf.entries.size : shelf.bytes);
    let largest = asking;
    let most = own.entries.size > 1 ? weight(own) : 0;
    for (const [tenant, shelf] of this.#shelves) {
      if (tenant === asking || weight(shelf) <= most) continue;
      most = weight(shelf);
      largest = tenant;
    }
    return largest;
  }

  #count(shelf: Shelf<T>, entries: number, bytes: number): void {
    shelf.bytes += bytes;
    this.#entries += entries;
    this.#bytes += bytes;
  }
}
