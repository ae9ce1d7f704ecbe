/** What was opened, and how it is closed again: in reverse, all of it, whatever fails. */
export class Closers {
  readonly #closers: (() => Promise<unknown>)[] = [];

  add(close: () => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /** @throws the first failure, when all were called. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.splice(0).toReversed()) await close().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}

/** Runs `action` with closers that are closed afterwards. */
export async function withClosers<T>(action: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = new Closers();
  try {
    return await action(closers);
  } finally {
    await closers.close();
  }
}
