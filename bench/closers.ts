/** Collects close functions and calls all of them in reverse order, even if one fails. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** @throws the first failure, after all functions were called. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).toReversed())
      await close().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

/** Runs `action` and then closes its closers. */
export async function withClosers<T>(action: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = new Closers();
  try {
    return await action(closers);
  } finally {
    await closers.close();
  }
}
