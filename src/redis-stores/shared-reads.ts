/**
 * Runs one read per key at a time. Callers that come while one is running share the next one,
 * because the running one may have begun before a change that the caller knows of.
 */
export class SharedReads<T> {
  readonly #read: (key: string) => Promise<T>;
  readonly #running = new Map<string, Running<T>>();

  constructor(read: (key: string) => Promise<T>) {
    this.#read = read;
  }

  ask(key: string): Promise<T> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#begin(key);
    const begin = () => this.#begin(key);
    running.next ??= running.present.then(begin, begin);
    return running.next;
  }

  #begin(key: string): Promise<T> {
    const running: Running<T> = { present: this.#read(key), next: undefined };
    this.#running.set(key, running);
    const end = () => {
      if (running.next === undefined) this.#running.delete(key);
    };
    running.present.then(end, end);
    return running.present;
  }
}

interface Running<T> {
  readonly present: Promise<T>;
  next: Promise<T> | undefined;
}
