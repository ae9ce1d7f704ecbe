/** Tells an operator that a collector does not take what it is sent: at most once a minute. */

const repeatMs = 60_000;

/** How an export ended, as the packages of OpenTelemetry tell it; 0: the collector has taken all. */
interface ExportEnd {
  readonly code: number;
  readonly error?: Error;
}

interface Exporter<T> {
  export(items: T[], done: (end: ExportEnd) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

export class LossReport {
  readonly #onError: (error: Error) => void;
  readonly #lost = new Map<string, { count: number; toldAt: number }>();

  constructor(onError: (error: Error) => void) {
    this.#onError = onError;
  }

  /** The exporter, with its failures counted. @param what `spans` */
  watch<T>(what: string, exporter: Exporter<T>): Required<Exporter<T>> {
    return {
      export: (items, done) =>
        exporter.export(items, (end) => {
          if (end.code !== 0) this.#add(what, items.length, end.error);
          done(end);
        }),
      shutdown: () => exporter.shutdown(),
      forceFlush: async () => exporter.forceFlush?.(),
    };
  }

  #add(what: string, count: number, error: Error | undefined): void {
    const { count: before, toldAt } = this.#lost.get(what) ?? { count: 0, toldAt: -repeatMs };
    const all = before + count;
    const now = performance.now();
    if (now - toldAt < repeatMs) {
      this.#lost.set(what, { count: all, toldAt });
      return;
    }
    this.#lost.set(what, { count: 0, toldAt: now });
    const why = (error?.message ?? 'no answer').slice(0, 200);
    this.#onError(new Error(`The collector did not take ${all} ${what}: ${why}`));
  }
}
