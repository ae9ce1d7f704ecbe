/**
 * Removals that a closing pool waits for. A failure is ignored: it shows in the next call to the
 * engine.
 */
export class EndingWork {
  readonly #running = new Set<Promise<unknown>>();

  add(work: Promise<unknown>): void {
    const ending = work.catch(() => undefined);
    this.#running.add(ending);
    void ending.then(() => this.#running.delete(ending));
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }
}
