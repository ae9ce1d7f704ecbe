/**
 * A map that evicts its oldest entries when there are too many or they have too many bytes; the
 * newest one stays.
 */
export class BoundedMap<T> {
  /** The entries in insertion order: the first is the oldest. */
  readonly #entries = new Map<string, { readonly value: T; readonly bytes: number }>();
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key)?.value;
  }

  /** @param bytes the approximate size of the value. */
  set(key: string, value: T, bytes: number): void {
    this.delete(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (
        oldest === key ||
        (this.#bytes <= this.#maxBytes && this.#entries.size <= this.#maxEntries)
      )
        break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}
