/** A BullMQ that only records what it was asked. */

export interface Added {
  readonly id: string;
  readonly name: string;
  readonly priority: number;
  readonly keep: unknown;
  readonly telemetry: unknown;
}

/** What a queue was asked, and what it does. */
export class FakeBull {
  added: Added[] = [];
  removed: string[] = [];
  add = async (): Promise<void> => undefined;
  /** How many removals fail, since a worker holds the job. */
  held = 0;

  /** The class that takes the place of BullMQ's Queue. */
  queue() {
    const bull = this;
    return class {
      on() {}
      async close() {}
      async add(
        name: string,
        _: unknown,
        { jobId, priority, removeOnComplete: keep, telemetry }: Record<string, unknown>,
      ) {
        bull.added.push({ id: String(jobId), name, priority: Number(priority), keep, telemetry });
        await bull.add();
      }
      async remove(id: string) {
        bull.removed.push(id);
        return bull.held-- > 0 ? 0 : 1;
      }
    };
  }
}
